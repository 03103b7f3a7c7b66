"""Keep what a person wants to be told where and when, the bureau's words for notices, and channels that rest.

Why: a notice goes out in the bureau's words, on the channels and at the hours that its receiver chose (decision 0046).
"""

from pathlib import Path

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
SUBJECTS = (
    "table", "document", "reply", "person", "definition", "rule_pack", "calendar", "campaign", "log", "waiver",
    "referral", "organ",
)  # fmt: skip


def run(script: str) -> None:
    """Send a script as it stands, without looking for parameters in it."""
    op.get_bind().connection.cursor().execute(script)


def _allow(subjects: tuple[str, ...]) -> None:
    named = ", ".join(f"'{each}'" for each in subjects)
    run("ALTER TABLE log.event DROP CONSTRAINT event_subject_check")
    run(f"ALTER TABLE log.event ADD CONSTRAINT event_subject_check CHECK (subject IN ({named}))")


def upgrade() -> None:
    """Create the tables, widen the outbox, and replace what writes notices."""
    _allow((*SUBJECTS, "template", "notice"))
    run((SQL / "0025_delivery.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Bring back the function of 0014 and drop what was made; refused while a row is held or on a newer channel."""
    before = (SQL / "0014_absence_cover.sql").read_text(encoding="utf-8")
    begins = before.index("CREATE OR REPLACE FUNCTION desk.put_notices")
    run(before[begins : before.index("-- Record what was decided", begins)])
    run(
        "DROP FUNCTION desk.filled(jsonb, jsonb);"
        "DROP INDEX desk.outbox_of_receiver; DROP INDEX desk.outbox_dead; DROP INDEX desk.outbox_waiting;"
        "CREATE INDEX outbox_waiting ON desk.outbox (next_at) WHERE state IN ('pending', 'uncertain');"
        "ALTER TABLE desk.outbox DROP COLUMN class, DROP COLUMN urgent, DROP COLUMN gathers;"
        "ALTER TABLE desk.outbox DROP CONSTRAINT outbox_state_check;"
        "ALTER TABLE desk.outbox ADD CONSTRAINT outbox_state_check"
        " CHECK (state IN ('pending', 'leased', 'sending', 'uncertain', 'sent', 'dropped', 'dead'));"
        "ALTER TABLE desk.outbox DROP CONSTRAINT outbox_channel_check;"
        "ALTER TABLE desk.outbox ADD CONSTRAINT outbox_channel_check CHECK (channel IN ('inbox', 'mail'));"
        "DROP TABLE desk.notice_preference; DROP TABLE desk.notice_words; DROP TABLE desk.channel_rest;"
    )
    _allow(SUBJECTS)
