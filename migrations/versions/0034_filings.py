"""Find the filings of a table without looking at its other events: an index of those four kinds alone.

Why: a campaign's board asks of each of ten thousand tables since when it is filed; it read every event of theirs
(features I3, decision 0051). Only the few filings pay for it when they are written.
"""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.execute(
        "CREATE INDEX event_of_filings ON log.event (stream_id, version) INCLUDE (kind, at) "
        "WHERE kind IN ('table.submitted', 'table.withdrawn', 'monitoring.filed', 'selfeval.filed')"
    )


def downgrade() -> None:
    """Take it away again."""
    op.execute("DROP INDEX log.event_of_filings")
