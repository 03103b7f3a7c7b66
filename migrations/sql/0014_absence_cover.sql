-- Absence cover: who may act for whom and until when, read at the moment of need (no job begins or ends a cover); the
-- waivers of small units; and what a worklist has to know of a task: who claimed it, who is asked first, whom it waits for.

CREATE TABLE desk.cover (
  cover       text        PRIMARY KEY,
  principal   text        NOT NULL,
  name        text        NOT NULL,
  deputy      text        NOT NULL CHECK (deputy <> principal),
  deputy_name text        NOT NULL,
  roles       text[]      NOT NULL CHECK (cardinality(roles) > 0),
  organs      text[]      NOT NULL CHECK (cardinality(organs) = cardinality(roles)),
  nodes       text[]      NOT NULL,
  units       text[]      NOT NULL,
  most        numeric,
  from_at     timestamptz NOT NULL,
  to_at       timestamptz NOT NULL CHECK (to_at > from_at),
  reason      text        NOT NULL,
  given_by      text        NOT NULL,
  given_by_name text        NOT NULL,
  given_at    timestamptz NOT NULL,
  ended_at    timestamptz,
  version     bigint      NOT NULL
);
CREATE INDEX cover_by_deputy ON desk.cover (deputy, to_at);
CREATE INDEX cover_by_principal ON desk.cover (principal, to_at);

CREATE TABLE desk.waiver (
  waiver      text        PRIMARY KEY,
  rule        text        NOT NULL,
  unit        text        NOT NULL,
  person      text        NOT NULL,
  person_name text        NOT NULL,
  reason      text        NOT NULL,
  signed_by      text     NOT NULL,
  signed_by_name text     NOT NULL,
  signed_at   timestamptz NOT NULL,
  until       timestamptz NOT NULL,
  version     bigint      NOT NULL
);
CREATE INDEX waiver_by_person ON desk.waiver (person, until);
CREATE INDEX waiver_by_unit ON desk.waiver (unit, until);

REVOKE ALL ON desk.cover, desk.waiver FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON desk.cover, desk.waiver TO gt_app;
GRANT SELECT ON desk.cover, desk.waiver TO gt_audit;

-- A waiver is a subject of its own: the unit's stream of them.
ALTER TABLE log.event DROP CONSTRAINT event_subject_check;
ALTER TABLE log.event ADD CONSTRAINT event_subject_check CHECK (subject IN
  ('table', 'document', 'reply', 'person', 'definition', 'rule_pack', 'calendar', 'campaign', 'log', 'waiver'));

ALTER TABLE desk.task ADD COLUMN claimed_by text NOT NULL DEFAULT '', ADD COLUMN delegated_to text NOT NULL DEFAULT '',
  ADD COLUMN waits_for text[] NOT NULL DEFAULT '{}';
CREATE INDEX task_by_delegate ON desk.task (delegated_to) WHERE delegated_to <> '';

-- Put notices into the outbox, one row for each person and channel: who is named, or holds the role in the organ now; and
-- who covers for one of them now, in a cover that goes as far as the notice's task, unit and amount. Who is found twice
-- has one ID; a deputy reads for whom. Rows about the notice's table were written before.
CREATE OR REPLACE FUNCTION desk.put_notices(notices jsonb) RETURNS void
SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO desk.outbox (id, log_stream, version, kind, recipient, channel, dedupe_key, task, facts, rendered, next_at,
                           created_at)
  SELECT encode(substr(sha256(convert_to(k.key, 'UTF8')), 1, 16), 'hex')::uuid, n.stream, n.version, n.template, r.person,
         c.channel, k.key, n.task, '{}',
         CASE WHEN r.behalf IS NULL THEN n.rendered
              ELSE n.rendered || jsonb_build_object('text', (n.rendered ->> 'text') || '（您是代理人，此件由您代'
                                                            || r.behalf || '办理。）') END,
         n.at, n.at
  FROM jsonb_to_recordset(notices) AS n (stream uuid, version bigint, template text, person text, role text, organ text,
                                         task text, rendered jsonb, at timestamptz)
  CROSS JOIN LATERAL (
    SELECT n.person, NULL::text AS behalf WHERE n.person IS NOT NULL
    UNION ALL
    SELECT p.person, NULL FROM desk.post p
    WHERE n.person IS NULL AND p.role = n.role AND p.organ = n.organ AND p.to_at IS NULL
    UNION ALL
    SELECT v.deputy, v.name FROM desk.post p JOIN desk.cover v ON v.principal = p.person
    WHERE p.role = n.role AND p.organ = n.organ AND p.to_at IS NULL AND (n.person IS NULL OR n.person = p.person)
      AND v.from_at <= n.at AND v.to_at > n.at AND v.ended_at IS NULL
      AND EXISTS (SELECT FROM unnest(v.roles, v.organs) AS o (role, organ) WHERE o.role = n.role AND o.organ = n.organ)
      AND (v.units = '{}' OR EXISTS (
             SELECT FROM desk.table_standing t WHERE t.table_id = n.stream AND t.unit = ANY (v.units)))
      AND (v.most IS NULL OR EXISTS (
             SELECT FROM desk.table_standing t WHERE t.table_id = n.stream AND t.amount_wan <= v.most))
      AND (v.nodes = '{}' OR n.task IS NULL OR EXISTS (
             SELECT FROM desk.task k WHERE k.table_id = n.stream AND k.task = n.task
               AND split_part(k.node, ':', 1) = ANY (v.nodes)))) AS r (person, behalf)
  CROSS JOIN (VALUES ('inbox'), ('mail')) AS c (channel)
  CROSS JOIN LATERAL (
    SELECT concat_ws(':', n.stream, coalesce(n.task, n.version::text), n.template, r.person, c.channel)) AS k (key)
  ON CONFLICT DO NOTHING;
END $$;

-- Record what was decided, as 0010 says it; a task brings along who claimed it, who is asked first and whom it waits for,
-- and a table's clerk may change.
CREATE OR REPLACE FUNCTION desk.record(bodies bytea[], payloads bytea[], rows jsonb) RETURNS void
SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
DECLARE one record;
BEGIN
  IF cardinality(bodies) > 0 THEN
    PERFORM log.record(bodies, payloads, rows -> 'payloads');
  END IF;
  FOR one IN SELECT * FROM jsonb_to_recordset(rows -> 'standings') AS s (
      table_id uuid, version bigint, head text, owner text, title text, title_key text, amount_wan numeric, stage text,
      round integer, returned boolean, asked text, doc_no text, content_hash text, in_force text, disclosure text,
      colour text, total numeric, grade text, due_at timestamptz, provisional boolean, overdue boolean,
      changed_at timestamptz, state jsonb, code text) LOOP
    UPDATE desk.table_standing t SET
      version = one.version, head = decode(one.head, 'hex'), owner = one.owner, title = one.title,
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
                           provisional, overdue, claimed_by, delegated_to, waits_for)
    SELECT s.table_id, s.task, s.node, s.stage, s.round, s.role, s.organ, s.person, s.level, s.entered_at, s.due_at,
      s.provisional, s.overdue, s.claimed_by, s.delegated_to, s.waits_for
    FROM jsonb_to_recordset(rows -> 'entered') AS s (
      table_id uuid, task text, node text, stage text, round integer, role text, organ text, person text, level text,
      entered_at timestamptz, due_at timestamptz, provisional boolean, overdue boolean, claimed_by text,
      delegated_to text, waits_for text[]);
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
