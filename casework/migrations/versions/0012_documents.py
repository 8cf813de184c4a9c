"""Uploads may be documents: a name, and no sides in pixels."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("uploads") as table:
        table.alter_column("width", existing_type=sa.Integer(), nullable=True)
        table.alter_column("height", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("name", sa.String(100)))


def downgrade() -> None:
    op.execute("UPDATE uploads SET width = 0, height = 0 WHERE width IS NULL")
    with op.batch_alter_table("uploads") as table:
        table.drop_column("name")
        table.alter_column("height", existing_type=sa.Integer(), nullable=False)
        table.alter_column("width", existing_type=sa.Integer(), nullable=False)
