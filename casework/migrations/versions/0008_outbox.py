"""News that waits to be delivered, and the queue by the day something is due."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

CHANNELS = ("webhook", "email")
KINDS = ("case_opened", "case_decided", "due_tomorrow", "overdue")


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(20), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True)),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True)),
        sa.Column("last_error", sa.String(80)),
        sa.CheckConstraint(f"channel IN {CHANNELS}", name=op.f("ck_outbox_channel")),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_outbox_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("channel", "key", name=op.f("uq_outbox_channel_key")),
    )
    op.create_index("ix_outbox_waiting", "outbox", ["channel", "next_try_at"])
    op.create_index("ix_outbox_subject", "outbox", ["subject"])
    op.create_index("ix_queue_due_on", "queue", ["due_on"])


def downgrade() -> None:
    op.drop_index("ix_queue_due_on", "queue")
    op.drop_table("outbox")
