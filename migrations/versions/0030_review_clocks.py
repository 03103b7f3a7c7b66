"""Keep beside a filing document until when its department part is owed a review, and whether that is over.

Why: the review of a document's part has a clock, reminders and a place on the worklist (features B1, B5, B7,
decision 0050). What waits gets its clock from the worker that looks for documents without one.
"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and the index by which the worker and the worklist find what waits."""
    op.execute(
        "ALTER TABLE desk.document ADD COLUMN part_due_at timestamptz, "
        "ADD COLUMN part_provisional boolean NOT NULL DEFAULT false, "
        "ADD COLUMN part_calendar text NOT NULL DEFAULT '', ADD COLUMN part_clock integer NOT NULL DEFAULT 0, "
        "ADD COLUMN part_overdue boolean NOT NULL DEFAULT false;"
        "CREATE INDEX document_part_waits ON desk.document (part_due_at) "
        "WHERE part_state IN ('at_department', 'at_finance');"
    )


def downgrade() -> None:
    """Take them away again."""
    op.execute(
        "DROP INDEX desk.document_part_waits;"
        "ALTER TABLE desk.document DROP COLUMN part_due_at, DROP COLUMN part_provisional, DROP COLUMN part_calendar, "
        "DROP COLUMN part_clock, DROP COLUMN part_overdue;"
    )
