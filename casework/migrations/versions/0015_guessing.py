"""Failed proofs count by the number that was typed and by the network they came from."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_TABLE = "verification_attempts"


def upgrade() -> None:
    op.add_column("conversations", sa.Column("network", sa.String(64)))
    op.add_column(_TABLE, sa.Column("number", sa.String(20)))
    op.add_column(_TABLE, sa.Column("network", sa.String(255)))
    for name in ("number", "network"):
        op.create_index(f"ix_{_TABLE}_{name}", _TABLE, [name, "created_at"])


def downgrade() -> None:
    for name in ("number", "network"):
        op.drop_index(f"ix_{_TABLE}_{name}", _TABLE)
        op.drop_column(_TABLE, name)
    op.drop_column("conversations", "network")
