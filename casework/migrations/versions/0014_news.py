"""News: the database itself tells what has changed.

A later migration that rebuilds one of these tables in SQLite has to make its triggers anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Name, when, on which table, the row's subject, and a condition on the row.
_HANDLED = "OLD.handler <> NEW.handler OR COALESCE(OLD.agent, '') <> COALESCE(NEW.agent, '')"
_SHOWN = "OLD.excused <> NEW.excused OR (OLD.closed_at IS NULL) <> (NEW.closed_at IS NULL)"
_TRIGGERS = (
    ("message", "INSERT", "messages", "NEW.conversation_id", ""),
    ("handler", "UPDATE", "conversations", "NEW.id", _HANDLED),
    ("turn", "INSERT", "turns", "NEW.conversation_id", ""),
    ("turn_changed", "UPDATE", "turns", "NEW.conversation_id", _SHOWN),
    ("presence", "INSERT", "presence_marks", "NEW.subject", ""),
    ("typing", "UPDATE", "presence_marks", "NEW.subject", "NEW.kind = 'typing'"),
    ("gone", "DELETE", "presence_marks", "OLD.subject", ""),
)
_SQLITE = """
CREATE TRIGGER news_{name} AFTER {when} ON {table} {condition} BEGIN
  INSERT INTO news (subject) VALUES ({subject});
  DELETE FROM news WHERE id <= (SELECT max(id) FROM news) - 1000;
END
"""
_POSTGRESQL = """
CREATE FUNCTION news_{name}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('news', {subject}); RETURN NULL; END $$;
CREATE TRIGGER news_{name} AFTER {when} ON {table} FOR EACH ROW {condition}
EXECUTE FUNCTION news_{name}()
"""


def upgrade() -> None:
    op.create_table(
        "news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news")),
    )
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, when, table, subject, condition in _TRIGGERS:
        made = _POSTGRESQL if postgresql else _SQLITE
        only = f"WHEN ({condition})" if condition else ""
        op.execute(made.format(name=name, when=when, table=table, subject=subject, condition=only))


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, _, table, _, _ in _TRIGGERS:
        on = f" ON {table}" if postgresql else ""
        op.execute(f"DROP TRIGGER news_{name}{on}")
        if postgresql:
            op.execute(f"DROP FUNCTION news_{name}()")
    op.drop_table("news")
