"""Find the tables with a request that waits for its second person without reading all of them.

Why: the request is counted above every page of whoever may confirm it (features C9, L3; segregation S10).
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    op.execute("CREATE INDEX standing_with_request ON desk.table_standing (table_id) WHERE asked IS NOT NULL")


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP INDEX desk.standing_with_request")
