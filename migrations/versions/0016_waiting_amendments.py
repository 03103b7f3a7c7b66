"""Find the tables that wait for their unit's answer to a direct completion without reading all of them.

Why: what is asked of the unit stands in the worklist of its people, which is read at every look (domain.md 5, T8).
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    op.execute(
        "CREATE INDEX standing_with_amendment ON desk.table_standing (table_id)"
        " WHERE (state -> 'amendment') IS NOT NULL"
    )


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP INDEX desk.standing_with_amendment")
