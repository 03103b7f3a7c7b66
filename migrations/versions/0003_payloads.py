"""Keep words and files that may have to be erased beside the log, bound by salted commitments.

Why: a log that nobody can change and a person's right to have words erased meet only there (features D12).
"""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def run(script: str) -> None:
    """Send a script as it stands, without looking for parameters in it."""
    op.get_bind().connection.cursor().execute(script)


def upgrade() -> None:
    """Create log.payload with the only ways in and out."""
    run((SQL / "0003_payloads.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop it; words that events commit to are lost."""
    run("""DROP TABLE log.payload; DROP FUNCTION log.only_after_erasure(); DROP FUNCTION log.erase_payloads(uuid);
DROP FUNCTION log.put_payloads(uuid, bigint[], text[], bytea[], bytea[]);
DROP FUNCTION log.erasure_recorded(uuid, bytea)""")
