"""The addresses of the customers' chat."""

from __future__ import annotations

from starlette.routing import Route

from gateway.chat import case_summary, page, sample_shop, uploads
from gateway.chat.stream import stream, typing

ROUTES = (
    Route("/", sample_shop.sample_page),
    Route("/embed.js", sample_shop.embed_script),
    Route("/chat", page.page),
    Route("/chat/messages", page.send, methods=["POST"]),
    Route("/chat/stream", stream),
    Route("/chat/typing", typing, methods=["POST"]),
    Route("/chat/uploads", uploads.add, methods=["POST"], max_body_size=uploads.BODY_LIMIT),
    Route("/chat/uploads/{id}", uploads.show, methods=["GET"]),
    Route("/chat/uploads/{id}", uploads.remove, methods=["DELETE"]),
    Route("/chat/transcript", page.transcript),
    Route("/chat/case/{number}", case_summary.summary),
    Route("/chat/end", page.end, methods=["POST"]),
)
