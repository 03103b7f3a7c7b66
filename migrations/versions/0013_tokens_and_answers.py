"""Keep access tokens and the answers of commands of the REST interface.

Why: whoever asks by program shows a token instead of a session, and a repeated command gets its first answer.
"""

from pathlib import Path

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def run(script: str) -> None:
    """Send a script as it stands, without looking for parameters in it."""
    op.get_bind().connection.cursor().execute(script)


def upgrade() -> None:
    """Create both tables."""
    run((SQL / "0013_tokens_and_answers.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop them."""
    run("DROP TABLE desk.answer; DROP TABLE desk.token;")
