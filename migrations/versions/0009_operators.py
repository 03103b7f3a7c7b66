"""Order the operators' traces, keep the three officers' posts apart, clean within the law's period.

Why: the database holds what no program may forget (ledger.md 10: administrators, retention).
"""

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def run(script: str) -> None:
    """Send a script as it stands, without looking for parameters in it."""
    op.get_bind().connection.cursor().execute(script)


def upgrade() -> None:
    """Create the index, the trigger and the cleaning."""
    run((SQL / "0009_operators.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop them."""
    run("""
DROP FUNCTION desk.clean(integer);
DROP TRIGGER one_officer ON desk.post;
DROP FUNCTION desk.one_officer();
DROP INDEX log.event_of_operators;
""")
