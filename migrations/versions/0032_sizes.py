"""Let the application tell the planner the sizes of the read tables it has just made anew.

Why: after a rebuild the planner goes by the sizes of before until autovacuum comes, and pages take twice as long; only
the owner may ANALYZE.
"""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the function that looks at the read tables' sizes."""
    op.execute("""
CREATE FUNCTION desk.look_at_sizes() RETURNS void
SECURITY DEFINER SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
BEGIN
  ANALYZE desk.table_standing, desk.task, desk.document, desk.post, desk.cover, desk.waiver;
END $$""")
    op.execute("REVOKE ALL ON FUNCTION desk.look_at_sizes() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION desk.look_at_sizes() TO gt_app")


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP FUNCTION desk.look_at_sizes()")
