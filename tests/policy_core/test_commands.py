"""The command line, as the shop's own people use it."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from policy_core import Policy, decide, load_policy
from policy_core.cli import main
from policy_core.diff import differences
from policy_core.explain import explain
from policy_core.jsonld import merchant_return_policy
from policy_core.table import table
from tests.policy_core.conftest import FIRST_VERSION

ROOT = Path(__file__).parents[2]
FACTS = {
    "situation": "damaged",
    "requested_on": "2026-03-13",
    "order_status": "delivered",
    "delivered_on": "2026-01-05",
    "evidence": "none",
}


def python_m(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "policy_core", *arguments],
        input=given,
        capture_output=True,
        cwd=ROOT,
        timeout=120,
        check=False,
    )


def test_decide_reads_one_object_and_prints_one() -> None:
    done = python_m("decide", "--today", "2026-03-14", given=json.dumps(FACTS).encode())
    assert (done.returncode, done.stderr) == (0, b"")
    expected = decide(FACTS, policy=load_policy(FIRST_VERSION)).as_dict()
    assert json.loads(done.stdout) == expected


def test_junk_ends_with_two_and_one_line() -> None:
    done = python_m("decide", given=b"junk" * 2_500_000)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1
    assert b"Traceback" not in done.stderr


def test_a_batch_goes_on_after_an_error(edited) -> None:
    lines = [json.dumps(FACTS), "junk", json.dumps({**FACTS, "order_total": "x"})]
    path = edited(("filing_window_days: {value: 30", "filing_window_days: {value: 90"))
    done = python_m(
        "decide", "--batch", "--policy", str(path), "--today", "2026-03-14",
        given="\n".join(lines).encode(),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers[0]["outcome"] == "need_evidence"  # in time with 90 days
    assert [list(answer) for answer in answers[1:]] == [["error"], ["error"]]
    assert answers[2]["error"].startswith("order_total: ")


def test_a_reader_that_goes_away_is_no_error() -> None:
    lines = b"\n".join([json.dumps(FACTS).encode()] * 2000)
    command = [sys.executable, "-m", "policy_core", "decide", "--batch"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        try:
            process.stdin.write(lines)
            process.stdin.close()
        except BrokenPipeError:
            pass
        assert b"Traceback" not in process.stderr.read()


def test_the_command_line_needs_no_time_zone_of_the_machine() -> None:
    """Today is the shop's today, wherever the machine is."""
    given = json.dumps({**FACTS, "requested_on": "2026-03-13"}).encode()
    answers = set()
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        done = subprocess.run(
            [sys.executable, "-m", "policy_core", "decide"],
            input=given, capture_output=True, cwd=ROOT, env={**os.environ, "TZ": zone},
            timeout=120, check=True,
        )  # fmt: skip
        answers.add(done.stdout)
    assert len(answers) == 1


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    def run(*arguments: str, given: bytes = b"") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
        status = main([*arguments])
        return status, capsys.readouterr().out

    return run


def test_check_says_nothing_is_wrong(run) -> None:
    assert run("check", str(FIRST_VERSION)) == (0, "2026-01-01.yml: nothing wrong\n")


def test_check_ends_with_one_where_something_is_wrong(run, edited) -> None:
    status, out = run("check", str(edited(("    yields_to: [remorse-late]\n", ""))))
    assert status == 1
    assert "overlap: remorse-undecided and remorse-late" in out
    assert "for example situation remorse" in out
    status, out = run("check", str(edited(("outcome: dispute", "outcome: shrug"))))
    assert status == 1
    assert out.startswith("not a policy: rules[any-other-dispute].outcome: unknown outcome")


def test_table_shows_the_whole_policy(policy: Policy, run) -> None:
    status, out = run("table")
    assert (status, out) == (0, table(policy))
    for name in (*policy.situations, *policy.clauses, *policy.numbers):
        assert f"`{name}`" in out
    for rule in policy.rules:
        assert out.count(f"| `{rule.id}` |") == len(rule.situations)
    rows = [line for line in out.splitlines() if line.startswith("|")]
    assert all(row.endswith("|") for row in rows)


def test_diff_shows_which_situations_get_another_outcome(policy: Policy, run, edited) -> None:
    path = edited(("filing_window_days: {value: 30", "filing_window_days: {value: 14"))
    status, out = run("diff", str(FIRST_VERSION), str(path))
    assert status == 0
    lines = out.splitlines()
    assert lines[0] == "number filing_window_days: 30 -> 14"
    changed = {line.split(":")[0] for line in lines[1:]}
    assert {"damaged", "defective"} <= changed <= {"damaged", "defective", "remorse"}
    assert any("outcome entitled -> seller_decides" in line for line in lines)
    for line in lines[1:]:
        assert "for example situation" in line


def test_the_example_of_a_diff_is_true(policy: Policy, edited) -> None:
    newer = load_policy(
        edited(("filing_window_days: {value: 30", "filing_window_days: {value: 40"))
    )
    line = next(line for line in differences(policy, newer) if "outcome" in line)
    was, now = line.split("outcome ")[1].split(" (")[0].split(" -> ")
    example = dict(pair.split(" ") for pair in line.split("for example ")[1].split(", "))
    assert decide(example, policy=policy).outcome == was
    assert decide(example, policy=newer).outcome == now


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("phone: 1-213-737-9983", "phone: 1-800-555-0100", "contact: 1-213-737-9983 -> 1-800"),
        ('value: "35"', 'value: "20"', "remorse: amounts refund_min"),
        ("redelivery_business_days: {value: 5", "redelivery_business_days: {value: 4",
         "returned_in_transit: obligations redelivery by"),
        ("alternatives: [damaged, other]", "alternatives: [other]",
         "destroyed_in_transit: alternatives damaged, other -> other"),
    ],
)  # fmt: skip
def test_diff_shows_other_changes_too(
    policy: Policy, edited, old: str, new: str, shown: str
) -> None:
    lines = list(differences(policy, load_policy(edited((old, new)))))
    assert any(line.startswith(shown) for line in lines)


def test_no_difference(run) -> None:
    assert run("diff", str(FIRST_VERSION), str(FIRST_VERSION)) == (0, "no difference\n")


def test_explain_says_why_and_why_not_the_other_rules(policy: Policy, run) -> None:
    given = json.dumps(FACTS).encode()
    status, out = run("explain", "--today", "2026-03-14", given=given)
    assert status == 0
    assert out.startswith("seller_decides, refund: a person at the shop decides.")
    assert "[filing-window: General Terms, paragraph 2;" in out
    assert "Rule applied: goods-late\n" in out
    assert "- goods-no-evidence (need_evidence): holds, but yields to goods-late" in out
    assert "damaged-refund (entitled): does not hold: evidence is none, not compelling" in out
    for rule in policy.rules:
        told = f"- {rule.id} (" in out or f"Rule applied: {rule.id}\n" in out
        assert told == ("damaged" in rule.situations)


def test_explain_while_facts_are_missing(policy: Policy) -> None:
    facts = {"situation": "cancel", "requested_on": "2026-03-13"}
    out = explain(facts, policy, policy.today())
    assert "Still decisive: order_status, ship_by" in out
    assert "Rule applied: none yet" in out
    assert "cancel-late-order (entitled): open: order_status would have to be processing" in out


def test_jsonld_is_a_merchant_return_policy(policy: Policy, run, edited) -> None:
    status, out = run("jsonld")
    assert (status, json.loads(out)) == (0, merchant_return_policy(policy))
    found = merchant_return_policy(policy)
    assert (found["@context"], found["@type"]) == ("https://schema.org", "MerchantReturnPolicy")
    assert (found["merchantReturnDays"], found["restockingFee"]) == (30, 35)
    changed = load_policy(
        edited(("filing_window_days: {value: 30", "filing_window_days: {value: 9"))
    )
    assert merchant_return_policy(changed)["merchantReturnDays"] == 9
