"""The queue: what waits for a person; it changes by itself and keeps place and selection."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from casework.cases.in_words import listed
from casework.conversations.presence import looking_at
from casework.people.audit import note_act
from casework.queue.queue import COUNTED, PAGE, Filters, Place, assign, count, page
from casework.queue.rows import QueueRow
from casework.shop import day_of
from gateway.desk import pages
from gateway.desk.sign_in import Seat, require_seat
from gateway.web.case_view import SITUATIONS, in_words
from gateway.web.running import Gateway, gateway_of, now
from gateway.web.security import check_csrf
from policy_core.dates import add_business_days

VIEWS = {
    "waiting": "Waiting for us",
    "mine": "Mine",
    "unassigned": "Nobody's",
    "due": "Due and overdue",
    "to_close": "To close",
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
    "cancel_order": "Cancel the order",
    "live": "A person is in the chat",
}
# So many pages stand below each other; after them the list begins anew where they end.
MOST_PAGES = 10
CUSTOMERS_TURN = "Waits for the customer"


async def show(request: Request) -> Response:
    """GET /desk: the queue, filtered by `view`, `situation`, `needs` and `words`.

    It shows so many pages (`shown`) from a place on (`after`, as a link before gave it).
    """
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
    after = Place.read(asked.get("after", ""))
    shown = asked.get("shown", "")
    pages_shown = int(shown) if shown.isdigit() and len(shown) < 4 else 1
    pages_shown = min(max(pages_shown, 1), MOST_PAGES)
    today, size = day_of(moment), pages_shown * PAGE
    mine: dict[str, Any] = {"login": seat.login, "today": today}
    with gateway.database.read() as session:
        found = page(session, filters, **mine, after=after, size=size + 1)
        numbers = {name: _number(count(session, Filters(name), **mine)) for name in VIEWS}
        whole = after is None and len(found) <= size
        in_all = len(found) if whole else count(session, filters, **mine)
        looking = looking_at(session, [one.subject for one in found], moment, but=seat.login)
    return {
        "filters": filters,
        "views": VIEWS,
        "numbers": numbers,
        "situations": SITUATIONS,
        "needs": NEEDS,
        "rows": [
            _row(one, moment) | {"looking": listed(looking.get(one.subject, []))}
            for one in found[:size]
        ],
        "in_all": _number(in_all),
        "after": after,
        "next": _next(after, pages_shown, found[size - 1]) if len(found) > size else None,
    }


def _number(found: int) -> str:
    return f"{found:,}" if found <= COUNTED else f"{COUNTED:,}+"


def _next(after: Place | None, pages_shown: int, last: QueueRow) -> dict[str, Any]:
    if pages_shown < MOST_PAGES:
        return {"shown": pages_shown + 1, "after": after or ""}
    return {"shown": 1, "after": Place.of(last)}


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
        "due_next": row.due_on == add_business_days(today, 1),
        "assignee": row.assignee,
        "excerpt": ((row.words if row.case_id else "") or row.said)[-120:],
    }


def _span(seconds: float) -> str:
    minutes = max(int(seconds // 60), 0)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"
