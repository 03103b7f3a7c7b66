"""Let notices go out as text messages, in short, to those who gave a mobile number and want them.

Why: overdue and red notices have to reach people who sit at no desk (features H2, decision 0052).
"""

from pathlib import Path

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
FUNCTION = "CREATE OR REPLACE FUNCTION desk.put_notices"


def run(script: str) -> None:
    """Send a script as it stands, without looking for parameters in it."""
    op.get_bind().connection.cursor().execute(script)


def upgrade() -> None:
    """Allow the channel and replace what writes notices."""
    run((SQL / "0029_sms.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Bring back the function of 0025; refused while a row is on the channel."""
    before = (SQL / "0025_delivery.sql").read_text(encoding="utf-8")
    run(before[before.index(FUNCTION) :])
    run(
        "ALTER TABLE desk.outbox DROP CONSTRAINT outbox_channel_check;"
        "ALTER TABLE desk.outbox ADD CONSTRAINT outbox_channel_check"
        " CHECK (channel ~ '^(inbox|mail|wecom|dingtalk|feishu|console|webhook:[a-z0-9-]{1,30})$');"
    )
