"""Find the drafts of new projects whose appraisal waits for the department without reading all tables.

Why: what waits to be confirmed is counted above every page (feature N10).
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    op.execute(
        "CREATE INDEX standing_with_appraisal ON desk.table_standing (table_id) "
        "WHERE (state -> 'appraisal') IS NOT NULL AND stage = 'draft'"
    )


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP INDEX desk.standing_with_appraisal")
