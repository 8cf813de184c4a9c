"""A page of the desk: its frame, who is signed in, and its headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from gateway.web.running import gateway_of
from gateway.web.security import page_policy

if TYPE_CHECKING:
    from gateway.desk.sign_in import Seat


async def page(
    request: Request, template: str, seat: Seat | None, *, status: int = 200, **context: Any
) -> HTMLResponse:
    """Render a template for whoever sits there (None: nobody is signed in yet)."""
    html = (
        gateway_of(request)
        .templates.get_template(template)
        .render(seat=seat, csrf=seat.csrf if seat else "", path=request.url.path, **context)
    )
    return HTMLResponse(html, status, {"content-security-policy": page_policy()})
