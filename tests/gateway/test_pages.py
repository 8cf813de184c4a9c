"""What customers can take along, and the pages around the chat."""

import json
import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import time_machine

from casework.cases.writing import open_case, record
from casework.conversations.conversation import add_message
from casework.evidence.evidence import evidence_of
from casework.orders.order import find_order
from gateway.chat.uploads import tidy
from gateway.settings import PROJECT, SettingsError, read_settings
from gateway.web.assets import STATIC
from gateway.web.running import now
from policy_core import load_policy
from tests.gateway.fake_assistant import CARD
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor, photo, shown


def test_pictures_are_staged_taken_back_and_sent_as_evidence(site: Site, visitor: Visitor) -> None:
    first, second = visitor.stage(), visitor.stage(photo("PNG"))
    assert visitor.reload().count('class="staged"') == 2
    assert (
        visitor.client.delete(f"/chat/uploads/{first}", headers=visitor.headers).status_code == 204
    )
    assert visitor.client.get(f"/chat/uploads/{first}").status_code == 404
    assert visitor.send(pictures="1", client_id="a" * 32).status_code == 204
    assert visitor.send(pictures="1", client_id="a" * 32).status_code == 204  # its own repeat
    event = visitor.wait_for("where your case stands")[1]
    assert f"/chat/uploads/{second}" in event.data
    assert [heard["text"] for heard in site.fake.heard] == ["I have sent the pictures."]
    with site.database.read() as session:
        [row] = evidence_of(session, conversation_id=visitor.conversation(site.database))
    assert (row.media_type, row.width, row.height) == ("image/jpeg", 320, 240)
    assert (site.settings.uploads / row.file_name).stat().st_size == row.bytes


def test_what_was_sent_can_not_be_taken_back(visitor: Visitor) -> None:
    sent = visitor.stage()
    visitor.send(pictures="1")
    removed = visitor.client.delete(f"/chat/uploads/{sent}", headers=visitor.headers)
    assert removed.status_code == 404
    assert visitor.client.get(f"/chat/uploads/{sent}").status_code == 200


def test_there_is_nothing_to_send_without_a_picture(visitor: Visitor) -> None:
    assert visitor.send(pictures="1").status_code == 409


def test_the_decision_card_shows_everything_it_was_given(visitor: Visitor) -> None:
    visitor.send("pictures")
    card = visitor.wait_for("AOP-R-")[-1].data
    for line in CARD["lines"]:  # type: ignore[attr-defined]
        assert line["label"] in card
        assert line["value"] in card
    assert "Damaged goods" in card
    assert "/chat/case/AOP-R-6C3K-9HWX" in card


def test_an_odd_card_breaks_nothing(site: Site, visitor: Visitor) -> None:
    odd = {"card": {"title": None, "lines": "none", "clauses": [1, {}], "contact": None}}
    with site.database.begin() as session:
        add_message(
            session,
            visitor.conversation(site.database),
            audience="customer",
            author="assistant",
            text="an odd one",
            payload=odd,
            now=now(),
        )
    visitor.wait_for("an odd one")
    assert "an odd one" in visitor.reload()


def test_a_request_for_pictures_says_what_makes_a_good_one(visitor: Visitor) -> None:
    visitor.send("10482")
    asked = visitor.wait_for("add pictures")[-1].data
    assert "the damage from close by" in asked
    assert "data-add-pictures" in asked


def test_the_transcript_holds_the_conversation_as_text(visitor: Visitor) -> None:
    visitor.send("pictures, please <b>look</b>")
    visitor.wait_for("AOP-R-")
    answer = visitor.client.get("/chat/transcript")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    for words in ("You:", "Assistant (automated):", "<b>look</b>", "Case: AOP-R-6C3K-9HWX"):
        assert words in answer.text


def test_the_case_summary_says_what_happens_next(site: Site, visitor: Visitor) -> None:
    key = visitor.conversation(site.database)
    with site.database.begin() as session:
        order = find_order(session, "10490")
        assert order
        case = open_case(
            session,
            order=order,
            situation="defective",
            facts={"remedy": "refund", "evidence": "submitted"},
            conversation_id=key,
            now=now(),
            key=f"summary:{key}",
        )
        record(
            session,
            case,
            "evidence_judged",
            {"evidence": "compelling"},
            actor="agent",
            now=now(),
            key=f"judged:{key}",
        )
    html = visitor.client.get(f"/chat/case/{case.number}").text
    for words in (case.number, "10490", "LED desk lamp", "Prepaid return label", "$33.33"):
        assert words in html
    assert load_policy().contact.phone in html


def test_without_scripts_the_forms_still_work(site: Site, visitor: Visitor) -> None:
    page = visitor.reload()
    form = page[page.index('id="composer"') :]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    answer = visitor.client.post("/chat/messages", data={**hidden, "text": "plain form"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/chat")
    visitor.wait_for("You said: plain form")


def test_the_sample_shop_embeds_the_chat_by_one_script_tag(visitor: Visitor) -> None:
    html = visitor.client.get("/").text
    assert re.findall(r"<script[^>]*>", html) == ['<script src="/embed.js" async>']
    assert "10482" in html


def test_the_embed_script_is_for_every_origin(visitor: Visitor) -> None:
    answer = visitor.client.get("/embed.js")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["content-type"].startswith("text/javascript")


def test_scripts_and_styles_are_kept_by_browsers_until_they_change(visitor: Visitor) -> None:
    html = visitor.reload()
    urls = re.findall(r'(?:src|href)="(/static/[^"]+)"', html)
    assert {url.partition("?")[0].rpartition(".")[2] for url in urls} >= {"js", "css"}
    for url in urls:
        answer = visitor.client.get(url)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        again = visitor.client.get(url, headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304


def of_the_desk(name: str) -> bool:
    return name == "chart.js" or (STATIC / "desk" / name).is_file()


def test_what_the_page_loads_stays_small(site: Site) -> None:
    sizes = {
        name: len(asset.zipped)
        for name, asset in site.gateway.assets.files.items()
        if name.endswith((".js", ".css"))
        and name not in {"embed.js", "print.js", "page.css"}
        and not of_the_desk(name)
    }
    assert sum(sizes.values()) < 32_000, sizes


_WRITTEN = {".py", ".html", ".js", ".css", ".svg"}


def test_no_phone_number_or_policy_stands_in_the_web_itself() -> None:
    phone = load_policy().contact.phone
    ours = [path for path in STATIC.parent.rglob("*") if path.suffix in _WRITTEN]
    assert len(ours) > 50
    assert [path.name for path in ours if phone in path.read_text("utf-8")] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GATEWAY_PORT", "http"),
        ("GATEWAY_PORT", "70000"),
        ("GATEWAY_PUBLIC_URL", "help.example"),
        ("GATEWAY_PUBLIC_URL", "https://help.example/path"),
        ("GATEWAY_EMBED_ORIGINS", "https://a.example; script-src *"),
        ("GATEWAY_SAMPLE_SHOP", "maybe"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings({name: value})


def test_front_end_packages_are_pinned_by_their_content() -> None:
    lock = json.loads((PROJECT / "package-lock.json").read_text("utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert all(one["integrity"].startswith("sha512-") for one in packages.values())


def test_embedding_can_be_limited_to_named_origins(site: Site, tmp_path: Path) -> None:
    from tests.gateway.site import running_site

    with running_site(tmp_path, embed_origins="https://shop.example", sample_shop=False) as strict:
        answer = httpx.get(f"{strict.address}/chat")
        assert "frame-ancestors https://shop.example" in answer.headers["content-security-policy"]
        assert httpx.get(f"{strict.address}/").headers["location"] == "/chat"


def test_a_new_browser_sees_only_the_greeting(other: Visitor) -> None:
    assert len(shown(other.reload())) == 1


def test_pictures_that_were_never_sent_are_deleted_after_a_while(
    site: Site, visitor: Visitor
) -> None:
    sent, stale = visitor.stage(), None
    visitor.send(pictures="1")
    stale = visitor.stage()
    tidy(site.gateway)
    assert visitor.client.get(f"/chat/uploads/{stale}").status_code == 200
    before = set(site.settings.uploads.iterdir())
    with time_machine.travel(now() + timedelta(days=3)):
        tidy(site.gateway)
    assert visitor.client.get(f"/chat/uploads/{stale}").status_code == 404
    assert visitor.client.get(f"/chat/uploads/{sent}").status_code == 200
    assert len(before - set(site.settings.uploads.iterdir())) >= 1
