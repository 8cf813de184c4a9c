"""Input that cannot be used: one clear line that names the fact, never a traceback."""

import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest

from policy_core import InputError, Policy, decide
from policy_core.cli import MAX_INPUT_BYTES, decide_lines, main, read_facts

FACTS = {"situation": "remorse", "requested_on": "2026-03-13"}
TODAY = date(2026, 3, 14)


def refused(policy: Policy, **facts: object) -> InputError:
    with pytest.raises(InputError) as caught:
        decide({**FACTS, **facts}, policy=policy, today=TODAY)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300
    return caught.value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("situation", "borrowed"),
        ("situation", 3),
        ("situation", ["remorse"]),
        ("remedy", "money"),
        ("remedy", "cancellation"),
        ("order_status", "Shipped"),
        ("evidence", True),
        ("evidence", {"kind": "photo"}),
        ("seller_decision", "maybe"),
        ("requested_on", "13.03.2026"),
        ("requested_on", "2026-02-30"),
        ("requested_on", "2026-3-13"),
        ("requested_on", "20260313"),
        ("requested_on", "2026-03-13T10:00:00"),
        ("requested_on", 20260313),
        ("requested_on", "1066-10-14"),
        ("requested_on", "9999-12-31"),
        ("requested_on", ""),
        ("requested_on", datetime(2026, 3, 13, 10)),
        ("delivered_on", "tomorrow"),
        ("ship_by", 1.5),
        ("order_total", "-1"),
        ("order_total", "-0.01"),
        ("order_total", "NaN"),
        ("order_total", "Infinity"),
        ("order_total", "1e3"),
        ("order_total", "12.345"),
        ("order_total", "1,200.00"),
        ("order_total", "$12"),
        ("order_total", " 12.00"),
        ("order_total", "١٢"),
        ("order_total", 12.5),
        ("order_total", 12),
        ("order_total", float("nan")),
        ("order_total", Decimal("NaN")),
        ("order_total", "9" * 5000),
        ("claim_total", True),
        ("claim_total", []),
        ("fee_percent", "35.01"),
        ("fee_percent", "-1"),
        ("fee_percent", "36"),
        ("fee_percent", "NaN"),
        ("fee_percent", 10),
    ],
)
def test_a_value_that_cannot_be_right(policy: Policy, name: str, value: object) -> None:
    assert refused(policy, **{name: value}).fields == (name,)


@pytest.mark.parametrize(
    ("first", "second", "facts"),
    [
        ("shipped_on", "delivered_on", {"shipped_on": "2026-03-05", "delivered_on": "2026-03-04"}),
        ("delivered_on", "requested_on", {"delivered_on": "2026-03-14"}),
        ("order_status", "delivered_on",
         {"order_status": "processing", "delivered_on": "2026-03-01"}),
        ("order_status", "delivered_on", {"order_status": "shipped", "delivered_on": "2026-03-01"}),
        ("order_status", "delivered_on",
         {"order_status": "returned_to_sender", "delivered_on": "2026-03-01"}),
        ("order_status", "delivered_on",
         {"order_status": "destroyed", "delivered_on": "2026-03-01"}),
        ("order_status", "shipped_on", {"order_status": "processing", "shipped_on": "2026-03-01"}),
        ("order_status", "shipped_on",
         {"order_status": "unfulfillable", "shipped_on": "2026-03-01"}),
        ("order_status", "shipped_on", {"order_status": "cancelled", "shipped_on": "2026-03-01"}),
        ("order_status", "return_in_transit_on",
         {"order_status": "processing", "return_in_transit_on": "2026-03-01"}),
        ("shipped_on", "return_in_transit_on",
         {"shipped_on": "2026-03-05", "return_in_transit_on": "2026-03-04"}),
        ("delivered_on", "return_in_transit_on",
         {"delivered_on": "2026-03-05", "return_in_transit_on": "2026-03-04"}),
        ("claim_total", "order_total", {"claim_total": "10.01", "order_total": "10.00"}),
    ],
)  # fmt: skip
def test_a_contradiction_names_both_facts(
    policy: Policy, first: str, second: str, facts: dict[str, str]
) -> None:
    error = refused(policy, **facts)
    assert set(error.fields) == {first, second}
    assert first in str(error)
    assert second in str(error)


@pytest.mark.parametrize("name", ["situation", "requested_on"])
@pytest.mark.parametrize("absent", [True, False])
def test_what_is_required(policy: Policy, name: str, absent: bool) -> None:
    facts = {key: value for key, value in FACTS.items() if key != name}
    with pytest.raises(InputError, match=f"{name}: is required"):
        decide(facts if absent else {**facts, name: None}, policy=policy)


@pytest.mark.parametrize("key", ["color", "", "Situation", "verified", "x" * 10_000, "a\nb", "é"])
def test_an_unknown_key(policy: Policy, key: str) -> None:
    assert "is not a fact" in str(refused(policy, **{key: "x"}))


@pytest.mark.parametrize("facts", [None, [], "text", 3, [FACTS]])
def test_facts_that_are_no_object(policy: Policy, facts: object) -> None:
    with pytest.raises(InputError, match="must be one JSON object"):
        decide(facts, policy=policy)  # type: ignore[arg-type]


def test_null_is_unknown(policy: Policy) -> None:
    nothing = dict.fromkeys(("remedy", "ship_by", "order_total", "evidence", "seller_decision"))
    assert decide({**FACTS, **nothing}, policy=policy) == decide(FACTS, policy=policy)


def test_dates_and_decimals_may_be_given_as_such(policy: Policy) -> None:
    typed = {"requested_on": date(2026, 3, 13), "order_total": Decimal("12.50")}
    plain = {"requested_on": "2026-03-13", "order_total": "12.50"}
    both = [decide({**FACTS, "order_status": "shipped", **each}, policy=policy, today=TODAY)
            for each in (typed, plain)]  # fmt: skip
    assert both[0] == both[1]


def test_a_request_dated_after_today_is_no_error(policy: Policy) -> None:
    assert decide(FACTS, policy=policy, today=date(2026, 3, 1)).outcome == "need_facts"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"not json",
        b"[1, 2]",
        b'"text"',
        b"null",
        b"{",
        b'{"situation": "other", "situation": "cancel"}',
        b'{"situation": \xff\xfe}',
        b"\xef\xbb\xbf{}",
        b'{"order_total": ' + b"1" * 5000 + b"}",
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b"x" * (MAX_INPUT_BYTES + 1),
    ],
    ids=range(13),
)
def test_text_that_holds_no_facts(text: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read_facts(text)
    assert "\n" not in str(caught.value)


class Junk(io.RawIOBase):
    """A stream of one endless line that counts what was read of it."""

    def __init__(self, size: int) -> None:
        self.left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        count = min(len(buffer), self.left)
        buffer[:count] = b"j" * count
        self.left -= count
        return count


class Input:
    def __init__(self, data: bytes | io.RawIOBase) -> None:
        raw = io.BytesIO(data) if isinstance(data, bytes) else data
        self.buffer = io.BufferedReader(raw)  # type: ignore[arg-type]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def run(data: bytes | io.RawIOBase, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", Input(data))
        try:
            status = main([*arguments])
        except SystemExit as stop:
            status = int(stop.code or 0)
        out = capsys.readouterr()
        return status, out.out, out.err

    return run


def test_ten_megabytes_of_junk_are_not_even_read(run) -> None:
    junk = Junk(10_000_000)
    status, out, error = run(junk, "decide")
    assert (status, out) == (2, "")
    assert error.count("\n") == 1
    assert "longer than" in error
    assert junk.left > 9_000_000


def test_in_a_batch_an_error_stands_in_its_place(policy: Policy) -> None:
    good = json.dumps(FACTS).encode()
    lines = [good, b"junk", b"j" * 10_000_000, b'{"situation": "cancel"}', b"", good, b"\xff"]
    out = io.StringIO()
    decide_lines(io.BytesIO(b"\n".join(lines)), out, policy, TODAY)
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [set(answer) == {"error"} for answer in answers] == [
        False, True, True, True, False, True,
    ]  # fmt: skip
    assert "longer than" in answers[2]["error"]
    assert answers[3]["error"] == "requested_on: is required"


def test_a_batch_is_read_line_by_line(policy: Policy) -> None:
    """An answer is out before the next line is read, so that a pipe can wait for it."""
    out = io.StringIO()

    class Lines(io.BytesIO):
        def readline(self, size: int | None = -1) -> bytes:
            seen.append(out.getvalue().count("\n"))
            return super().readline(size)

    seen: list[int] = []
    line = json.dumps(FACTS).encode() + b"\n"
    decide_lines(Lines(line * 3), out, policy, TODAY)
    assert seen == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["decide", "--today", "yesterday"], "--today"),
        (["decide", "--today", "2026-02-30"], "--today"),
        (["decide", "--policy", "no-such.yml"], "no-such.yml"),
        (["decide", "--policy", "."], "cannot read"),
        (["decide", "--colour"], "--colour"),
        (["table", "--policy", "no-such.yml"], "no-such.yml"),
        (["check", "no-such.yml"], "no-such.yml"),
        (["check"], "FILE"),
        (["diff", "no-such.yml", "no-such.yml"], "no-such.yml"),
        (["conjure"], "conjure"),
        ([], "COMMAND"),
    ],
)
def test_wrong_arguments(run, arguments: list[str], names: str) -> None:
    status, out, error = run(json.dumps(FACTS).encode(), *arguments)
    assert (status, out) == (2, "")
    assert error.count("\n") == 1
    assert names in error


def test_a_refusal_on_the_command_line_is_one_line(run) -> None:
    for facts in contradictory():
        status, out, error = run(json.dumps(facts).encode(), "decide")
        assert (status, out, error.count("\n")) == (2, "", 1)


def contradictory() -> Iterator[dict[str, object]]:
    yield {**FACTS, "order_status": "processing", "delivered_on": "2026-03-01"}
    yield {**FACTS, "order_total": float("nan")}
    yield {**FACTS, "\ud800": "a lone surrogate"}
    yield {**FACTS, "remedy": "\ud800\n\u2028"}
