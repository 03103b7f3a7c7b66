"""Remember of which table the clocks were looked at under which published calendar.

Why: after a calendar was published the worker looks at every open table once (domain.md 14, calendar.published), in
batches and whatever crashes in between; a table without a change of its clocks gets no event that could say so.
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; it may be emptied at any time: then every table is looked at once more."""
    op.execute(
        "CREATE TABLE desk.recounted (table_id uuid PRIMARY KEY, calendar text NOT NULL, version bigint NOT NULL)"
    )
    op.execute("REVOKE ALL ON desk.recounted FROM PUBLIC")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON desk.recounted TO gt_app")
    op.execute("GRANT SELECT ON desk.recounted TO gt_audit")


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TABLE desk.recounted")
