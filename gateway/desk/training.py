"""Misunderstood sentences: an agent says with one key what was meant; leads take them away.

Every change is a form and an answer that leads on, so that it works with keys, mouse and no script.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from casework.errors import CaseworkError
from casework.people.audit import note_act
from casework.training.export import FILE_NAME, learned
from casework.training.unclear import (
    NOT_USABLE,
    AlreadyLabeledError,
    Unclear,
    count_to_label,
    label,
    take_back,
    to_label,
)
from gateway.desk import pages
from gateway.desk.guide import TOPICS_OF, guide
from gateway.desk.sign_in import Seat, require_seat
from gateway.web.running import Gateway, gateway_of, now
from gateway.web.security import check_csrf

SHOWN = 50
WHY = {
    "not_understood": "not understood",
    "low_confidence": "guessed, not sure",
    "corrected": "corrected by the customer",
}


async def show(request: Request) -> Response:
    """GET /desk/training?at=ID: the list, that sentence (else the first) open to be labeled.

    With `topic`, the topics of a policy question are the choices; `done` is what was labeled last.
    """
    seat = await require_seat(request)
    gateway = gateway_of(request)
    asked = request.query_params
    wanted, done = _number(asked.get("at")), _number(asked.get("done"))
    context = await gateway.in_thread(lambda: _context(gateway, wanted, done, seat))
    return await pages.page(
        request, "desk/training.html", seat, by_topic=bool(asked.get("topic")), **context
    )


def _context(gateway: Gateway, wanted: int, done: int, seat: Seat) -> dict[str, Any]:
    with gateway.database.read() as session:
        rows = to_label(session, SHOWN)
        in_all = count_to_label(session)
        last: Unclear | None = session.get(Unclear, done) if done else None
    at = next((place for place, row in enumerate(rows) if row.id == wanted), 0)
    open_row = rows[at] if rows else None
    mine = last is not None and last.label is not None and last.labeled_by == seat.login
    return {
        "rows": rows,
        "in_all": in_all,
        "open": open_row,
        "before": rows[at - 1].id if at else None,
        "following": _following(rows, at),
        "guide": guide(),
        "guessed": guide().rule(open_row.guessed) if open_row else None,
        "why": WHY,
        "not_usable": NOT_USABLE,
        "topics_of": TOPICS_OF,
        "last": last if mine else None,
    }


def _following(rows: Sequence[Unclear], at: int) -> int | None:
    return rows[at + 1].id if at + 1 < len(rows) else None


async def say(request: Request) -> Response:
    """POST /desk/training/{id}: `intent`, what was meant; empty takes one's own answer back.

    `next` is the sentence to go on with. 409 where somebody else chose another intent, 422 for
    what is no intent.
    """
    seat = await require_seat(request)
    gateway = gateway_of(request)
    form = await request.form()
    check_csrf(request, seat.csrf, form.get("csrf"))
    sentence, meant = int(request.path_params["id"]), str(form.get("intent") or "")
    if meant and meant != NOT_USABLE and meant not in guide().labels:
        raise HTTPException(422, "That is not an intent of the guide.")
    try:
        await gateway.in_thread(lambda: _keep(gateway, sentence, meant, seat))
    except AlreadyLabeledError as wrong:
        raise HTTPException(409, f"{wrong} Please reload the page.") from wrong
    except CaseworkError as wrong:
        raise HTTPException(404, str(wrong)) from wrong
    place = {"at": _number(form.get("next")), "done": sentence} if meant else {"at": sentence}
    return RedirectResponse(f"/desk/training?{urlencode(place)}", 303)


def _keep(gateway: Gateway, sentence: int, meant: str, seat: Seat) -> None:
    with gateway.database.begin() as session:
        if meant:
            changed = label(session, sentence, meant, by=seat.login, now=now())
        else:
            changed = take_back(session, sentence, by=seat.login)
        if changed:
            note_act(
                session, actor=seat.actor, act="sentence_labeled" if meant else "label_taken_back",
                subject=f"sentence {sentence}", data={"label": meant or None}, now=now(),
            )  # fmt: skip


async def download(request: Request) -> Response:
    """GET /desk/training/learned.yml: the labeled sentences as a training file, for leads."""
    await require_seat(request, lead=True)
    gateway = gateway_of(request)

    def read() -> str:
        with gateway.database.read() as session:
            return learned(session).content

    content = await gateway.in_thread(read)
    headers = {"content-disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(content, media_type="application/yaml; charset=utf-8", headers=headers)


def _number(given: object) -> int:
    asked = given if isinstance(given, str) else ""
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
