"""A case on one screen: the question to decide at the top, and everything it takes below."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from casework.cases.acts import OfferedAct, offered
from casework.cases.case import Case, find_case, situation_of
from casework.cases.file import case_file
from casework.cases.needs import waits_for
from casework.cases.reading_place import where_customer_reads
from casework.evidence.evidence import Evidence
from casework.people.audit import note_act
from casework.queue.queue import assign
from casework.queue.rows import QueueRow
from casework.shop import day_of, policy_in_force
from gateway.desk import pages
from gateway.desk.sign_in import Seat, require_seat
from gateway.desk.talk import talk_context
from gateway.web.case_view import SITUATIONS, case_view
from gateway.web.files import hand_out
from gateway.web.running import Gateway, gateway_of, now
from gateway.web.security import check_csrf

# What an agent is to answer or do, by what the case needs of one (casework.cases.needs).
QUESTIONS = {
    "judge_evidence": "Does the evidence show what happened?",
    "decide": "Do we accept this request?",
    "correction": "Can the delivery details still be corrected?",
    "cancel_order": "Cancel the order in the shop's system.",
    "prepaid_label": "Send the prepaid return label.",
    "refund": "Pay the refund.",
    "redelivery": "Send the order again.",
    "replacement": "Send the replacement.",
    "dispute": "Put this right with the customer.",
    "record_incomplete": "Complete the order's record.",
    "close": "Settle this with the customer.",
}
# While it is the customer's turn: what may have come meanwhile, by the act that records it.
MEANWHILE = {"record_return_in_transit": "Is the return on its way to us?"}
CLOSED = "This case is closed."
NOTHING_TO_DO = "Nothing waits for us here."


async def show(request: Request) -> Response:
    """GET /desk/cases/{number}: the case; 404 for an unknown one."""
    seat = await require_seat(request)
    gateway = gateway_of(request)
    context = await gateway.in_thread(lambda: _context(gateway, request, seat))
    return await pages.page(request, "desk/case.html", seat, **context)


def _context(gateway: Gateway, request: Request, seat: Seat) -> dict[str, Any]:
    moment, policy = now(), policy_in_force()
    with gateway.database.read() as session:
        case = wanted_case(session, request)
        today = day_of(moment)
        file = case_file(session, case, policy, today)
        acts = offered(case, role=seat.role, policy=policy, today=today)
        decision = file.decision
        stands = situation_of(case, policy, today)
        row: QueueRow | None = session.get(QueueRow, case.number)
        return {
            "file": file,
            "view": case_view(case, moment),
            "acts": acts,
            "question": question(case, waits_for(stands), acts),
            "goodwill": any(entry.data.get("goodwill") for entry in case.log),
            "titles": {
                step["clause"]: policy.clause(step["clause"]).title for step in decision.explanation
            },
            "readings": [policy.interpretations[one] for one in decision.interpretations],
            "situations": SITUATIONS,
            "last_said": case.description,
            "assignee": row.assignee if row else None,
            **talk_context(session, where_customer_reads(session, case), seat, case.number),
        }


def question(case: Case, needs: str | None, acts: list[OfferedAct]) -> str:
    """What the agent is to decide first, as the heading of the page says it."""
    if case.state == "closed":
        return CLOSED
    if needs is not None:
        return QUESTIONS[needs]
    return MEANWHILE.get(acts[0].name, NOTHING_TO_DO) if acts else NOTHING_TO_DO


async def assign_case(request: Request) -> Response:
    """POST /desk/cases/{number}/assignee: `from` who has it (empty: nobody), `to` me or nobody.

    409 where somebody else was quicker.
    """
    seat = await require_seat(request)
    gateway = gateway_of(request)
    form = await request.form()
    check_csrf(request, seat.csrf, form.get("csrf"))
    had = str(form.get("from") or "") or None
    to = seat.login if form.get("to") == "me" else None

    def change() -> bool:
        with gateway.database.begin() as session:
            case = wanted_case(session, request)
            done = assign(session, case.number, to, expected=had)
            if done:
                act = "case_taken" if to else "case_given_up"
                note_act(session, actor=seat.actor, act=act, subject=case.number, now=now())
            return done

    if not await gateway.in_thread(change):
        raise HTTPException(409, "Somebody else was quicker. Please reload the page.")
    return RedirectResponse(f"/desk/cases/{request.path_params['number']}", 303)


def wanted_case(session: Session, request: Request) -> Case:
    """The case an address names; HTTPException 404 where there is none."""
    case = find_case(session, request.path_params["number"])
    if case is None:
        raise HTTPException(404, "There is no such case.")
    return case


async def evidence(request: Request) -> Response:
    """GET /desk/evidence/{id}: a picture as a picture; anything else only as a download."""
    await require_seat(request)
    gateway = gateway_of(request)

    def find() -> Evidence | None:
        with gateway.database.read() as session:
            found: Evidence | None = session.get(Evidence, request.path_params["id"])
            return found

    row = await gateway.in_thread(find)
    path = gateway.settings.uploads / row.file_name if row else None
    if row is None or path is None or not path.is_file():
        raise HTTPException(404, "This file is not there (any more).")
    return hand_out(path, row.media_type, f"evidence-{row.id}")
