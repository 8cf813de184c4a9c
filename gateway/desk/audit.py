"""The audit log, for leads."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from casework.audit import AuditEntry, audit_entries
from gateway.desk import pages
from gateway.desk.sign_in import require_seat
from gateway.web.running import gateway_of

PAGE = 100


async def show(request: Request) -> Response:
    """GET /desk/audit?before=ID: a page of the audit log."""
    seat = await require_seat(request, lead=True)
    gateway = gateway_of(request)
    asked = request.query_params.get("before", "")
    before = int(asked) if asked.isdigit() and len(asked) < 16 else None

    def read() -> list[AuditEntry]:
        with gateway.database.read() as session:
            return audit_entries(session, before=before, limit=PAGE)

    entries = await gateway.in_thread(read)
    older = entries[-1].id if len(entries) == PAGE else None
    return await pages.page(request, "desk/audit.html", seat, entries=entries, older=older)
