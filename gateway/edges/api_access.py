"""Who asks the API, and what they may: a bearer token, scopes, a pace."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request

from casework.api.clients import ApiClient, find_by_token, note_used, used_a_while_ago
from gateway.web.running import Gateway, address_of, gateway_of, now

_LONGEST = 100


async def require_client(request: Request, scope: str) -> ApiClient:
    """Return the client whose token the request bears.

    HTTPException 401 without a good token, 403 where its scopes lack ``scope``, 429 too often.
    """
    gateway = gateway_of(request)
    token = _token(request)
    client = await gateway.in_thread(lambda: _client(gateway, token)) if token else None
    if client is None:
        gateway.limits.check("api-refused", address_of(request))
        raise HTTPException(
            401,
            "A valid token is needed: 'Authorization: Bearer aop_…'.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"' if token else "Bearer"},
        )
    gateway.limits.check("api", str(client.id))
    if scope not in client.scopes:
        raise HTTPException(
            403,
            f"This token lacks the scope {scope!r}.",
            headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'},
        )
    return client


def _token(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip()
    return token if scheme.lower() == "bearer" and len(token) <= _LONGEST else ""


def _client(gateway: Gateway, token: str) -> ApiClient | None:
    moment = now()
    with gateway.database.read() as session:
        client = find_by_token(session, token)
    if client is not None and used_a_while_ago(client, moment):
        with gateway.database.begin() as session:
            note_used(session, client, moment)
    return client
