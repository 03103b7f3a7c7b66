"""Let a referral (移送) stand on a stream of its own, and find the few there are without reading the log.

Why: a referral must not show on the table's stream, which the unit reads; so it needs a subject (decision 0042).
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

SUBJECTS = (
    "table", "document", "reply", "person", "definition", "rule_pack", "calendar", "campaign", "log", "waiver",
)  # fmt: skip


def _allow(subjects: tuple[str, ...]) -> None:
    named = ", ".join(f"'{each}'" for each in subjects)
    op.execute("ALTER TABLE log.event DROP CONSTRAINT event_subject_check")
    op.execute(f"ALTER TABLE log.event ADD CONSTRAINT event_subject_check CHECK (subject IN ({named}))")


def upgrade() -> None:
    """Allow the subject and index its events."""
    _allow((*SUBJECTS, "referral"))
    op.execute("CREATE INDEX event_of_referrals ON log.event (event_id) WHERE subject = 'referral'")


def downgrade() -> None:
    """Forbid the subject again; refused by the constraint where a referral was made."""
    op.execute("DROP INDEX log.event_of_referrals")
    _allow(SUBJECTS)
