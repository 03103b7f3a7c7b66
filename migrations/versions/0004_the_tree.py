"""Give the log its name, its hash tiles and its signed notes.

Why: an outside copy of one small note is what catches the owner of the database (ledger.md 5, 7).
"""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def run(script: str) -> None:
    """Send a script as it stands, without looking for parameters in it."""
    op.get_bind().connection.cursor().execute(script)


def upgrade() -> None:
    """Create log.tile and log.checkpoint and name the installation's log."""
    run((SQL / "0004_tree.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop tiles and notes; they can be made anew from the leaves, but for the signatures."""
    run("""DROP TABLE log.tile, log.checkpoint; REVOKE SELECT ON log.installation FROM gt_sealer;
CREATE OR REPLACE FUNCTION log.only_later() RETURNS trigger SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.mode <> OLD.mode OR NEW.created_at <> OLD.created_at OR NEW.single <> OLD.single
     OR OLD.mode = 'production' OR NEW.virtual_offset < OLD.virtual_offset THEN
    RAISE EXCEPTION 'installation: change refused' USING ERRCODE = 'GT005';
  END IF;
  RETURN NEW;
END $$;
ALTER TABLE log.installation DROP COLUMN log_id""")
