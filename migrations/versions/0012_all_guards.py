"""Hash every guard of the ledger, also those that the first fingerprint passed over.

Why: column grants, memberships, rules, policies, foreign keys asleep and the like loosen it unseen (ledger.md 10).
"""

from pathlib import Path

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def run(script: str) -> None:
    """Send a script as it stands, without looking for parameters in it."""
    op.get_bind().connection.cursor().execute(script)


def upgrade() -> None:
    """Replace log.fingerprint()."""
    run((SQL / "0012_all_guards.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Bring back the fingerprint of before."""
    before = (SQL / "0006_fingerprint.sql").read_text(encoding="utf-8")
    run(before.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1))
