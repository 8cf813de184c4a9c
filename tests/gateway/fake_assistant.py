"""An assistant that answers the channel's protocol by a few fixed lines, for tests of the web."""

import asyncio

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

CARD = {
    "case_number": "AOP-R-6C3K-9HWX",
    "title": "You get a full refund of $189.00",
    "status": "Our team checks your pictures",
    "lines": [
        {"label": "Order", "value": "10482"},
        {"label": "Item", "value": "1 × Mesh desk chair"},
        {"label": "Money", "value": "$189.00"},
        {"label": "Next", "value": "Prepaid return label by March 18, 2026"},
        {"label": "Evidence", "value": "Received, waiting for a person to look at it"},
    ],
    "clauses": [
        {
            "id": "damaged-goods",
            "title": "Damaged goods",
            "summary": "With convincing evidence of the damage, we refund you.",
        }
    ],
    "contact": {"phone": "1-213-737-9983", "email": None},
}
ASK = {
    "situation": "damaged",
    "tips": [
        "the whole item",
        "the damage from close by",
        "the box with its label, if you still have it",
    ],
}


class FakeAssistant:
    """Remembers what it heard; `behave` decides what happens: ok, down, slow, broken, silent."""

    def __init__(self, token: str = "") -> None:
        self.token = token
        self.heard: list[dict[str, object]] = []
        self.answers: dict[str, list[dict[str, object]]] = {}
        self.behave = "ok"
        self.app = Starlette(
            routes=[
                Route("/webhooks/gateway/", self.health),
                Route("/webhooks/gateway/webhook", self.webhook, methods=["POST"]),
            ]
        )

    async def health(self, request: Request) -> Response:
        if not self._knows(request):
            return JSONResponse({"ready": False}, 401)
        return JSONResponse({"ready": True}, 503 if self.behave == "down" else 200)

    def _knows(self, request: Request) -> bool:
        return request.headers.get("authorization", "") == f"Bearer {self.token}"

    async def webhook(self, request: Request) -> Response:
        if not self._knows(request):
            return JSONResponse({"error": "token"}, 401)
        body = await request.json()
        if self.behave == "down":
            return JSONResponse({"error": "starting"}, 503)
        if self.behave == "broken":
            return JSONResponse({"error": "broken"}, 500)
        while self.behave == "slow":
            await asyncio.sleep(0.01)
        known = self.answers.get(body["message_id"])
        if known is None:
            self.heard.append(body)
            known = [] if self.behave == "silent" else reply_to(body["text"])
            self.answers[body["message_id"]] = known
        return JSONResponse({"messages": known, "milliseconds": 1.5})


def reply_to(text: str) -> list[dict[str, object]]:
    said = text.casefold()
    if "damaged" in said:
        return [
            {"text": "I'm sorry about that. What is your order number?\nYou find it in our e-mail."}
        ]
    if said.isdigit():
        ask = "Thanks. Please add pictures of the damage."
        later = [{"title": "I'll send them later"}]
        return [{"text": ask, "custom": {"ask_evidence": ASK}, "buttons": later}]
    if "pictures" in said or "later" in said:
        return [{"text": "Thank you. Here is where your case stands."}, {"custom": {"card": CARD}}]
    if "return" in said:
        buttons = [{"title": "Yes, go ahead"}, {"title": "No"}]
        return [{"text": "Shall I open a return for you?", "buttons": buttons}]
    return [{"text": f"You said: {text}"}]
