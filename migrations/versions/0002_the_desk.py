"""Make the desk: cached standings and tasks, outbox, timers, inbox, drafts, accounts, organs, posts and snapshots.

Why: work lists must never be stale, so they are written in the transaction that appends (ledger.md 2, 9).
"""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def run(script: str) -> None:
    """Send a script as it stands, without looking for parameters in it."""
    op.get_bind().connection.cursor().execute(script)


def upgrade() -> None:
    """Create the schema `desk`."""
    run((SQL / "0002_desk.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop the schema; its caches can be rebuilt, its accounts and drafts are lost."""
    run("DROP SCHEMA desk CASCADE")
