-- The append-only ledger. Nothing enters but through log.append and log.put_content, nothing leaves. SQL of PostgreSQL 15.
-- Left for later migrations: log.tile and log.checkpoint (hash tiles over log.leaf, signed notes).

CREATE SCHEMA log;

-- What kind of installation this is. One row, written once; only the virtual offset of a demo or simulation moves, forwards.
-- A simulation may begin at any moment of the past or the future; the offset that it is born with says so.
CREATE TABLE log.installation (
  single         boolean     PRIMARY KEY DEFAULT true CHECK (single),
  mode           text        NOT NULL CHECK (mode IN ('production', 'demo', 'simulation')),
  created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  virtual_offset interval    NOT NULL DEFAULT interval '0',
  CHECK (mode <> 'production' OR virtual_offset = interval '0')
);

CREATE FUNCTION log.sysid() RETURNS bigint STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
LANGUAGE sql AS 'SELECT system_identifier FROM pg_catalog.pg_control_system()';

CREATE FUNCTION log.now() RETURNS timestamptz VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
LANGUAGE sql AS $$
  SELECT pg_catalog.clock_timestamp()
       + coalesce((SELECT virtual_offset FROM log.installation), interval '0') $$;

-- Whether the columns of an event say the same as its bytes.
CREATE FUNCTION log.columns_match(body bytea, stream uuid, version bigint, prev bytea, subject text, kind text,
                                  shape integer, actor text, at timestamptz, command uuid, step integer)
RETURNS boolean IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
DECLARE said jsonb := convert_from(body, 'UTF8')::jsonb;
BEGIN
  RETURN coalesce((said ->> 'format') = '1'
    AND (said ->> 'stream') = stream::text AND (said ->> 'version') = version::text
    AND (said ->> 'prev') = encode(prev, 'hex') AND (said ->> 'subject') = subject
    AND (said ->> 'kind') = kind AND (said ->> 'shape') = shape::text
    AND (said -> 'actor' ->> 'id') = actor AND (said ->> 'at')::timestamptz = at
    AND (said ->> 'at') ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.]\d{6}Z$'
    AND (said ->> 'command_id') = command::text AND (said ->> 'step') = step::text
    AND jsonb_typeof(said -> 'data') = 'object', false);
END $$;

CREATE TABLE log.content (
  hash bytea PRIMARY KEY,
  body bytea NOT NULL CHECK (octet_length(body) BETWEEN 1 AND 4194304),
  CHECK (hash = sha256(body))
);

CREATE TABLE log.event (
  event_id    bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  stream_id   uuid        NOT NULL,
  version     bigint      NOT NULL CHECK (version >= 1),
  prev_hash   bytea       NOT NULL CHECK (octet_length(prev_hash) = 32),
  subject     text        NOT NULL CHECK (subject IN
    ('table', 'document', 'reply', 'person', 'definition', 'rule_pack', 'calendar', 'campaign', 'log')),
  kind        text        NOT NULL CHECK (kind ~ '^[a-z_]+[.][a-z_]+$'),
  shape       integer     NOT NULL CHECK (shape >= 1),
  actor_id    text        NOT NULL CHECK (actor_id <> ''),
  at          timestamptz NOT NULL,
  command_id  uuid        NOT NULL,
  step        integer     NOT NULL CHECK (step >= 0),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  sysid       bigint      NOT NULL DEFAULT log.sysid(),
  tx          xid8        NOT NULL DEFAULT pg_current_xact_id(),
  body        bytea       NOT NULL CHECK (octet_length(body) BETWEEN 2 AND 65535),
  leaf_hash   bytea       NOT NULL GENERATED ALWAYS AS (sha256('\x00'::bytea || body)) STORED,
  UNIQUE (stream_id, version),
  UNIQUE (stream_id, command_id, step),
  CHECK ((version = 1) = (prev_hash = decode(repeat('00', 32), 'hex'))),
  CHECK (log.columns_match(body, stream_id, version, prev_hash, subject, kind, shape, actor_id, at, command_id, step))
) WITH (autovacuum_vacuum_insert_scale_factor = 0.02);
CREATE INDEX event_by_transaction ON log.event (sysid, tx);
CREATE INDEX event_by_actor ON log.event (actor_id, event_id);

-- The subject is said by the first event and stays: a document never continues what a table began.
CREATE TABLE log.stream (
  stream_id uuid        PRIMARY KEY,
  subject   text,
  version   bigint      NOT NULL DEFAULT 0,
  head      bytea       NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
  last_at   timestamptz NOT NULL DEFAULT '-infinity',
  CHECK ((version = 0) = (subject IS NULL))
) WITH (fillfactor = 70);

CREATE TABLE log.leaf (
  log_index bigint PRIMARY KEY CHECK (log_index >= 0),
  event_id  bigint NOT NULL UNIQUE REFERENCES log.event,
  leaf_hash bytea  NOT NULL CHECK (octet_length(leaf_hash) = 32)
);

CREATE TABLE log.seal (
  seal_no bigint      PRIMARY KEY,
  size    bigint      NOT NULL CHECK (size >= 0),
  snap    pg_snapshot NOT NULL,
  sysid   bigint      NOT NULL,
  at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO log.seal (seal_no, size, snap, sysid) VALUES (0, 0, '1:1:', log.sysid());

-- Whose turn it is to seal: an empty table that only the sealer's function can lock (an advisory lock anybody could hold).
CREATE TABLE log.turn ();

CREATE FUNCTION log.refuse() RETURNS trigger SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'append-only: % on %.% refused', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'GT001';
END $$;

-- The stream heads follow the events: only one step forwards, onto an event that exists, of one subject.
CREATE FUNCTION log.only_forwards() RETURNS trigger SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.stream_id <> OLD.stream_id OR NEW.version <> OLD.version + 1 OR NEW.last_at < OLD.last_at
     OR NEW.subject <> OLD.subject
     OR NOT EXISTS (SELECT FROM log.event e WHERE e.stream_id = NEW.stream_id AND e.version = NEW.version
                    AND e.leaf_hash = NEW.head AND e.prev_hash = OLD.head AND e.subject = NEW.subject) THEN
    RAISE EXCEPTION 'append-only: head of stream % refused', OLD.stream_id USING ERRCODE = 'GT001';
  END IF;
  RETURN NEW;
END $$;

-- Of the installation only the offset moves, and only forwards, and never in production.
CREATE FUNCTION log.only_later() RETURNS trigger SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.mode <> OLD.mode OR NEW.created_at <> OLD.created_at OR NEW.single <> OLD.single
     OR OLD.mode = 'production' OR NEW.virtual_offset < OLD.virtual_offset THEN
    RAISE EXCEPTION 'installation: change refused' USING ERRCODE = 'GT005';
  END IF;
  RETURN NEW;
END $$;

DO $$
DECLARE one text;
BEGIN
  FOREACH one IN ARRAY ARRAY['event', 'leaf', 'seal', 'content'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log.%I '
                   'FOR EACH STATEMENT EXECUTE FUNCTION log.refuse()', one);
    EXECUTE format('ALTER TABLE log.%I ENABLE ALWAYS TRIGGER append_only', one);
  END LOOP;
  FOREACH one IN ARRAY ARRAY['stream', 'installation'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON log.%I '
                   'FOR EACH STATEMENT EXECUTE FUNCTION log.refuse()', one);
    EXECUTE format('ALTER TABLE log.%I ENABLE ALWAYS TRIGGER append_only', one);
  END LOOP;
END $$;
CREATE TRIGGER only_forwards BEFORE UPDATE ON log.stream FOR EACH ROW EXECUTE FUNCTION log.only_forwards();
ALTER TABLE log.stream ENABLE ALWAYS TRIGGER only_forwards;
CREATE TRIGGER only_later BEFORE UPDATE ON log.installation FOR EACH ROW EXECUTE FUNCTION log.only_later();
ALTER TABLE log.installation ENABLE ALWAYS TRIGGER only_later;
