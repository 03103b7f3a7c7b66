"""Find the overdue tasks of a post without reading all of its tasks.

Why: they are counted above every page, up to a thousand; a post of a bureau may hold tens of thousands of tasks.
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    op.execute("CREATE INDEX task_overdue ON desk.task (role, organ) WHERE overdue")


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP INDEX desk.task_overdue")
