"""What was not understood, without identity, and what an agent says was meant."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unclear",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("guessed", sa.String(80), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("why", sa.String(20), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("label", sa.String(80)),
        sa.Column("labeled_by", sa.String(40)),
        sa.Column("labeled_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "why IN ('not_understood', 'low_confidence', 'corrected')", name=op.f("ck_unclear_why")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unclear")),
        sa.UniqueConstraint("key", name=op.f("uq_unclear_key")),
    )


def downgrade() -> None:
    op.drop_table("unclear")
