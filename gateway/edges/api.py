"""The API for the shop's own systems, as ``openapi.yml`` describes it: cases read and acted on.

It reads and acts with the functions the desk uses; here is only what comes over the wire.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from casework.api.acts import ROLE, act_for_client
from casework.api.clients import ApiClient
from casework.cases import pages as case_pages
from casework.cases.acts import offered, preview
from casework.cases.case import Case, find_case, obligations_of
from casework.cases.file import case_file
from casework.cases.reading_place import where_customer_reads
from casework.errors import CaseworkError, FieldError
from casework.shop import day_of, policy_in_force
from gateway.edges.api_access import require_client
from gateway.edges.api_asked import AskedAct, asked_act, asked_cases, asked_page, cursor
from gateway.edges.api_json import (
    acts_json,
    case_json,
    entry_json,
    file_json,
    obligation_json,
    told_json,
)
from gateway.web.running import Gateway, gateway_of, now

Answer = Callable[[Session, Request], dict[str, Any]]


def _reading(answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that needs the scope read and changes nothing."""

    async def endpoint(request: Request) -> Response:
        await require_client(request, "read")
        gateway = gateway_of(request)

        def read() -> dict[str, Any]:
            with gateway.database.read() as session:
                return answer(session, request)

        return JSONResponse(await gateway.in_thread(read))

    return endpoint


def _cases(session: Session, request: Request) -> dict[str, Any]:
    wanted, after, limit = asked_cases(request)
    found, more = case_pages.page(session, wanted, after=after, limit=limit)
    policy, today = policy_in_force(), day_of(now())
    return {
        "cases": [case_json(case, policy, today) for case in found],
        "next": cursor(found[-1].id) if more else None,
    }


def _one_case(session: Session, request: Request) -> dict[str, Any]:
    case, policy = _wanted_case(session, request), policy_in_force()
    return file_json(case_file(session, case, policy, day_of(now())), policy)


def _obligations(session: Session, request: Request) -> dict[str, Any]:
    case = _wanted_case(session, request)
    found = obligations_of(case, policy_in_force(), day_of(now()))
    return {"obligations": [obligation_json(one) for one in found]}


def _log(session: Session, request: Request) -> dict[str, Any]:
    after, limit = asked_page(request)
    case = _wanted_case(session, request)
    found, more = case_pages.log_page(session, case, after=after, limit=limit)
    return {
        "entries": [entry_json(entry) for entry in found],
        "next": cursor(found[-1].id) if more else None,
    }


def _acts(session: Session, request: Request) -> dict[str, Any]:
    case = _wanted_case(session, request)
    acts = offered(case, role=ROLE, policy=policy_in_force(), today=day_of(now()))
    return {"acts": acts_json(acts)}


async def act(request: Request) -> Response:
    """POST /api/v1/cases/{number}/acts: do an act once for its key, or show it (``dry_run``).

    409 where the policy does not allow it now, 422 where a field is missing or wrong.
    """
    client = await require_client(request, "act")
    asked, gateway = await asked_act(request), gateway_of(request)
    do = _shown if asked.dry_run else _done
    try:
        answer, conversation = await gateway.in_thread(lambda: do(gateway, request, client, asked))
    except FieldError as unclear:
        raise HTTPException(422, str(unclear)) from unclear
    except CaseworkError as refused:
        raise HTTPException(409, str(refused)) from refused
    if conversation:
        gateway.wakeups.wake(conversation)
    return JSONResponse(answer)


def _shown(
    gateway: Gateway, request: Request, client: ApiClient, asked: AskedAct
) -> tuple[dict[str, Any], str]:
    moment = now()
    with gateway.database.read() as session:
        case = _wanted_case(session, request)
        told = preview(
            session, case, asked.act, asked.data, actor=client.actor, role=ROLE, now=moment
        )
        shown = case_json(case, policy_in_force(), day_of(moment))
        return {"told": told_json(told), "case": shown}, ""


def _done(
    gateway: Gateway, request: Request, client: ApiClient, asked: AskedAct
) -> tuple[dict[str, Any], str]:
    moment = now()
    with gateway.database.begin() as session:
        case = _wanted_case(session, request)
        told = act_for_client(
            session, case, client, asked.act, asked.data, key=asked.key, now=moment
        )
        done = case_json(case, policy_in_force(), day_of(moment))
        return {"told": told_json(told), "case": done}, where_customer_reads(session, case)


def _wanted_case(session: Session, request: Request) -> Case:
    case = find_case(session, request.path_params["number"])
    if case is None:
        raise HTTPException(404, "There is no such case.")
    return case


@lru_cache(maxsize=1)
def _description() -> dict[str, Any]:
    text = Path(__file__).with_name("openapi.yml").read_text(encoding="utf-8")
    description: dict[str, Any] = yaml.safe_load(text)
    return description


async def describe(request: Request) -> Response:
    """GET /api/v1/openapi.json: the description of this API, for anybody."""
    return JSONResponse(_description())


_CASE = "/api/v1/cases/{number}"
ROUTES = (
    Route("/api/v1/openapi.json", describe, methods=["GET"]),
    Route("/api/v1/cases", _reading(_cases), methods=["GET"]),
    Route(_CASE, _reading(_one_case), methods=["GET"]),
    Route(f"{_CASE}/obligations", _reading(_obligations), methods=["GET"]),
    Route(f"{_CASE}/log", _reading(_log), methods=["GET"]),
    Route(f"{_CASE}/acts", _reading(_acts), methods=["GET"]),
    Route(f"{_CASE}/acts", act, methods=["POST"]),
)
