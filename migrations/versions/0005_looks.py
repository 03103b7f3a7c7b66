"""Remember what each person last saw of each table.

Why: a reviewer first wants to see what changed since (features D8).
"""

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def run(script: str) -> None:
    """Send a script as it stands, without looking for parameters in it."""
    op.get_bind().connection.cursor().execute(script)


def upgrade() -> None:
    """Create desk.look."""
    run((SQL / "0005_looks.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop it; what people saw is forgotten."""
    run("""DROP TABLE desk.look""")
