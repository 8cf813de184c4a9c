"""The API: as its description says, and its acts are the desk's own."""

from datetime import timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from casework.cases.acts import perform
from casework.cases.case import find_case
from casework.conversations.conversation import messages_after
from casework.people.audit import audit_entries
from gateway.edges import api
from gateway.web.running import now
from tests.gateway.edges.system import DESCRIPTION, RESOLVER, System, case_of, opened, sample
from tests.gateway.site import Site


def test_every_route_is_described_and_nothing_else(erp: System) -> None:
    served = {
        (route.path, method.lower())
        for route in api.ROUTES
        for method in (route.methods or set()) - {"HEAD"}
    }
    described = {
        (path, method)
        for path, item in DESCRIPTION["paths"].items()
        for method in item
        if method != "parameters"
    }
    assert served == described
    shown = erp.client.get("/api/v1/openapi.json")
    assert shown.json() == DESCRIPTION


def test_the_description_itself_is_sound() -> None:
    for name, schema in DESCRIPTION["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        for example in [schema["example"]] if "example" in schema else []:
            Draft202012Validator(schema, resolver=RESOLVER).validate(example), name
    asked = DESCRIPTION["paths"]["/api/v1/cases/{number}/acts"]["post"]["requestBody"]["content"]
    body = asked["application/json"]
    for example in body["examples"].values():
        Draft202012Validator(body["schema"], resolver=RESOLVER).validate(example["value"])
    ids = [item[one]["operationId"] for item in DESCRIPTION["paths"].values()
           for one in item if one != "parameters"]  # fmt: skip
    assert len(ids) == len(set(ids))


def test_every_sample_case_answers_as_described(erp: System) -> None:
    for case in erp.get("/cases")["cases"]:
        path = f"/cases/{case['number']}"
        full = erp.get(path)
        assert {name: full[name] for name in case} == case
        assert full["explanation"]
        assert full["lines"]
        owed = erp.get(f"{path}/obligations")["obligations"]
        assert case["next_due"] is None or case["next_due"] in owed
        assert erp.get(f"{path}/log")["entries"][0]["kind"] == "opened"
        for act in erp.get(f"{path}/acts")["acts"]:
            if not act["fields"]:
                assert erp.act(case["number"], act["name"], dry_run=True).status_code == 200


def test_an_act_is_the_desks_own(api_site: Site, erp: System, number: str) -> None:
    data = {"seller_decision": "accept", "fee_percent": "20"}
    other = opened(api_site, "remorse")
    with api_site.database.begin() as session:
        case = find_case(session, other)
        assert case
        perform(session, case, "decide", data,
                actor=f"system:{erp.name}", role="agent", now=now(), key=other)  # fmt: skip
    seen = erp.act(number, "decide", dry_run=True, **data).json()
    assert case_of(api_site, number).log[-1].kind == "opened"
    done = erp.act(number, "decide", **data).json()
    assert done["told"] == seen["told"]
    assert done["case"]["decision"]["amounts"]["refund_max"] == "151.20"
    mine, theirs = case_of(api_site, number), case_of(api_site, other)
    assert [(one.kind, one.data, one.actor) for one in mine.log[1:]] == [
        (one.kind, one.data, one.actor) for one in theirs.log[1:]
    ]
    with api_site.database.read() as session:
        said, plain = (
            messages_after(session, one.conversation_id, "customer")[-1] for one in (mine, theirs)
        )
        assert (said.text, (said.payload or {})["card"]) == tuple(done["told"].values())
        assert (said.author, said.audience) == (plain.author, plain.audience)
        assert said.text.replace(number, "") == plain.text.replace(other, "")
        noted = audit_entries(session)[0]
    assert (noted.actor, noted.act, noted.subject) == (f"system:{erp.name}", "decide", number)


def test_the_customers_page_is_woken(
    api_site: Site, erp: System, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    monkeypatch.setattr(api_site.gateway.wakeups, "wake", woken.append)
    erp.act(number, "decide", dry_run=True, seller_decision="accept", fee_percent="0")
    assert woken == []
    erp.act(number, "decide", seller_decision="accept", fee_percent="0")
    assert woken == [case_of(api_site, number).conversation_id]


def test_the_same_key_answers_the_same_and_does_nothing(
    api_site: Site, erp: System, number: str
) -> None:
    data = {"seller_decision": "reject", "reason": "It was used."}
    first = erp.act(number, "decide", "a-key-of-mine", **data)
    logged = len(case_of(api_site, number).log)
    for _ in range(2):
        again = erp.act(number, "decide", "a-key-of-mine", **data)
        assert (again.status_code, again.json()) == (200, first.json())
    other = erp.act(number, "decide", "a-key-of-mine", **{**data, "reason": "Other"})
    assert other.status_code == 409
    assert "something else" in other.json()["error"]
    case = case_of(api_site, number)
    assert len(case.log) == logged
    with api_site.database.read() as session:
        assert len(messages_after(session, case.conversation_id, "customer")) == 1
        assert [one.subject for one in audit_entries(session)].count(number) == 1
    elsewhere = erp.act(opened(api_site, "remorse"), "decide", "a-key-of-mine", **data)
    assert elsewhere.is_success


@pytest.mark.parametrize(
    ("act", "data", "status", "why"),
    [
        ("close", {"reason": "No."}, 409, "“"),
        ("record_label", {"label": "x"}, 409, "The policy does not allow this now (“"),
        ("record_refund", {"amount": "5", "reason": "x", "goodwill": "yes"}, 409, "Only a lead"),
        ("explode", {}, 409, "not an act"),
        ("decide", {"seller_decision": "accept"}, 422, "0 keeps nothing"),
        ("decide", {"seller_decision": "maybe"}, 422, "not a choice"),
        ("decide", {}, 422, "fill this in"),
        ("decide", {"seller_decision": "reject"}, 422, "customer reads it"),
        ("decide", {"seller_decision": "reject", "color": "red"}, 422, "color"),
    ],
)
def test_a_refused_act_says_why_and_changes_nothing(
    api_site: Site, erp: System, number: str, act: str, data: dict[str, str], status: int, why: str
) -> None:
    for dry_run in (True, False):
        answer = erp.act(number, act, dry_run=dry_run, **data)
        assert answer.status_code == status, answer.text
        assert why in answer.json()["error"]
    assert len(case_of(api_site, number).log) == 1


def test_pages_visit_each_case_once_though_new_ones_arrive(api_site: Site, erp: System) -> None:
    seen: list[str] = []
    before = [one["number"] for one in erp.get("/cases", limit=100)["cases"]]
    query: dict[str, Any] = {"limit": 4}
    while True:
        found = erp.get("/cases", **query)
        seen += [one["number"] for one in found["cases"]]
        if len(seen) < 20:
            opened(api_site, "other")
        if found["next"] is None:
            break
        query["cursor"] = found["next"]
    assert len(seen) == len(set(seen))
    assert seen[: len(before)] == before
    assert len(seen) > len(before)


def test_a_log_is_paged_by_entry(api_site: Site, erp: System) -> None:
    path = f"/cases/{sample(api_site, '10507')}/log"
    whole = erp.get(path)["entries"]
    kinds = ["opened", "evidence_submitted", "evidence_judged", "label_sent", "return_in_transit"]
    assert [one["kind"] for one in whole] == kinds
    first = erp.get(path, limit=3)
    rest = erp.get(path, limit=3, cursor=first["next"])
    assert first["entries"] + rest["entries"] == whole
    assert rest["next"] is None


def test_filters_leave_what_they_say(api_site: Site, erp: System, number: str) -> None:
    order = case_of(api_site, number).order.number
    assert [one["number"] for one in erp.get("/cases", order=f"#{order}")["cases"]] == [number]
    assert erp.get("/cases", order=order, state="closed")["cases"] == []
    found = erp.get("/cases", situation="remorse", state="open", limit=100)["cases"]
    assert {one["situation"] for one in found} == {"remorse"}
    later = (now() + timedelta(minutes=1)).isoformat()
    assert erp.get("/cases", updated_after=later)["cases"] == []
