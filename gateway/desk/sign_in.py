"""Signing in to the desk: a session of its own, never a customer's, and revocable."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from casework.people.accounts import LIFETIME, agent_of, note_seen, seen_a_while_ago, sign_out
from casework.people.signing_in import sign_in
from gateway.desk.pages import page
from gateway.web.running import Gateway, address_of, gateway_of, now
from gateway.web.security import check_csrf, csrf_token, is_https

WRONG = "That login and password do not belong together. Please try again."
TOO_MANY = "Too many sign-ins went wrong here. Please try again in {wait}."


@dataclass(frozen=True)
class Seat:
    """Who is at the desk: the account, and the token every change must carry."""

    agent_id: int
    login: str
    name: str
    role: str
    csrf: str
    token: str

    @property
    def actor(self) -> str:
        """How logs name this agent."""
        return f"agent:{self.login}"

    @property
    def is_lead(self) -> bool:
        """Whether this is a lead."""
        return self.role == "lead"


class SignInNeeded(HTTPException):
    """Nobody is signed in: a page sends to the sign-in, a script gets 401."""

    def __init__(self, request: Request) -> None:
        streams = "text/event-stream" in request.headers.get("accept", "")
        if streams or "hx-request" in request.headers or request.method != "GET":
            super().__init__(401, "You are signed out. Please reload the page and sign in.")
            return
        where = urlencode({"next": request.url.path})
        super().__init__(303, "Please sign in.", {"location": f"/desk/sign-in?{where}"})


async def require_seat(request: Request, *, lead: bool = False, by_itself: bool = False) -> Seat:
    """Who asks; SignInNeeded where nobody is signed in, 403 where a lead is needed.

    What a page asks ``by_itself`` does not keep the session from falling idle.
    """
    seat = await find_seat(request, by_itself=by_itself)
    if seat is None:
        raise SignInNeeded(request)
    if lead and not seat.is_lead:
        raise HTTPException(403, "This page is for leads.")
    return seat


async def find_seat(request: Request, *, by_itself: bool = False) -> Seat | None:
    """Who is signed in in this browser, or None."""
    gateway = gateway_of(request)
    token = request.cookies.get(_cookie_name(gateway, request), "")
    if not token:
        return None

    def look_up() -> Seat | None:
        moment = now()
        with gateway.database.read() as session:
            agent = agent_of(session, token, moment)
            note = not by_itself and seen_a_while_ago(session, token, moment)
        if agent is None:
            return None
        if note:
            with gateway.database.begin() as session:
                note_seen(session, token, moment)
        csrf = csrf_token(gateway.csrf_key, token)
        return Seat(agent.id, agent.login, agent.name, agent.role, csrf, token)

    return await gateway.in_thread(look_up)


async def ask(request: Request) -> Response:
    """GET /desk/sign-in: the form; whoever is signed in goes on to the desk."""
    if await find_seat(request):
        return RedirectResponse(_next(request.query_params.get("next")), 303)
    return await page(
        request, "desk/sign_in.html", None, refused="", next=_next(request.query_params.get("next"))
    )


async def enter(request: Request) -> Response:
    """POST /desk/sign-in: `login`, `password`, `next`; the same answer for whatever was wrong.

    429 for an address or account with too many that went wrong; those that went well count not.
    """
    gateway = gateway_of(request)
    form = await request.form()
    login, password, after = (str(form.get(name) or "") for name in ("login", "password", "next"))
    keys = {"sign-in-address": address_of(request), "sign-in-account": login.strip().lower()[:40]}
    async with gateway.signing_in:
        wait = max(gateway.limits.seconds_left(name, key) for name, key in keys.items())
        if wait:
            return await _refused(request, 429, TOO_MANY.format(wait=_span(wait)), after, wait)
        found = await gateway.in_thread(
            lambda: sign_in(gateway.database, login[:80], password[:200], now())
        )
        if found is None:
            for name, key in keys.items():
                gateway.limits.count(name, key)
            return await _refused(request, 403, WRONG, after)
    response = RedirectResponse(_next(after), 303)
    _set_cookie(gateway, request, response, found[1])
    return response


async def leave(request: Request) -> Response:
    """POST /desk/sign-out: the session ends everywhere."""
    seat = await require_seat(request)
    gateway = gateway_of(request)
    form = await request.form()
    check_csrf(request, seat.csrf, form.get("csrf"))

    def end() -> None:
        with gateway.database.begin() as session:
            sign_out(session, seat.token, now())

    await gateway.in_thread(end)
    response = RedirectResponse("/desk/sign-in", 303)
    _set_cookie(gateway, request, response, "")
    return response


async def _refused(request: Request, status: int, why: str, after: str, wait: int = 0) -> Response:
    answer = await page(
        request, "desk/sign_in.html", None, status=status, refused=why, next=_next(after)
    )
    if wait:
        answer.headers["retry-after"] = str(wait)
    return answer


def _span(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return f"{seconds} seconds" if seconds < 60 else f"{minutes} minute{'s' * (minutes > 1)}"


def _next(path: str | None) -> str:
    """The desk page to go on to; never another site's."""
    own = path is not None and (path == "/desk" or path.startswith("/desk/"))
    return str(path) if own and path != "/desk/sign-in" else "/desk"


def _cookie_name(gateway: Gateway, request: Request) -> str:
    return "__Host-desk" if is_https(request, gateway.settings) else "desk"


def _set_cookie(gateway: Gateway, request: Request, response: Response, token: str) -> None:
    age = int(LIFETIME.total_seconds()) if token else 0
    secure = "; Secure" if is_https(request, gateway.settings) else ""
    name = _cookie_name(gateway, request)
    response.headers.append(
        "set-cookie",
        f"{name}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{secure}",
    )
