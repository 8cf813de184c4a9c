"""Run by Alembic; ``Database.migrate`` hands in the open connection.

For a new revision copy the newest file in ``versions/`` and edit it: a test compares what the
revisions build with the mapped classes, and says what is still different.
"""

from alembic import context

from casework.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
