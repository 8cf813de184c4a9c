"""Who has a conversation, and what the queue needs of cases and conversations."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("agent", sa.String(40)))
    op.create_table(
        "queue",
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("case_id", sa.Integer()),
        sa.Column("case_number", sa.String(20)),
        sa.Column("conversation_id", sa.String(255), nullable=False),
        sa.Column("order_number", sa.String(20)),
        sa.Column("email", sa.String(254)),
        sa.Column("situation", sa.String(30)),
        sa.Column("needs", sa.String(20)),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("assignee", sa.String(40)),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_queue_case_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_queue_conversation_id")
        ),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_queue")),
    )
    op.create_index("ix_queue_order", "queue", ["needs", "due_on", "waiting_since"])
    op.create_index("ix_queue_assignee", "queue", ["assignee"])
    for column in ("case_id", "conversation_id", "order_number", "email"):
        op.create_index(f"ix_queue_{column}", "queue", [column])


def downgrade() -> None:
    op.drop_table("queue")
    op.drop_column("conversations", "agent")
