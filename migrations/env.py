"""Alembic's entrance: runs the migrations on the connection that workflows.store.migrating hands over."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=None,
    version_table_schema="migration",
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
