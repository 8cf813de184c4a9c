"""The queue's order by indexes, what customers said in it, and since when a handler has a chat."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ORDER = ["turn", "due_on", "waiting_since", "subject"]
_TURN = "CASE WHEN needs IS NULL THEN 1 WHEN needs = 'close' THEN 2 ELSE 0 END"
_SINCE = "(SELECT waiting_since FROM queue WHERE queue.subject = conversations.id)"


def upgrade() -> None:
    op.add_column("conversations", sa.Column("handler_since", sa.DateTime(timezone=True)))
    op.execute(f"UPDATE conversations SET handler_since = {_SINCE} WHERE handler <> 'assistant'")
    # "rebuild-queue" fills in what customers said before; the rest is right as it is.
    op.drop_index("ix_queue_order", "queue")
    op.drop_index("ix_queue_assignee", "queue")
    op.drop_index("ix_queue_email", "queue")
    with op.batch_alter_table("queue") as queue:
        queue.add_column(sa.Column("turn", sa.SmallInteger(), nullable=False, server_default="0"))
        queue.add_column(sa.Column("said", sa.Text(), nullable=False, server_default=""))
    op.execute(f"UPDATE queue SET turn = {_TURN}")
    with op.batch_alter_table("queue") as queue:
        queue.alter_column("turn", server_default=None)
        queue.alter_column("said", server_default=None)
    op.create_index("ix_queue_turn", "queue", _ORDER)
    for first in ("assignee", "situation"):
        op.create_index(f"ix_queue_{first}", "queue", [first, *_ORDER])
    op.create_index(
        "ix_queue_email", "queue", ["email"], postgresql_ops={"email": "text_pattern_ops"}
    )


def downgrade() -> None:
    for name in ("turn", "assignee", "situation", "email"):
        op.drop_index(f"ix_queue_{name}", "queue")
    with op.batch_alter_table("queue") as queue:
        queue.drop_column("said")
        queue.drop_column("turn")
    op.create_index("ix_queue_order", "queue", ["needs", "due_on", "waiting_since"])
    op.create_index("ix_queue_assignee", "queue", ["assignee"])
    op.create_index("ix_queue_email", "queue", ["email"])
    op.drop_column("conversations", "handler_since")
