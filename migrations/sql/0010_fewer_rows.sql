-- One timer row waits for each task: the first rung of its ladder, which knows the others (`then`, in order: kind, due,
-- provisional) and makes the next one when it fires. Eight rows less are written for an approval. Rows set before keep
-- their places: all rungs of their tasks are there, and the key's hash as ID lets no rung be set twice.
UPDATE desk.timer t SET id = encode(substr(sha256(convert_to(t.dedupe_key, 'UTF8')), 1, 16), 'hex')::uuid
WHERE t.id <> encode(substr(sha256(convert_to(t.dedupe_key, 'UTF8')), 1, 16), 'hex')::uuid;

-- An ID that is the hash of the key needs no second unique index. Of a table's timers only the open ones are sought; no
-- task is sought by its due day alone.
ALTER TABLE desk.timer DROP CONSTRAINT timer_dedupe_key_key;
ALTER TABLE desk.outbox DROP CONSTRAINT outbox_dedupe_key_key;
DROP INDEX desk.timer_of_task;
DROP INDEX desk.task_by_due;
CREATE INDEX timer_open ON desk.timer (stream_id) WHERE state IN ('pending', 'leased');

-- Put notices into the outbox, one row for each person (named, or who holds the role in the organ now) and channel;
-- who is found twice has one ID. Its plan is kept in the session.
CREATE OR REPLACE FUNCTION desk.put_notices(notices jsonb) RETURNS void
SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO desk.outbox (id, log_stream, version, kind, recipient, channel, dedupe_key, task, facts, rendered, next_at,
                           created_at)
  SELECT encode(substr(sha256(convert_to(k.key, 'UTF8')), 1, 16), 'hex')::uuid, n.stream, n.version, n.template, r.person,
         c.channel, k.key, n.task, '{}', n.rendered, n.at, n.at
  FROM jsonb_to_recordset(notices) AS n (stream uuid, version bigint, template text, person text, role text, organ text,
                                         task text, rendered jsonb, at timestamptz)
  CROSS JOIN LATERAL (
    SELECT n.person WHERE n.person IS NOT NULL
    UNION ALL
    SELECT p.person FROM desk.post p
    WHERE n.person IS NULL AND p.role = n.role AND p.organ = n.organ AND p.to_at IS NULL) AS r (person)
  CROSS JOIN (VALUES ('inbox'), ('mail')) AS c (channel)
  CROSS JOIN LATERAL (
    SELECT concat_ws(':', n.stream, coalesce(n.task, n.version::text), n.template, r.person, c.channel)) AS k (key)
  ON CONFLICT DO NOTHING;
END $$;

-- Record what was decided: the events with their payloads, and everything that is read from them, in one statement.
-- Rows are sought one by one: joined with a list, a table of middling size would be scanned as a whole.
-- `rows` holds lists: payloads (stream, version, kind, salt of each), standings (of tables already listed), newcomers (whole rows), left and entered (open tasks),
-- kept (which timers a table still wants), timers (new ones, each the first of its task and knowing those after it),
-- notices.
CREATE OR REPLACE FUNCTION desk.record(bodies bytea[], payloads bytea[], rows jsonb) RETURNS void
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
  IF rows ? 'newcomers' THEN
    FOR one IN SELECT * FROM jsonb_to_recordset(rows -> 'newcomers') AS s (table_id uuid) LOOP
      DELETE FROM desk.task k WHERE k.table_id = one.table_id;
    END LOOP;
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
      jsonb_build_object('provisional', s.provisional, 'then', s."then"), s.due, s.due
    FROM jsonb_to_recordset(rows -> 'timers') AS s (
      stream uuid, task text, kind text, key text, provisional boolean, due timestamptz, "then" jsonb)
    ON CONFLICT DO NOTHING;
  END IF;
  IF rows ? 'notices' THEN
    PERFORM desk.put_notices(rows -> 'notices');
  END IF;
END $$;
