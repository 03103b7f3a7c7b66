"""Keep beside each table's tally how long its tasks took, for the report on handling times (办理时效).

Why: the report over ten thousand tables reads a few numbers of each instead of all their events; a cache like the tally
itself, believed at the same head and by the same code (decision 0045). It is text: read whole, never searched.
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what is kept already is counted anew, for its code is another."""
    op.execute("ALTER TABLE desk.tally ADD COLUMN visits text NOT NULL DEFAULT '[\"\",\"\",[],\"\"]'")


def downgrade() -> None:
    """Drop it."""
    op.execute("ALTER TABLE desk.tally DROP COLUMN visits")
