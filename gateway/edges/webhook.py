"""Events of carriers and shop systems, signed by the Standard Webhooks specification."""

from __future__ import annotations

import json
import logging

from standardwebhooks import Webhook, WebhookVerificationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from casework.errors import CaseworkError
from casework.orders.events import LONGEST_ID, UnknownOrderError, apply_event
from gateway.web.running import gateway_of, now

logger = logging.getLogger(__name__)


async def receive(request: Request) -> Response:
    """POST /hooks/events: one event. 200 applied (or applied before), 401 for a wrong signature.

    404: no such order, or no secret is set here; 409: it contradicts what is known; 422: it is not
    an event.
    """
    gateway = gateway_of(request)
    secret = gateway.settings.webhook_secret
    if not secret:
        raise HTTPException(404, "Events are not taken here: IN_WEBHOOK_SECRET is not set.")
    body = await request.body()
    if not _signed(secret, body, request):
        return JSONResponse({"error": "the signature or its time stamp is wrong"}, 401)
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return JSONResponse({"error": "the body is not JSON"}, 422)
    if not isinstance(event, dict):
        return JSONResponse({"error": "the body is not an object"}, 422)
    event_id = request.headers["webhook-id"]
    if len(event_id) > LONGEST_ID:
        return JSONResponse({"error": f"webhook-id: longer than {LONGEST_ID} characters"}, 422)

    def apply() -> list[str]:
        with gateway.database.begin() as session:
            return apply_event(session, event, id=event_id, now=now())

    try:
        told = await gateway.in_thread(apply)
    except UnknownOrderError as unknown:
        return JSONResponse({"error": str(unknown)}, 404)
    except CaseworkError as wrong:
        logger.warning("event %s was refused", event_id)
        return JSONResponse({"error": str(wrong)}, 409)
    for conversation in told:
        gateway.wakeups.wake(conversation)
    return JSONResponse({"told": len(told)})


def _signed(secret: str, body: bytes, request: Request) -> bool:
    try:
        Webhook(secret).verify(body, dict(request.headers), json_parse=False)
    except (WebhookVerificationError, ValueError):  # ValueError: the header is no signature at all
        return False
    return True


ROUTES = (Route("/hooks/events", receive, methods=["POST"]),)
