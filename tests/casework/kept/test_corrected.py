"""What an agent leaves as it was in the form is kept as it was."""

from sqlalchemy.orm import Session

from casework.conversations.conversation import add_message
from casework.kept.as_test import as_test
from tests.casework.conftest import NOW, Opener


def test_a_form_sent_back_unchanged_changes_nothing(session: Session, opened: Opener) -> None:
    case = opened()
    for author, text, key in (
        ("customer", "yes {case} please", "c:yes"),
        ("assistant", f"Your case {case.number} is open. You wrote “{{case}}”.", "a:1:0"),
    ):
        add_message(session, "c", audience="customer", author=author, text=text, now=NOW, key=key)
    session.flush()
    shown = as_test(session, "c")
    sent_back = {one.message_id: one.expected for one in shown.asked}
    assert any("{case}" in part for one in shown.asked for part in one.expected.parts)
    assert as_test(session, "c", corrected=sent_back).case == shown.case
