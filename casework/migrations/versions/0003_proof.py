"""What proved that an order is a customer's; finding a customer's other orders."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("verification_attempts", sa.Column("proved_by", sa.String(10)))
    op.create_index("ix_verification_attempts_order_id", "verification_attempts", ["order_id"])
    op.create_index("ix_orders_lower_email", "orders", [sa.text("lower(email)")])


def downgrade() -> None:
    op.drop_index("ix_orders_lower_email", "orders")
    op.drop_index("ix_verification_attempts_order_id", "verification_attempts")
    op.drop_column("verification_attempts", "proved_by")
