"""Hash everything that guards the ledger.

Why: a guard that somebody with the owner's rights loosened must not go unseen (ledger.md 10).
"""

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def run(script: str) -> None:
    """Send a script as it stands, without looking for parameters in it."""
    op.get_bind().connection.cursor().execute(script)


def upgrade() -> None:
    """Create log.fingerprint()."""
    run((SQL / "0006_fingerprint.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop it."""
    run("""DROP FUNCTION log.fingerprint()""")
