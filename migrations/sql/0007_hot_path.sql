-- The hot path: one statement opens tables, one records what was decided. Every check of log.append stands in
-- log.record too; the tables of the desk are the application's own, so what writes them runs with its rights.

-- Which code folded the state that stands here; a standing is believed only with the log's head and this code.
ALTER TABLE desk.table_standing ADD COLUMN code text NOT NULL DEFAULT '';

-- The stream heads follow the events: only forwards, along a chain of events that exist, of one subject.
CREATE OR REPLACE FUNCTION log.only_forwards() RETURNS trigger SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
DECLARE
  steps bigint;
  last bytea := OLD.head;
  each record;
BEGIN
  IF NEW.stream_id <> OLD.stream_id OR NEW.version <= OLD.version OR NEW.last_at < OLD.last_at
     OR NEW.subject <> OLD.subject THEN
    RAISE EXCEPTION 'append-only: head of stream % refused', OLD.stream_id USING ERRCODE = 'GT001';
  END IF;
  steps := OLD.version;
  FOR each IN SELECT e.version, e.prev_hash, e.leaf_hash, e.subject FROM log.event e
              WHERE e.stream_id = NEW.stream_id AND e.version > OLD.version AND e.version <= NEW.version
              ORDER BY e.version LOOP
    steps := steps + 1;
    EXIT WHEN each.version <> steps OR each.prev_hash <> last OR each.subject <> NEW.subject;
    last := each.leaf_hash;
  END LOOP;
  IF steps IS DISTINCT FROM NEW.version OR last IS DISTINCT FROM NEW.head THEN
    RAISE EXCEPTION 'append-only: head of stream % refused', OLD.stream_id USING ERRCODE = 'GT001';
  END IF;
  RETURN NEW;
END $$;

-- Take a stream's lock until the end of the transaction; return its head and the log's time after the wait.
CREATE OR REPLACE FUNCTION log.lock_stream(stream uuid, OUT version bigint, OUT head bytea, OUT last_at timestamptz,
                                           OUT subject text, OUT now timestamptz)
SECURITY DEFINER SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
BEGIN
  PERFORM log.require_read_committed();
  SELECT s.version, s.head, s.last_at, s.subject INTO version, head, last_at, subject
  FROM log.stream s WHERE s.stream_id = stream FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO log.stream (stream_id) VALUES (stream) ON CONFLICT DO NOTHING;
    SELECT s.version, s.head, s.last_at, s.subject INTO version, head, last_at, subject
    FROM log.stream s WHERE s.stream_id = stream FOR UPDATE;
  END IF;
  SELECT clock_timestamp() + coalesce((SELECT i.virtual_offset FROM log.installation i), interval '0') INTO now;
END $$;

-- Keep payloads of events that name their commitments; anything that no event names is refused.
CREATE FUNCTION log.keep_payloads(about jsonb, payloads bytea[])
RETURNS void SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
DECLARE
  salt  bytea;
  bound bytea;
BEGIN
  FOR n IN 1 .. cardinality(payloads) LOOP
    salt := decode(about -> (n - 1) ->> 'salt', 'hex');
    bound := sha256('\x02'::bytea || salt || payloads[n]);
    INSERT INTO log.payload (commitment, stream_id, version, kind, salt, body)
    SELECT bound, e.stream_id, e.version, about -> (n - 1) ->> 'kind', salt, payloads[n] FROM log.event e
    WHERE e.stream_id = (about -> (n - 1) ->> 'stream')::uuid AND e.version = (about -> (n - 1) ->> 'version')::bigint
      AND position(encode(bound, 'hex') IN convert_from(e.body, 'UTF8')) > 0;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'a payload that no event names' USING ERRCODE = 'GT006';
    END IF;
  END LOOP;
END $$;

-- Append the bodies, in order, each to the stream that it names and that was locked before, and keep the payloads that
-- they name, told `about` in the same order. What log.append checks of one stream this checks of each.
CREATE FUNCTION log.record(bodies bytea[], payloads bytea[], about jsonb) RETURNS bigint
SECURITY DEFINER SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
DECLARE
  here timestamptz;
  me   bigint := log.sysid();
  old  log.stream;
  tip  log.stream;
  body bytea;
  said jsonb;
  stream uuid;
  moment timestamptz;
BEGIN
  PERFORM log.require_read_committed();
  SELECT clock_timestamp() + coalesce((SELECT i.virtual_offset FROM log.installation i), interval '0') INTO here;
  FOREACH body IN ARRAY bodies LOOP
    said := convert_from(body, 'UTF8')::jsonb;
    stream := (said ->> 'stream')::uuid;
    IF tip.stream_id IS NULL OR tip.stream_id IS DISTINCT FROM stream THEN
      IF tip.version > old.version THEN
        UPDATE log.stream s SET version = tip.version, head = tip.head, last_at = tip.last_at, subject = tip.subject
        WHERE s.stream_id = tip.stream_id;
      END IF;
      SELECT s.* INTO tip FROM log.stream s WHERE s.stream_id = stream FOR UPDATE;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'lock_stream first' USING ERRCODE = 'GT002';
      END IF;
      old := tip;
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
    IF (said ->> 'content_hash') IS NOT NULL
       AND NOT EXISTS (SELECT FROM log.content c WHERE c.hash = decode(said ->> 'content_hash', 'hex')) THEN
      RAISE EXCEPTION 'content % is not in the log', said ->> 'content_hash' USING ERRCODE = 'GT006';
    END IF;
    INSERT INTO log.event (stream_id, version, prev_hash, subject, kind, shape, actor_id, at, command_id, step, sysid, body)
    VALUES (stream, tip.version + 1, tip.head, said ->> 'subject', said ->> 'kind', (said ->> 'shape')::integer,
            said -> 'actor' ->> 'id', moment, (said ->> 'command_id')::uuid, (said ->> 'step')::integer, me, body)
    RETURNING event.version, event.leaf_hash, event.at, event.subject
      INTO tip.version, tip.head, tip.last_at, tip.subject;
  END LOOP;
  IF tip.version > old.version THEN
    UPDATE log.stream s SET version = tip.version, head = tip.head, last_at = tip.last_at, subject = tip.subject
    WHERE s.stream_id = tip.stream_id;
  END IF;
  IF cardinality(payloads) > 0 THEN
    PERFORM log.keep_payloads(about, payloads);
  END IF;
  RETURN cardinality(bodies);
END $$;

-- Give every event that the last seal could not see its dense index. Numbers and snapshot come from ONE statement: two
-- would let an event slip between them. Returns how many were sealed; -1 while another sealer has the turn. What is
-- sought is spelled out as plain values: hidden in the seal's row, the planner scanned the whole log for it.
CREATE OR REPLACE FUNCTION log.seal_batch() RETURNS bigint
SECURITY DEFINER SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
DECLARE
  last   log.seal;
  me     bigint := log.sysid();
  began  xid8;
  open   xid8[];
  moved  boolean;
  sealed bigint;
BEGIN
  PERFORM log.require_read_committed();
  BEGIN
    LOCK TABLE log.turn IN EXCLUSIVE MODE NOWAIT;
  EXCEPTION WHEN lock_not_available THEN
    RETURN -1;
  END;
  SELECT s.* INTO last FROM log.seal s ORDER BY s.seal_no DESC LIMIT 1;
  began := pg_snapshot_xmax(last.snap);
  open := ARRAY(SELECT pg_snapshot_xip(last.snap));
  moved := me <> last.sysid;  -- restored into another cluster: transaction ids mean nothing there, look at everything once
  WITH unseen AS MATERIALIZED (
    SELECT e.event_id, e.leaf_hash FROM log.event e WHERE NOT moved AND e.sysid = me AND e.tx >= began
    UNION ALL
    SELECT e.event_id, e.leaf_hash FROM log.event e WHERE NOT moved AND e.sysid = me AND e.tx = ANY (open)
    UNION ALL
    SELECT e.event_id, e.leaf_hash FROM log.event e
    WHERE moved AND NOT EXISTS (SELECT FROM log.leaf l WHERE l.event_id = e.event_id)
  ), numbered AS (
    INSERT INTO log.leaf (log_index, event_id, leaf_hash)
    SELECT last.size - 1 + row_number() OVER (ORDER BY u.event_id), u.event_id, u.leaf_hash FROM unseen u
    RETURNING 1
  ), counted AS (
    SELECT count(*) AS events FROM numbered
  ), noted AS (
    INSERT INTO log.seal (seal_no, size, snap, sysid)
    SELECT last.seal_no + 1, last.size + c.events, pg_current_snapshot(), me FROM counted c
    WHERE c.events > 0 OR moved
  )
  SELECT c.events INTO sealed FROM counted c;
  RETURN sealed;
END $$;

-- Lock tables, in the order of their IDs, and return each with its standing where that is the fold of exactly this head
-- by this code, and whether the command that goes with it was recorded before. An unknown one is left out, not begun.
CREATE FUNCTION desk.open_tables(tables uuid[], commands uuid[], folded_by text)
RETURNS TABLE (table_id uuid, version bigint, head bytea, last_at timestamptz, subject text, now timestamptz,
               state text, done boolean)
SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
DECLARE command uuid;
BEGIN
  FOR table_id, command IN SELECT a.one, a.two FROM unnest(tables, commands) AS a (one, two) ORDER BY a.one LOOP
    CONTINUE WHEN NOT EXISTS (SELECT FROM log.stream s WHERE s.stream_id = open_tables.table_id);
    SELECT l.version, l.head, nullif(l.last_at, '-infinity'), l.subject, l.now
      INTO open_tables.version, open_tables.head, open_tables.last_at, open_tables.subject, open_tables.now
    FROM log.lock_stream(table_id) AS l;
    SELECT t.state::text INTO open_tables.state FROM desk.table_standing t
    WHERE t.table_id = open_tables.table_id AND t.head = open_tables.head AND t.version = open_tables.version
      AND t.code = folded_by;
    done := command IS NOT NULL AND EXISTS (
      SELECT FROM log.event e WHERE e.stream_id = open_tables.table_id AND e.command_id = command);
    RETURN NEXT;
  END LOOP;
END $$;

-- Put notices into the outbox, one row for each person (named, or who holds the role in the organ now) and channel.
CREATE FUNCTION desk.put_notices(notices jsonb) RETURNS void
SET search_path = pg_catalog, pg_temp LANGUAGE sql AS $$
  INSERT INTO desk.outbox (id, log_stream, version, kind, recipient, channel, dedupe_key, task, facts, rendered, next_at,
                           created_at)
  SELECT encode(substr(sha256(convert_to(k.key, 'UTF8')), 1, 16), 'hex')::uuid, n.stream, n.version, n.template, r.person,
         c.channel, k.key, n.task, '{}', n.rendered, n.at, n.at
  FROM jsonb_to_recordset(notices) AS n (stream uuid, version bigint, template text, person text, role text, organ text,
                                         task text, rendered jsonb, at timestamptz)
  CROSS JOIN LATERAL (
    SELECT n.person WHERE n.person IS NOT NULL
    UNION
    SELECT p.person FROM desk.post p
    WHERE n.person IS NULL AND p.role = n.role AND p.organ = n.organ AND p.to_at IS NULL) AS r (person)
  CROSS JOIN (VALUES ('inbox'), ('mail')) AS c (channel)
  CROSS JOIN LATERAL (
    SELECT concat_ws(':', n.stream, coalesce(n.task, n.version::text), n.template, r.person, c.channel)) AS k (key)
  ON CONFLICT DO NOTHING $$;

-- Record what was decided: the events with their payloads, and everything that is read from them, in one statement.
-- Rows are sought one by one: joined with a list, a table of middling size would be scanned as a whole.
-- `rows` holds lists: payloads (stream, version, kind, salt of each), standings (of tables already listed), newcomers (whole rows), left and entered (open tasks),
-- kept (which timers a table still wants), timers (new ones), notices.
CREATE FUNCTION desk.record(bodies bytea[], payloads bytea[], rows jsonb) RETURNS void
SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
DECLARE one record;
BEGIN
  IF cardinality(bodies) > 0 THEN
    PERFORM log.record(bodies, payloads, rows -> 'payloads');
  END IF;
  FOR one IN SELECT * FROM jsonb_to_recordset(rows -> 'standings') AS s (
      table_id uuid, version bigint, head text, title text, title_key text, amount_wan numeric, stage text,
      round integer, returned boolean, asked text, doc_no text, content_hash text, in_force text, disclosure text,
      colour text, total numeric, grade text, due_at timestamptz, provisional boolean, overdue boolean,
      changed_at timestamptz, state jsonb, code text) LOOP
    UPDATE desk.table_standing t SET
      version = one.version, head = decode(one.head, 'hex'), title = one.title,
      title_key = coalesce(one.title_key, t.title_key),
      amount_wan = CASE WHEN one.content_hash = t.content_hash THEN t.amount_wan ELSE one.amount_wan END,
      stage = one.stage, round = one.round, returned = one.returned, asked = one.asked, doc_no = one.doc_no,
      content_hash = one.content_hash, in_force = one.in_force, disclosure = one.disclosure, colour = one.colour,
      total = one.total, grade = one.grade, due_at = one.due_at, provisional = one.provisional, overdue = one.overdue,
      changed_at = one.changed_at, state = one.state, code = one.code
    WHERE t.table_id = one.table_id;
  END LOOP;
  FOR one IN SELECT * FROM jsonb_to_recordset(rows -> 'newcomers') AS s (table_id uuid) LOOP
    DELETE FROM desk.task k WHERE k.table_id = one.table_id;
  END LOOP;
  IF rows ? 'newcomers' THEN
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
  FOR one IN SELECT * FROM jsonb_to_recordset(rows -> 'left') AS s (table_id uuid, task text) LOOP
    DELETE FROM desk.task k WHERE k.table_id = one.table_id AND k.task = one.task;
  END LOOP;
  IF rows ? 'entered' THEN
    INSERT INTO desk.task (table_id, task, node, stage, round, role, organ, person, level, entered_at, due_at,
                           provisional, overdue)
    SELECT s.table_id, s.task, s.node, s.stage, s.round, s.role, s.organ, s.person, s.level, s.entered_at, s.due_at,
      s.provisional, s.overdue
    FROM jsonb_to_recordset(rows -> 'entered') AS s (
      table_id uuid, task text, node text, stage text, round integer, role text, organ text, person text, level text,
      entered_at timestamptz, due_at timestamptz, provisional boolean, overdue boolean);
  END IF;
  FOR one IN SELECT * FROM jsonb_to_recordset(rows -> 'kept') AS s (stream uuid, keys text[], at timestamptz) LOOP
    UPDATE desk.timer t SET state = 'cancelled', done_at = one.at
    WHERE t.stream_id = one.stream AND t.state IN ('pending', 'leased') AND NOT t.dedupe_key = ANY (one.keys);
  END LOOP;
  IF rows ? 'timers' THEN
    INSERT INTO desk.timer (id, stream_id, task, kind, dedupe_key, facts, due_at, next_at)
    SELECT encode(substr(sha256(convert_to(s.key, 'UTF8')), 1, 16), 'hex')::uuid, s.stream, s.task, s.kind, s.key,
      jsonb_build_object('provisional', s.provisional), s.due, s.due
    FROM jsonb_to_recordset(rows -> 'timers') AS s (
      stream uuid, task text, kind text, key text, provisional boolean, due timestamptz)
    ON CONFLICT DO NOTHING;
  END IF;
  IF rows ? 'notices' THEN
    PERFORM desk.put_notices(rows -> 'notices');
  END IF;
END $$;

REVOKE ALL ON FUNCTION log.keep_payloads(jsonb, bytea[]), log.record(bytea[], bytea[], jsonb),
  desk.open_tables(uuid[], uuid[], text), desk.put_notices(jsonb), desk.record(bytea[], bytea[], jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.record(bytea[], bytea[], jsonb), desk.open_tables(uuid[], uuid[], text),
  desk.put_notices(jsonb), desk.record(bytea[], bytea[], jsonb) TO gt_app;
