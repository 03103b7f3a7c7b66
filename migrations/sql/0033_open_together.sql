-- Tables are locked by one statement and read by the next, whose view begins after the wait: not one after the other.

-- Take the locks of streams that are there, in the order of their IDs, until the end of the transaction.
CREATE FUNCTION log.lock_streams(streams uuid[]) RETURNS void
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM log.require_read_committed();
  PERFORM FROM log.stream s WHERE s.stream_id = ANY (streams) ORDER BY s.stream_id FOR UPDATE;
END $$;

-- Lock tables and return each, as 0007 says it; an unknown one is left out, not begun.
CREATE OR REPLACE FUNCTION desk.open_tables(tables uuid[], commands uuid[], folded_by text)
RETURNS TABLE (table_id uuid, version bigint, head bytea, last_at timestamptz, subject text, now timestamptz,
               state text, done boolean)
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan LANGUAGE plpgsql AS $$
DECLARE here timestamptz;
BEGIN
  PERFORM log.lock_streams(tables);
  here := log.now();
  RETURN QUERY
    SELECT s.stream_id, s.version, s.head, nullif(s.last_at, '-infinity'), s.subject, here, t.state::text,
      coalesce((SELECT true FROM log.event e WHERE e.stream_id = s.stream_id AND e.command_id = a.two LIMIT 1), false)
    FROM unnest(tables, commands) AS a (one, two)
    CROSS JOIN LATERAL (SELECT l.* FROM log.stream l WHERE l.stream_id = a.one LIMIT 1) AS s
    LEFT JOIN LATERAL (
      SELECT k.state FROM desk.table_standing k
      WHERE k.table_id = s.stream_id AND k.head = s.head AND k.version = s.version AND k.code = folded_by LIMIT 1
    ) AS t ON true;
END $$;

REVOKE ALL ON FUNCTION log.lock_streams(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.lock_streams(uuid[]) TO gt_app;
