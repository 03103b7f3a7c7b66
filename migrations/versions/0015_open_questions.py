"""Find the tables about which somebody waits for an answer (an extension, an opinion) without reading all of them.

Why: what is asked of a person stands in his worklist, which is read at every look (features A19, B12).
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    op.execute(
        "CREATE INDEX standing_with_questions ON desk.table_standing (table_id)"
        """ WHERE jsonb_path_exists(state, '$.inquiries[*] ? (@.state == "open")')"""
    )


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP INDEX desk.standing_with_questions")
