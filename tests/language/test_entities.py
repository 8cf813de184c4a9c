"""What the spaCy pipeline finds, with its values."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml

from language.entities import with_values
from language.evaluate.rasa_model import ROOT, Understanding
from language.pipeline import build_pipeline, pipeline_folder

TODAY = date(2026, 11, 22)
CASES: list[tuple[str, list[tuple[str, str]]]] = [
    ("order 10482 smashed, I've pictures", [("10482", "order_number"), ("photo", "evidence")]),
    ("AOP-10482", [("10482", "order_number")]),
    ("aop 10482", [("10482", "order_number")]),
    ("#10482", [("10482", "order_number")]),
    ("ORDER#10482", [("10482", "order_number")]),
    ("order no. 123456 please", [("123456", "order_number")]),
    ("10482, thanks", [("10482", "order_number")]),
    ("10482 98101", [("10482", "order_number"), ("98101", "zip")]),
    (
        "cancel order 10480, and the chair from 10482 broke",
        [("10480", "order_number"), ("chair", "product"), ("10482", "order_number")],
    ),
    ("orders 10480 and 10482 please", [("10480", "order_number"), ("10482", "order_number")]),
    ("cancel order 10480, I'm from 98101", [("10480", "order_number"), ("98101", "zip")]),
    ("zip code is 98101", [("98101", "zip")]),
    ("the zip on the order is 98101", [("98101", "zip")]),
    ("98101-1234", [("98101", "zip")]),
    ("Seattle, WA 98101", [("98101", "zip")]),
    ("it's Jane.Doe+Shop@Example.com.", [("jane.doe+shop@example.com", "email")]),
    ("I paid $1,045.99", [("1045.99", "money")]),
    ("45 dollars", [("45", "money")]),
    ("it came last Tuesday", [("2026-11-17", "date")]),
    ("came on the 3rd", [("2026-11-03", "date")]),
    ("delivered 10/11", [("2026-10-11", "date")]),
    ("for three weeks", [("P21D", "duration")]),
    ("I have a video and the packing slip", [("video", "evidence"), ("document", "evidence")]),
    ("I want my money back", [("refund", "remedy")]),
    ("replacement please", [("replacement", "remedy")]),
    ("please ship it again", [("redelivery", "remedy")]),
    ("two boxes of toner cartridges", [("boxes", "product"), ("toner cartridges", "product")]),
    ("I don't want a refund, I want a new one", [("replacement", "remedy")]),
    ("no replacement, refund please", [("refund", "remedy")]),
    ("a refund instead of a replacement", [("refund", "remedy")]),
    ("I don't have any photos or videos", []),
    ("can't send pictures, but I took a video", [("video", "evidence")]),
    ("why don't you just refund me", [("refund", "remedy")]),
    ("he sat there 24/7 on black friday", []),
]  # fmt: skip


@pytest.fixture(scope="module")
def nlp() -> Any:
    return build_pipeline()


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_entities_and_their_values(text: str, expected: list[tuple[str, str]], nlp: Any) -> None:
    found = [
        {"entity": span.label_, "start": span.start_char, "end": span.end_char, "value": span.text}
        for span in nlp(text).ents
    ]
    assert [(e["value"], e["entity"]) for e in with_values(found, text, TODAY)] == expected


def test_offsets_are_those_of_the_text_as_typed(understanding: Understanding) -> None:
    text = "My  chiar (ordr #10482) brokke on 11/03, pls refnud $20"
    parsed = understanding.parsed(text, "2026-11-22")
    words = {e["entity"]: text[e["start"] : e["end"]] for e in parsed["entities"]}
    assert parsed["text"] == text
    assert words == {"order_number": "ordr #10482", "date": "11/03", "money": "$20"}


def test_days_are_resolved_against_the_conversation_s_day(understanding: Understanding) -> None:
    answer = understanding.answer("it came yesterday", "2026-03-01")
    assert ("date", "2026-02-28") in answer.entities


def test_the_configuration_names_this_version_of_the_pipeline() -> None:
    steps = yaml.safe_load((ROOT / "config.yml").read_text())["pipeline"]
    named = next(step["model"] for step in steps if step["name"] == "SpacyNLP")
    expected = f"var/language/{pipeline_folder().name}"
    assert named == expected, f"entity patterns changed: write `model: {expected}` in config.yml"
