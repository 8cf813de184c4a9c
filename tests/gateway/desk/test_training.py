"""Misunderstood sentences at the desk: one key says what was meant, and the next one is there."""

import re

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete, select

from casework.people.audit import audit_entries
from casework.shop import day_of
from casework.training.unclear import NOT_USABLE, Unclear, note
from gateway.desk.guide import KEYS, TOPICS_OF, guide
from gateway.settings import PROJECT
from gateway.web.running import now
from tests.gateway.desk.agent import DeskAgent
from tests.gateway.desk.windows import sign_in
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor
from tests.gateway.watched import follow, violations, watched

SAID = ("my 55123 went poof", "the chair sings", "the lamp <b>hums</b>")
KEY_OF = {one.rule.label: one.key for one in (*guide().intents, *guide().topics)}


@pytest.fixture
def sentences(site: Site) -> list[int]:
    """Three sentences, the first one the most frequent; their numbers."""
    with site.database.begin() as session:
        session.execute(delete(Unclear))
        for place, text in enumerate(SAID):
            for _ in range(len(SAID) - place):
                note(
                    session, text=text, guessed="ask_order_status", confidence=0.41,
                    why="low_confidence", today=day_of(now()),
                )  # fmt: skip
        return list(session.scalars(select(Unclear.id).order_by(Unclear.id)))


def labels(site: Site) -> list[str | None]:
    with site.database.read() as session:
        return list(session.scalars(select(Unclear.label).order_by(Unclear.id)))


def say(agent: DeskAgent, sentence: int, intent: str) -> int:
    return agent.post(f"/desk/training/{sentence}", intent=intent).status_code


def test_the_guide_has_a_rule_and_a_key_for_every_label() -> None:
    domain = yaml.safe_load((PROJECT / "domain.yml").read_text("utf-8"))
    named = [one if isinstance(one, str) else next(iter(one)) for one in domain["intents"]]
    by_others = {"nlu_fallback", "several_matters", "handed_back"}
    assert {one.rule.label.split("/")[0] for one in guide().intents} == set(named) - by_others
    learned = {
        label
        for file in (PROJECT / "data" / "nlu").glob("*.yml")
        for label in re.findall(r"- intent: (\S+)", file.read_text("utf-8"))
    }
    assert guide().labels == learned - {"several_matters"}
    for choices in (guide().intents, guide().topics):
        assert len({one.key for one in choices}) == len(choices) <= len(KEYS)
        assert all(one.rule.means and one.rule.short for one in choices)
    rule = guide().rule("cancel_order")
    assert rule
    assert rule.means.startswith("Stop an order")
    assert any("No: " in line and "`" not in line for line in rule.notes)


def test_the_page_shows_the_sentence_the_guess_and_the_rule(
    kim: DeskAgent, sentences: list[int]
) -> None:
    page = kim.page("/desk/training")
    assert "3 to label" in page
    assert page.index("my 10482 went poof") < page.index("the chair sings")
    assert "55123" not in page
    assert "Taken for ask_order_status, 41% sure" in page
    assert "Guessed, not sure, 3 times" in page
    assert "The guide on ask_order_status" in page
    assert "the lamp &lt;b&gt;hums&lt;/b&gt;" in page
    assert 'value="ask_policy/late_shipment"' not in page
    assert 'value="ask_policy/late_shipment"' in kim.page("/desk/training?topic=1")
    for odd in ("at=x", "at=99999999999999999999", "done=7x", "at=0&done=999"):
        assert "3 to label" in kim.page(f"/desk/training?{odd}")


def test_a_label_is_kept_once_and_in_the_audit_log(
    site: Site, kim: DeskAgent, lena: DeskAgent, sentences: list[int]
) -> None:
    first, second, third = sentences
    assert say(kim, first, "ask_order_status") == 303
    assert say(kim, first, "ask_order_status") == 303
    assert say(lena, first, "cancel_order") == 409
    assert say(kim, second, "ask_policy") == 422
    assert say(kim, second, "handed_back") == 422
    assert say(kim, 10**8, "cancel_order") == 404
    assert say(kim, second, "ask_policy/late_shipment") == 303
    assert say(kim, third, NOT_USABLE) == 303
    assert labels(site) == ["ask_order_status", "ask_policy/late_shipment", NOT_USABLE]
    with site.database.read() as session:
        acts = [one for one in audit_entries(session) if one.act == "sentence_labeled"][:3]
    assert [one.subject for one in acts] == [f"sentence {one}" for one in (third, second, first)]
    assert {one.actor for one in acts} == {"agent:kim"}
    assert "poof" not in str([one.data for one in acts])
    assert "Nothing to label." in kim.page("/desk/training")


def test_only_one_s_own_label_is_taken_back(
    site: Site, kim: DeskAgent, lena: DeskAgent, sentences: list[int]
) -> None:
    say(kim, sentences[0], "cancel_order")
    assert say(lena, sentences[0], "") == 303
    assert labels(site)[0] == "cancel_order"
    assert say(kim, sentences[0], "") == 303
    assert labels(site)[0] is None


def test_the_download_is_a_training_file_for_leads(
    kim: DeskAgent, lena: DeskAgent, sentences: list[int]
) -> None:
    say(kim, sentences[0], "ask_order_status")
    assert kim.client.get("/desk/training/learned.yml").status_code == 403
    assert "learned.yml" not in kim.page("/desk/training")
    assert "learned.yml" in lena.page("/desk/training")
    answer = lena.client.get("/desk/training/learned.yml")
    assert answer.headers["content-disposition"] == 'attachment; filename="learned.yml"'
    assert yaml.safe_load(answer.text)["nlu"] == [
        {"intent": "ask_order_status", "examples": "- my 10482 went poof\n"}
    ]


def test_it_takes_a_sign_in_and_the_page_s_token(
    site: Site, visitor: Visitor, kim: DeskAgent, sentences: list[int]
) -> None:
    assert visitor.client.get("/desk/training").status_code == 303
    path = f"/desk/training/{sentences[0]}"
    refused = kim.client.post(path, data={"intent": "cancel_order"}, headers=kim.headers)
    assert refused.status_code == 403
    assert labels(site) == [None, None, None]


def open_page(site: Site, desk: Page) -> None:
    follow(desk, desk.get_by_role("link", name="Training"))
    expect(desk.get_by_role("heading", name="my 10482 went poof")).to_be_focused()


def test_one_key_labels_and_the_next_sentence_has_the_focus(
    browser: Browser, site: Site, sentences: list[int]
) -> None:
    with watched(browser, site.address) as agents:
        desk = sign_in(site, agents, "kim")
        open_page(site, desk)
        assert violations(desk) == []
        desk.keyboard.press(KEY_OF["cancel_order"])
        expect(desk.get_by_role("heading", name="the chair sings")).to_be_focused()
        expect(desk.get_by_role("status")).to_have_text("“my 10482 went poof” is now cancel_order.")
        assert violations(desk) == []
        desk.keyboard.press("u")
        expect(desk.get_by_role("heading", name="my 10482 went poof")).to_be_focused()
        assert labels(site) == [None, None, None]
        desk.keyboard.press("j")
        expect(desk.get_by_role("heading", name="the chair sings")).to_be_focused()
        with desk.expect_navigation():
            desk.keyboard.press(KEY_OF[TOPICS_OF])
        expect(desk.get_by_role("heading", name="which topic")).to_be_visible()
        assert violations(desk) == []
        desk.keyboard.press(KEY_OF["ask_policy/late_shipment"])
        expect(desk.get_by_role("heading", name="the lamp")).to_be_focused()
        desk.keyboard.press("x")
        expect(desk.get_by_role("heading", name="my 10482 went poof")).to_be_focused()
        assert labels(site) == [None, "ask_policy/late_shipment", NOT_USABLE]
        desk.keyboard.press("?")
        expect(desk.get_by_role("heading", name="Keyboard")).to_be_visible()
        desk.keyboard.press("1")
        assert labels(site)[0] is None


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_mouse_on_a_phone_is_enough(
    browser: Browser, site: Site, sentences: list[int], scripts: bool
) -> None:
    options = {"viewport": {"width": 390, "height": 800}, "color_scheme": "dark"}
    with watched(browser, site.address, java_script_enabled=scripts, **options) as agents:
        desk = sign_in(site, agents, "lena", "lead")
        follow(desk, desk.get_by_role("link", name="Training"))
        if scripts:
            assert violations(desk) == []
            assert desk.evaluate("document.documentElement.scrollWidth") <= 390
        follow(desk, desk.get_by_role("button", name="Cancel order"))
        expect(desk.get_by_role("heading", name="the chair sings")).to_be_visible()
        follow(desk, desk.get_by_role("link", name="Ask policy"))
        follow(desk, desk.get_by_role("button", name="Late shipment"))
        expect(desk.get_by_role("heading", name="the lamp")).to_be_visible()
        assert labels(site) == ["cancel_order", "ask_policy/late_shipment", None]


def with_caps_lock(desk: Page, key: str, *, shift: bool) -> None:
    """What the browser tells of a key then: small letters come with Shift."""
    event = "new KeyboardEvent('keydown', {key, shiftKey, bubbles: true})"
    desk.evaluate(f"([key, shiftKey]) => document.body.dispatchEvent({event})", [key, shift])


def test_caps_lock_makes_no_other_label_of_a_key(
    browser: Browser, site: Site, sentences: list[int]
) -> None:
    by_key = {one.key: one.rule.label for one in guide().intents if one.rule.label != TOPICS_OF}
    plain = next(key for key in by_key if key.islower() and key.upper() in by_key)
    with watched(browser, site.address) as agents:
        desk = sign_in(site, agents, "kim")
        open_page(site, desk)
        with_caps_lock(desk, plain.upper(), shift=False)
        expect(desk.get_by_role("heading", name="the chair sings")).to_be_focused()
        with_caps_lock(desk, plain, shift=True)
        expect(desk.get_by_role("heading", name="the lamp")).to_be_focused()
        assert labels(site) == [by_key[plain], by_key[plain.upper()], None]
