"""One statement opens tables, one records what was decided.

Why: an approval was seventeen round trips and twelve times the CPU of a raw loop (performance.md, decision 0009).
"""

import re
from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
BEFORE = (
    ("0001_log.sql", "log.only_forwards()"), ("0001_log_functions.sql", "log.lock_stream(stream uuid"),
    ("0001_log_functions.sql", "log.seal_batch()"),
)  # fmt: skip
"""The functions that this step replaces, and the script in which each stands as it was before."""


def run(script: str) -> None:
    """Send a script as it stands, without looking for parameters in it."""
    op.get_bind().connection.cursor().execute(script)


def upgrade() -> None:
    """Create the functions of the hot path; say which code folded a standing."""
    run((SQL / "0007_hot_path.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop them, and give the three replaced functions back what they said."""
    run("""
DROP FUNCTION desk.record(bytea[], bytea[], jsonb);
DROP FUNCTION desk.put_notices(jsonb);
DROP FUNCTION desk.open_tables(uuid[], uuid[], text);
DROP FUNCTION log.record(bytea[], bytea[], jsonb);
DROP FUNCTION log.keep_payloads(jsonb, bytea[]);
ALTER TABLE desk.table_standing DROP COLUMN code;
""")
    for script, name in BEFORE:
        text = (SQL / script).read_text(encoding="utf-8")
        found = re.search(rf"CREATE FUNCTION {re.escape(name)}.*?\nEND \$\$;", text, re.DOTALL)
        run(found.group().replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1))
