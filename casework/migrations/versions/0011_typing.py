"""Who is typing, and who looks at what."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "presence_marks",
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("login", sa.String(40), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('typing', 'looking')", name=op.f("ck_presence_marks_kind")),
        sa.PrimaryKeyConstraint("subject", "kind", "login", name=op.f("pk_presence_marks")),
    )
    op.create_index(op.f("ix_presence_marks_until"), "presence_marks", ["until"])


def downgrade() -> None:
    op.drop_table("presence_marks")
