"""Let organs be renamed, moved, merged and closed: a subject of the log, ends and heirs, posts by heritage.

Why: whose work it is after a merger is answered from rows written once, not by another question at each step (0040).
"""

from pathlib import Path

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
SUBJECTS = (
    "table", "document", "reply", "person", "definition", "rule_pack", "calendar", "campaign", "log", "waiver",
    "referral",
)  # fmt: skip


def _allow(subjects: tuple[str, ...]) -> None:
    named = ", ".join(f"'{each}'" for each in subjects)
    op.execute("ALTER TABLE log.event DROP CONSTRAINT event_subject_check")
    op.execute(f"ALTER TABLE log.event ADD CONSTRAINT event_subject_check CHECK (subject IN ({named}))")


def upgrade() -> None:
    """Allow the subject, and keep what a reorganisation means for organs and posts."""
    _allow((*SUBJECTS, "organ"))
    op.get_bind().connection.cursor().execute((SQL / "0024_organs.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Forget it again; refused by the constraint where organs were ever changed."""
    _allow(SUBJECTS)
    op.execute("DROP FUNCTION desk.organ_line(text)")
    op.execute("DELETE FROM desk.post WHERE via <> ''")
    op.execute("ALTER TABLE desk.post DROP COLUMN via")
    op.execute("DROP INDEX desk.organ_by_successor")
    op.execute("ALTER TABLE desk.organ DROP COLUMN successor, DROP COLUMN ended_at")
