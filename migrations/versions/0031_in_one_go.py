"""Write the events of a command, and each list of rows read from them, in one statement.

Why: an INSERT reads the table's checks and opens its indexes anew (decision 0053).
"""

import re
from pathlib import Path

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
BEFORE = (
    ("0007_hot_path.sql", "log.keep_payloads("), ("0007_hot_path.sql", "log.record("),
    ("0014_absence_cover.sql", "desk.record("),
)  # fmt: skip
"""The functions that this step replaces, and the script in which each stands as it was before."""


def run(script: str) -> None:
    """Send a script as it stands, without looking for parameters in it."""
    op.get_bind().connection.cursor().execute(script)


def upgrade() -> None:
    """Replace what appends events, keeps payloads and writes the desk."""
    run((SQL / "0031_in_one_go.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Bring back what wrote row by row."""
    for script, name in BEFORE:
        text = (SQL / script).read_text(encoding="utf-8")
        found = re.search(rf"CREATE (OR REPLACE )?FUNCTION {re.escape(name)}.*?\nEND \$\$;", text, re.DOTALL)
        run(re.sub("^CREATE (OR REPLACE )?FUNCTION", "CREATE OR REPLACE FUNCTION", found.group(), count=1))
    run("DROP FUNCTION log.refuse_bodies(bytea[])")
