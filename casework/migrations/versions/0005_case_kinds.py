"""More kinds of a case's log: an address corrected, a case opened again."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BEFORE = (
    "opened",
    "remedy_chosen",
    "evidence_submitted",
    "evidence_judged",
    "seller_decided",
    "label_sent",
    "return_in_transit",
    "refund_paid",
    "redelivery_started",
    "replacement_sent",
    "order_cancelled",
    "corrected",
    "withdrawn",
    "closed",
    "note",
)
AFTER = (*BEFORE[:13], "address_corrected", "closed", "reopened", "note")


def _allow(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table("case_log") as table:
        table.drop_constraint(op.f("ck_case_log_kind"), type_="check")
        table.create_check_constraint(op.f("ck_case_log_kind"), f"kind IN {kinds}")


def upgrade() -> None:
    _allow(AFTER)


def downgrade() -> None:
    _allow(BEFORE)
