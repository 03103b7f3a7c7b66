"""Keep who may act for whom, the waivers of small units, and what a worklist has to know of several signers' tasks.

Why: a deputy's rights are resolved at the moment of need, from rows with a period, not by a job (features C3, S12).
"""

from pathlib import Path

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def run(script: str) -> None:
    """Send a script as it stands, without looking for parameters in it."""
    op.get_bind().connection.cursor().execute(script)


def upgrade() -> None:
    """Create the tables, give the tasks their columns, and replace what writes notices and rows."""
    run((SQL / "0014_absence_cover.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Bring back the functions of 0010 and drop what was made; refused while the log holds a waiver."""
    before = (SQL / "0010_fewer_rows.sql").read_text(encoding="utf-8")
    run(before[before.index("CREATE OR REPLACE FUNCTION desk.put_notices"):])
    run(
        "ALTER TABLE desk.task DROP COLUMN claimed_by, DROP COLUMN delegated_to, DROP COLUMN waits_for;"
        "DROP TABLE desk.cover; DROP TABLE desk.waiver;"
        "ALTER TABLE log.event DROP CONSTRAINT event_subject_check;"
        "ALTER TABLE log.event ADD CONSTRAINT event_subject_check CHECK (subject IN"
        " ('table', 'document', 'reply', 'person', 'definition', 'rule_pack', 'calendar', 'campaign', 'log'));"
    )
