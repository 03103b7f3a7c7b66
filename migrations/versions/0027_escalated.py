"""Find the few late tasks that a ladder handed to a superior without reading every table's state.

Why: they stand on the superior's worklist beside his own tasks, which is asked for above every page (decision 0045).
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    op.execute("""
CREATE INDEX table_escalated ON desk.table_standing (table_id) WHERE state @? '$.desks[*].escalated[*]'""")


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP INDEX desk.table_escalated")
