"""Find the tables that carry a revision of another without reading all of them.

Why: a revision is no table of its own where tables are counted and listed (domain.md 7; decision 0032).
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    op.execute(
        "CREATE INDEX standing_of_revisions ON desk.table_standing (table_id) WHERE state ->> 'origin' = 'revision'"
    )


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP INDEX desk.standing_of_revisions")
