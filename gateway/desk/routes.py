"""The addresses of the desk."""

from __future__ import annotations

from starlette.routing import Route

from gateway.desk import (
    audit,
    canned,
    case_page,
    deciding,
    impact,
    keep,
    live,
    queue,
    reports,
    sign_in,
    talk,
    training,
    writing,
)

ROUTES = (
    Route("/desk", queue.show),
    Route("/desk/queue", queue.rows),
    Route("/desk/queue/{subject}/assignee", queue.take, methods=["POST"]),
    Route("/desk/sign-in", sign_in.ask, methods=["GET"]),
    Route("/desk/sign-in", sign_in.enter, methods=["POST"]),
    Route("/desk/sign-out", sign_in.leave, methods=["POST"]),
    Route("/desk/audit", audit.show),
    Route("/desk/impact", impact.ask, methods=["GET"]),
    Route("/desk/impact", impact.show, methods=["POST"], max_body_size=impact.MAX_BYTES),
    Route("/desk/reports", reports.show),
    Route("/desk/reports/{name}.csv", reports.download),
    Route("/desk/training", training.show),
    Route("/desk/training/learned.yml", training.download),
    Route("/desk/training/{id:int}", training.say, methods=["POST"]),
    Route("/desk/cases/{number}", case_page.show),
    Route("/desk/cases/{number}/assignee", case_page.assign_case, methods=["POST"]),
    Route("/desk/cases/{number}/preview", deciding.show_preview, methods=["POST"]),
    Route("/desk/cases/{number}/acts", deciding.do, methods=["POST"]),
    Route("/desk/evidence/{id:int}", case_page.evidence),
    Route("/desk/conversations/{id}", talk.show),
    Route("/desk/conversations/{id}/stream", live.stream),
    Route("/desk/conversations/{id}/typing", live.typing, methods=["POST"]),
    Route("/desk/conversations/{id}/replies", canned.replies),
    Route(
        "/desk/conversations/{id}/messages",
        writing.write,
        methods=["POST"],
        max_body_size=writing.BODY_LIMIT,
    ),
    Route("/desk/conversations/{id}/handling", talk.handle, methods=["POST"]),
    Route("/desk/conversations/{id}/keep", keep.ask, methods=["GET"]),
    Route(
        "/desk/conversations/{id}/keep",
        keep.keep,
        methods=["POST"],
        max_body_size=keep.MAX_BYTES,
    ),
    Route("/desk/conversations/{id}/pictures/{upload}", talk.picture),
)
