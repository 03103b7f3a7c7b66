"""Keep one timer row for each task and no second unique index where the ID is the key's hash.

Why: an approval set five timers and cancelled five, each in five indexes (performance.md, what stands in the way).
"""

from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def run(script: str) -> None:
    """Send a script as it stands, without looking for parameters in it."""
    op.get_bind().connection.cursor().execute(script)


def upgrade() -> None:
    """Derive the timers' identifiers, change the indexes, and let the write take rungs that follow."""
    run((SQL / "0010_fewer_rows.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Set every rung that still follows as a row of its own, and bring back the indexes and the write of before."""
    run("""
INSERT INTO desk.timer (id, stream_id, task, kind, dedupe_key, facts, due_at, next_at)
SELECT encode(substr(sha256(convert_to(k.key, 'UTF8')), 1, 16), 'hex')::uuid, t.stream_id, t.task, n.one ->> 'kind',
  k.key, jsonb_build_object('provisional', n.one -> 'provisional'), (n.one ->> 'due')::timestamptz,
  (n.one ->> 'due')::timestamptz
FROM desk.timer t CROSS JOIN LATERAL jsonb_array_elements(t.facts -> 'then') AS n (one)
CROSS JOIN LATERAL (SELECT concat_ws(':', t.stream_id, t.task, n.one ->> 'kind')) AS k (key)
WHERE t.state IN ('pending', 'leased') ON CONFLICT DO NOTHING;
DROP INDEX desk.timer_open;
CREATE INDEX timer_of_task ON desk.timer (stream_id, task);
CREATE INDEX task_by_due ON desk.task (due_at) WHERE due_at IS NOT NULL;
ALTER TABLE desk.timer ADD UNIQUE (dedupe_key);
ALTER TABLE desk.outbox ADD UNIQUE (dedupe_key);
""")
    before = (SQL / "0007_hot_path.sql").read_text(encoding="utf-8")
    begins, ends = before.index("CREATE FUNCTION desk.put_notices("), before.index("REVOKE ALL ON FUNCTION log.keep")
    run(before[begins:ends].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
