"""Keep with each filing document which version of its department part is in force and whose turn it is.

Why: a document is amended and reviewed after it was filed (decision 0027); the list shows how each stands.
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the two columns; what was filed before waits for the department's finance office."""
    op.execute("ALTER TABLE desk.document ADD COLUMN part_number integer, ADD COLUMN part_state text")
    op.execute(
        "UPDATE desk.document SET part_number = CASE WHEN department_part IS NULL THEN 0 ELSE 1 END,"
        " part_state = CASE WHEN department_part IS NULL THEN 'absent' ELSE 'at_department' END"
    )
    op.execute(
        "ALTER TABLE desk.document ALTER COLUMN part_number SET NOT NULL, ALTER COLUMN part_state SET NOT NULL"
    )


def downgrade() -> None:
    """Drop them."""
    op.execute("ALTER TABLE desk.document DROP COLUMN part_number, DROP COLUMN part_state")
