-- What one command records is written list by list, not row by row: a statement costs as much as the row that it writes.
-- Plans are made once for whatever the lists hold; made anew for each call, planning took longer than the work.

-- Keep payloads of events that name their commitments, told `about` in the same order; one that no event names is refused.
CREATE OR REPLACE FUNCTION log.keep_payloads(about jsonb, payloads bytea[])
RETURNS void SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
DECLARE kept bigint;
BEGIN
  INSERT INTO log.payload (commitment, stream_id, version, kind, salt, body)
  SELECT g.bound, e.stream_id, e.version, g.kind, g.salt, g.body
  FROM (SELECT sha256('\x02'::bytea || decode(p.salt, 'hex') || p.body) AS bound, p.stream, p.version, p.kind,
               decode(p.salt, 'hex') AS salt, p.body
        FROM ROWS FROM (unnest(payloads), jsonb_to_recordset(about) AS (stream uuid, version bigint, kind text, salt text))
          AS p (body, stream, version, kind, salt)) AS g
  CROSS JOIN LATERAL (
    SELECT e.stream_id, e.version FROM log.event e
    WHERE e.stream_id = g.stream AND e.version = g.version
      AND position(encode(g.bound, 'hex') IN convert_from(e.body, 'UTF8')) > 0 LIMIT 1) AS e;
  GET DIAGNOSTICS kept = ROW_COUNT;
  IF kept <> cardinality(payloads) THEN
    RAISE EXCEPTION 'a payload that no event names' USING ERRCODE = 'GT006';
  END IF;
END $$;

-- Say why the first of these bodies that may not follow may not: what log.record weighs for all, one after the other.
CREATE FUNCTION log.refuse_bodies(bodies bytea[]) RETURNS void
SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
DECLARE
  here timestamptz := log.now();
  tip  log.stream;
  body bytea;
  said jsonb;
  moment timestamptz;
BEGIN
  FOREACH body IN ARRAY bodies LOOP
    said := convert_from(body, 'UTF8')::jsonb;
    IF tip.stream_id IS DISTINCT FROM (said ->> 'stream')::uuid THEN
      SELECT s.* INTO tip FROM log.stream s WHERE s.stream_id = (said ->> 'stream')::uuid;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'lock_stream first' USING ERRCODE = 'GT002';
      END IF;
    END IF;
    IF (said ->> 'version')::bigint IS DISTINCT FROM tip.version + 1
       OR decode(said ->> 'prev', 'hex') IS DISTINCT FROM tip.head THEN
      RAISE EXCEPTION 'stale version % (head is %)', said ->> 'version', tip.version USING ERRCODE = '40001';
    END IF;
    IF tip.version > 0 AND (said ->> 'subject') IS DISTINCT FROM tip.subject THEN
      RAISE EXCEPTION 'a stream about % does not continue about %', tip.subject, said ->> 'subject'
        USING ERRCODE = 'GT007';
    END IF;
    moment := (said ->> 'at')::timestamptz;
    IF moment IS NULL OR moment < tip.last_at OR moment NOT BETWEEN here - interval '2 min' AND here + interval '5 s' THEN
      RAISE EXCEPTION 'event time % out of bounds', moment USING ERRCODE = 'GT003';
    END IF;
    PERFORM log.check_content(said ->> 'content_hash');
    tip.version := tip.version + 1;
    tip.head := sha256('\x00'::bytea || body);
    tip.last_at := moment;
    tip.subject := said ->> 'subject';
  END LOOP;
  RAISE EXCEPTION 'events refused' USING ERRCODE = 'GT002';
END $$;

-- Append the bodies, in order, each to the stream that it names and that was locked before, and keep the payloads that
-- they name, told `about` in the same order. A body follows the one before it of its stream, the first the stream's head.
CREATE OR REPLACE FUNCTION log.record(bodies bytea[], payloads bytea[], about jsonb) RETURNS bigint
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
LANGUAGE plpgsql AS $$
DECLARE
  tip  record;
  kept bigint := 0;
BEGIN
  PERFORM log.require_read_committed();
  FOR tip IN
    WITH here AS MATERIALIZED (
      SELECT log.now() AS now, log.sysid() AS me
    ), read AS MATERIALIZED (
      SELECT b.n, b.body, convert_from(b.body, 'UTF8')::jsonb AS said FROM unnest(bodies) WITH ORDINALITY AS b (body, n)
    ), said AS MATERIALIZED (
      SELECT r.n, r.body, r.said, (r.said ->> 'stream')::uuid AS stream, (r.said ->> 'version')::bigint AS version,
        r.said ->> 'subject' AS subject, (r.said ->> 'at')::timestamptz AS at
      FROM read r
    ), linked AS (
      SELECT s.*, coalesce(lag(s.version) OVER follows, t.version) + 1 AS next,
        coalesce(lag(sha256('\x00'::bytea || s.body)) OVER follows, t.head) AS head,
        coalesce(lag(s.subject) OVER follows, t.subject) AS about,
        coalesce(lag(s.at) OVER follows, t.last_at) AS last_at
      FROM said s CROSS JOIN LATERAL (
        SELECT o.version, o.head, o.last_at, o.subject FROM log.stream o WHERE o.stream_id = s.stream FOR UPDATE) AS t
      WINDOW follows AS (PARTITION BY s.stream ORDER BY s.n)
    ), put AS (
      INSERT INTO log.event (stream_id, version, prev_hash, subject, kind, shape, actor_id, at, command_id, step, sysid,
                             body)
      SELECT l.stream, l.next, l.head, l.subject, l.said ->> 'kind', (l.said ->> 'shape')::integer,
        l.said -> 'actor' ->> 'id', l.at, (l.said ->> 'command_id')::uuid, (l.said ->> 'step')::integer, here.me, l.body
      FROM linked l CROSS JOIN here
      WHERE l.version = l.next AND decode(l.said ->> 'prev', 'hex') = l.head AND (l.next = 1 OR l.subject = l.about)
        AND l.at >= l.last_at AND l.at BETWEEN here.now - interval '2 min' AND here.now + interval '5 s'
        AND (l.said ->> 'content_hash' IS NULL
             OR (SELECT true FROM log.content c WHERE c.hash = decode(l.said ->> 'content_hash', 'hex')))
      ORDER BY l.n
      RETURNING stream_id, version, leaf_hash, at, subject
    )
    SELECT DISTINCT ON (p.stream_id) p.*, count(*) OVER () AS kept FROM put p ORDER BY p.stream_id, p.version DESC
  LOOP
    kept := tip.kept;
    EXIT WHEN kept <> cardinality(bodies);
    UPDATE log.stream s SET version = tip.version, head = tip.leaf_hash, last_at = tip.at, subject = tip.subject
    WHERE s.stream_id = tip.stream_id;
  END LOOP;
  IF kept <> cardinality(bodies) THEN
    PERFORM log.refuse_bodies(bodies);
  END IF;
  IF cardinality(payloads) > 0 THEN
    PERFORM log.keep_payloads(about, payloads);
  END IF;
  RETURN kept;
END $$;

-- Record what was decided, as 0014 says it. Rows are sought by their keys, however few the planner believes there to be: a
-- plan that reads a small table as a whole would be kept while the table grows.
CREATE OR REPLACE FUNCTION desk.record(bodies bytea[], payloads bytea[], rows jsonb) RETURNS void
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(bodies) > 0 THEN
    PERFORM log.record(bodies, payloads, rows -> 'payloads');
  END IF;
  IF rows ? 'standings' THEN
    UPDATE desk.table_standing t SET
      version = one.version, head = decode(one.head, 'hex'), owner = one.owner, title = one.title,
      title_key = coalesce(one.title_key, t.title_key),
      amount_wan = CASE WHEN one.content_hash = t.content_hash THEN t.amount_wan ELSE one.amount_wan END,
      stage = one.stage, round = one.round, returned = one.returned, asked = one.asked, doc_no = one.doc_no,
      content_hash = one.content_hash, in_force = one.in_force, disclosure = one.disclosure, colour = one.colour,
      total = one.total, grade = one.grade, due_at = one.due_at, provisional = one.provisional, overdue = one.overdue,
      changed_at = one.changed_at, state = one.state, code = one.code
    FROM jsonb_to_recordset(rows -> 'standings') AS one (
      table_id uuid, version bigint, head text, owner text, title text, title_key text, amount_wan numeric, stage text,
      round integer, returned boolean, asked text, doc_no text, content_hash text, in_force text, disclosure text,
      colour text, total numeric, grade text, due_at timestamptz, provisional boolean, overdue boolean,
      changed_at timestamptz, state jsonb, code text)
    WHERE t.table_id = one.table_id;
  END IF;
  IF rows ? 'newcomers' THEN
    DELETE FROM desk.task k USING jsonb_to_recordset(rows -> 'newcomers') AS one (table_id uuid)
    WHERE k.table_id = one.table_id;
    INSERT INTO desk.table_standing (
      table_id, version, head, document, ordinal, bureau, department, unit, owner, year, title, title_key, family, scope,
      amount_wan, stage, round, returned, asked, doc_no, content_hash, in_force, disclosure, colour, total, grade,
      due_at, provisional, overdue, created_at, changed_at, state, code)
    SELECT s.table_id, s.version, decode(s.head, 'hex'), s.document, s.ordinal, s.bureau, s.department, s.unit, s.owner,
      s.year, s.title, s.title_key, s.family, s.scope, s.amount_wan, s.stage, s.round, s.returned, s.asked, s.doc_no,
      s.content_hash, s.in_force, s.disclosure, s.colour, s.total, s.grade, s.due_at, s.provisional, s.overdue,
      s.created_at, s.changed_at, s.state, s.code
    FROM jsonb_to_recordset(rows -> 'newcomers') AS s (
      table_id uuid, version bigint, head text, document uuid, ordinal integer, bureau text, department text, unit text,
      owner text, year integer, title text, title_key text, family text, scope text, amount_wan numeric, stage text,
      round integer, returned boolean, asked text, doc_no text, content_hash text, in_force text, disclosure text,
      colour text, total numeric, grade text, due_at timestamptz, provisional boolean, overdue boolean,
      created_at timestamptz, changed_at timestamptz, state jsonb, code text)
    ON CONFLICT (table_id) DO UPDATE SET
      version = excluded.version, head = excluded.head, document = excluded.document, ordinal = excluded.ordinal,
      bureau = excluded.bureau, department = excluded.department, unit = excluded.unit, owner = excluded.owner,
      year = excluded.year, title = excluded.title, title_key = excluded.title_key, family = excluded.family,
      scope = excluded.scope, amount_wan = excluded.amount_wan, stage = excluded.stage, round = excluded.round,
      returned = excluded.returned, asked = excluded.asked, doc_no = excluded.doc_no,
      content_hash = excluded.content_hash, in_force = excluded.in_force, disclosure = excluded.disclosure,
      colour = excluded.colour, total = excluded.total, grade = excluded.grade, due_at = excluded.due_at,
      provisional = excluded.provisional, overdue = excluded.overdue, changed_at = excluded.changed_at,
      state = excluded.state, code = excluded.code;
  END IF;
  IF rows ? 'left' THEN
    DELETE FROM desk.task k USING jsonb_to_recordset(rows -> 'left') AS one (table_id uuid, task text)
    WHERE k.table_id = one.table_id AND k.task = one.task;
  END IF;
  IF rows ? 'entered' THEN
    INSERT INTO desk.task (table_id, task, node, stage, round, role, organ, person, level, entered_at, due_at,
                           provisional, overdue, claimed_by, delegated_to, waits_for)
    SELECT s.table_id, s.task, s.node, s.stage, s.round, s.role, s.organ, s.person, s.level, s.entered_at, s.due_at,
      s.provisional, s.overdue, s.claimed_by, s.delegated_to, s.waits_for
    FROM jsonb_to_recordset(rows -> 'entered') AS s (
      table_id uuid, task text, node text, stage text, round integer, role text, organ text, person text, level text,
      entered_at timestamptz, due_at timestamptz, provisional boolean, overdue boolean, claimed_by text,
      delegated_to text, waits_for text[]);
  END IF;
  IF rows ? 'kept' THEN
    UPDATE desk.timer t SET state = 'cancelled', done_at = one.at
    FROM jsonb_to_recordset(rows -> 'kept') AS one (stream uuid, keys text[], at timestamptz)
    WHERE t.stream_id = one.stream AND t.state IN ('pending', 'leased') AND NOT t.dedupe_key = ANY (one.keys);
  END IF;
  IF rows ? 'timers' THEN
    INSERT INTO desk.timer (id, stream_id, task, kind, dedupe_key, facts, due_at, next_at)
    SELECT encode(substr(sha256(convert_to(s.key, 'UTF8')), 1, 16), 'hex')::uuid, s.stream, s.task, s.kind, s.key,
      jsonb_build_object('provisional', s.provisional, 'then', s."then"), s.due, s.due
    FROM jsonb_to_recordset(rows -> 'timers') AS s (
      stream uuid, task text, kind text, key text, provisional boolean, due timestamptz, "then" jsonb)
    ON CONFLICT DO NOTHING;
  END IF;
  IF rows ? 'notices' THEN
    PERFORM desk.put_notices(rows -> 'notices');
  END IF;
END $$;

REVOKE ALL ON FUNCTION log.refuse_bodies(bytea[]) FROM PUBLIC;
