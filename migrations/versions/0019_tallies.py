"""Keep each table's few numbers for the statistics beside it, so that a page over ten thousand tables is quick.

Why: a tally is computed from the table's history alone; this is a cache, believed only at the head and by the code that
made it (decision 0029). The body is text: it is read whole, never searched.
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the cache, and find evaluated tables without reading all."""
    op.execute(
        "CREATE TABLE desk.tally (table_id uuid PRIMARY KEY, version bigint NOT NULL,"
        " head bytea NOT NULL CHECK (octet_length(head) = 32), code text NOT NULL, body text NOT NULL)"
    )
    op.execute(
        "CREATE INDEX standing_with_assessment ON desk.table_standing (table_id)"
        " WHERE ((state -> 'assessments') IS NOT NULL OR (state -> 'recommendations') IS NOT NULL)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON desk.tally TO gt_app")
    op.execute("GRANT SELECT ON desk.tally TO gt_audit")


def downgrade() -> None:
    """Drop both."""
    op.execute("DROP INDEX desk.standing_with_assessment")
    op.execute("DROP TABLE desk.tally")
