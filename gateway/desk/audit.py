"""The audit log, for leads."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from casework.people.audit import AuditEntry, audit_entries, audited_acts
from gateway.desk import pages
from gateway.desk.sign_in import require_seat
from gateway.web.running import gateway_of

PAGE = 100
LONGEST = 255


async def show(request: Request) -> Response:
    """GET /desk/audit: a page of the log, by `who`, `act` and `subject`, and `before` an id."""
    seat = await require_seat(request, lead=True)
    gateway = gateway_of(request)
    filters = _filters(request)
    asked = request.query_params.get("before", "")
    before = int(asked) if asked.isdecimal() and len(asked) < 16 else None

    def read() -> tuple[list[AuditEntry], list[str]]:
        with gateway.database.read() as session:
            entries = audit_entries(session, **filters, before=before, limit=PAGE)
            return entries, audited_acts(session)

    entries, acts = await gateway.in_thread(read)
    older = {**filters, "before": entries[-1].id} if len(entries) == PAGE else None
    return await pages.page(
        request,
        "desk/audit.html",
        seat,
        entries=entries,
        acts=acts,
        filters=filters,
        older=urlencode(older) if older else "",
    )


def _filters(request: Request) -> dict[str, str]:
    """What was asked for, as the log writes it: logins in small letters, cases in capitals."""
    asked = {
        name: request.query_params.get(name, "").strip()[:LONGEST]
        for name in ("who", "act", "subject")
    }
    subject = asked["subject"]
    case = subject.upper().startswith("AOP-")
    return {**asked, "who": asked["who"].lower(), "subject": subject.upper() if case else subject}
