"""Make the ledger: events chained per stream, appended through functions alone, sealed into one dense order.

Why: nobody who holds the application's credentials may change, reorder or remove what was recorded (ledger.md 2, 4).
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
REFUSE_TO_FORGET = """
DO $$ BEGIN
  IF EXISTS (SELECT FROM log.event) THEN
    RAISE EXCEPTION 'the log holds events: it is never taken down' USING ERRCODE = 'GT001';
  END IF;
END $$"""


def run(script: str) -> None:
    """Send a script as it stands, without looking for parameters in it."""
    op.get_bind().connection.cursor().execute(script)


def upgrade() -> None:
    """Create the schema `log`, then the functions that are its only entrance."""
    run((SQL / "0001_log.sql").read_text(encoding="utf-8"))
    run((SQL / "0001_log_functions.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop the schema as long as nothing was ever recorded in it."""
    run(REFUSE_TO_FORGET)
    run("DROP SCHEMA log CASCADE")
