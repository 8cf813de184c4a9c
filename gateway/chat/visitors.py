"""The browser's session: an opaque cookie that opens one conversation."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from casework.conversations.web_sessions import LIFETIME, conversation_of, start_session
from gateway.delivery import posting
from gateway.web.networks import network_of
from gateway.web.running import Gateway, address_of, gateway_of, now
from gateway.web.security import csrf_token, is_https


@dataclass(frozen=True)
class Visitor:
    """Who is asking: the conversation, and the token every change must carry."""

    conversation_id: str
    token: str
    csrf: str


def cookie_name(gateway: Gateway, request: Request) -> str:
    """The cookie's name; over https the `__Host-` prefix ties it to this very host."""
    return "__Host-chat" if is_https(request, gateway.settings) else "chat"


async def find_visitor(request: Request) -> Visitor | None:
    """The visitor of this request, or None without a valid session."""
    gateway = gateway_of(request)
    token = request.cookies.get(cookie_name(gateway, request), "")
    if not token:
        return None

    def look_up() -> str | None:
        with gateway.database.read() as session:
            return conversation_of(session, token, now())

    conversation_id = await gateway.in_thread(look_up)
    if conversation_id is None:
        return None
    return Visitor(conversation_id, token, csrf_token(gateway.csrf_key, token))


async def require_visitor(request: Request) -> Visitor:
    """The visitor of this request; 401 without a valid session."""
    visitor = await find_visitor(request)
    if visitor is None:
        raise HTTPException(401, "This chat session has ended. Please reload the chat.")
    return visitor


async def new_visitor(request: Request) -> Visitor:
    """Begin a conversation for a browser that has none, with the first message."""
    gateway = gateway_of(request)
    network = network_of(address_of(request), gateway.csrf_key)

    def start() -> tuple[str, str]:
        with gateway.database.begin() as session:
            token, conversation_id = start_session(session, now(), network)
            posting.greet(session, conversation_id)
            return token, conversation_id

    token, conversation_id = await gateway.in_thread(start)
    return Visitor(conversation_id, token, csrf_token(gateway.csrf_key, token))


def set_cookie(response: Response, request: Request, visitor: Visitor | None) -> None:
    """Give the browser its session, or take it away (None).

    Over https the chat lives in other sites' pages: `SameSite=None; Secure; Partitioned`, so each
    shop's page has a chat of its own and nobody can follow a customer across sites. Over plain
    http (this machine) browsers allow only `Lax`, which serves any page of the same host name.
    """
    gateway = gateway_of(request)
    age = int(LIFETIME.total_seconds()) if visitor else 0
    flags = (
        "SameSite=None; Secure; Partitioned"
        if is_https(request, gateway.settings)
        else "SameSite=Lax"
    )
    value = visitor.token if visitor else ""
    name = cookie_name(gateway, request)
    response.headers.append(
        "set-cookie", f"{name}={value}; Path=/; Max-Age={age}; HttpOnly; {flags}"
    )
