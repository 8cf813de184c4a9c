"""The queue: what waits for a person; it changes by itself and keeps place and selection."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from casework.audit import note_act
from casework.in_words import listed
from casework.presence import looking_at
from casework.queue import PAGE, Filters, assign, count, page
from casework.queue_rows import QueueRow
from casework.shop import day_of
from gateway.desk import pages
from gateway.desk.sign_in import Seat, require_seat
from gateway.web.case_view import SITUATIONS, in_words
from gateway.web.running import Gateway, gateway_of, now
from gateway.web.security import check_csrf

VIEWS = {
    "waiting": "Waiting for us",
    "mine": "Mine",
    "unassigned": "Nobody's",
    "due": "Due and overdue",
    "all": "All open",
}
NEEDS = {
    "decide": "Decide",
    "judge_evidence": "Look at the evidence",
    "dispute": "Put it right",
    "correction": "Correct the details",
    "close": "Close",
    "record_incomplete": "Complete the record",
    "prepaid_label": "Send the prepaid label",
    "refund": "Pay the refund",
    "redelivery": "Send the order again",
    "replacement": "Send the replacement",
    "handoff": "A customer waits for a person",
    "live": "A person is in the chat",
}
CUSTOMERS_TURN = "Waits for the customer"


async def show(request: Request) -> Response:
    """GET /desk: the queue, filtered by `view`, `situation`, `needs` and `words`."""
    seat = await require_seat(request)
    gateway = gateway_of(request)
    context = await gateway.in_thread(lambda: _context(gateway, request, seat))
    return await pages.page(request, "desk/queue.html", seat, **context)


async def rows(request: Request) -> Response:
    """GET /desk/queue: the rows alone, for the page to bring itself up to date."""
    seat = await require_seat(request, by_itself=True)
    gateway = gateway_of(request)
    context = await gateway.in_thread(lambda: _context(gateway, request, seat))
    return HTMLResponse(gateway.templates.get_template("desk/queue_rows.html").render(**context))


async def take(request: Request) -> Response:
    """POST /desk/queue/{subject}/assignee: the row is mine; `from` who has it (empty: nobody).

    409 where somebody else was quicker, or nothing waits there any more. A conversation taken like
    this is still to be taken over: the customer hears nothing yet.
    """
    seat = await require_seat(request)
    gateway = gateway_of(request)
    form = await request.form()
    check_csrf(request, seat.csrf, form.get("csrf"))
    subject, had = request.path_params["subject"], str(form.get("from") or "") or None

    def change() -> bool:
        with gateway.database.begin() as session:
            done = assign(session, subject, seat.login, expected=had)
            if done:
                note_act(session, actor=seat.actor, act="case_taken", subject=subject, now=now())
            return done

    if not await gateway.in_thread(change):
        raise HTTPException(409, "Somebody else was quicker. The list shows who has it.")
    return Response(status_code=204)


def _context(gateway: Gateway, request: Request, seat: Seat) -> dict[str, Any]:
    asked, moment = request.query_params, now()
    view = asked.get("view", "waiting")
    filters = Filters(
        view if view in VIEWS else "waiting",
        **{name: asked.get(name, "") for name in ("situation", "words", "needs")},
    )
    shown = asked.get("shown", "")
    pages_shown = min(int(shown), 100) if shown.isdigit() and len(shown) < 4 else 1
    today = day_of(moment)
    with gateway.database.read() as session:
        found: list[QueueRow] = []
        for number in range(max(pages_shown, 1)):
            found += page(session, filters, login=seat.login, today=today, offset=number * PAGE)
        numbers = {
            name: count(session, Filters(name), login=seat.login, today=today) for name in VIEWS
        }
        in_all = count(session, filters, login=seat.login, today=today)
        looking = looking_at(session, [one.subject for one in found], moment, but=seat.login)
    return {
        "filters": filters,
        "views": VIEWS,
        "numbers": numbers,
        "situations": SITUATIONS,
        "needs": NEEDS,
        "rows": [
            _row(one, moment) | {"looking": listed(looking.get(one.subject, []))} for one in found
        ],
        "in_all": in_all,
        "next_shown": pages_shown + 1 if in_all > len(found) else None,
    }


def _row(row: QueueRow, moment: datetime) -> dict[str, Any]:
    today = day_of(moment)
    where = f"cases/{row.case_number}" if row.case_number else f"conversations/{row.subject}"
    late = row.due_on is not None and row.due_on < today
    return {
        "id": row.subject,
        "href": f"/desk/{where}",
        "needs": NEEDS.get(row.needs or "", CUSTOMERS_TURN),
        "about": SITUATIONS.get(row.situation or "", "a conversation"),
        "order": row.order_number,
        "case": row.case_number,
        "email": row.email,
        "since": row.waiting_since,
        "waited": _span((moment - row.waiting_since).total_seconds()),
        "due": in_words(row.due_on) if row.due_on else "",
        "late": late,
        "due_today": row.due_on == today,
        "assignee": row.assignee,
        "excerpt": row.words[-120:],
    }


def _span(seconds: float) -> str:
    minutes = max(int(seconds // 60), 0)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"
