-- What the product is measured against, and how its stock is laid. Nothing of it is part of the product.

-- name: yardstick tables
CREATE SCHEMA yard;
CREATE TABLE yard.state (id uuid PRIMARY KEY, version bigint NOT NULL, stage text NOT NULL, data jsonb NOT NULL)
  WITH (fillfactor = 70);
CREATE TABLE yard.event (
  event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream uuid NOT NULL, version bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(), body bytea NOT NULL, UNIQUE (stream, version));
CREATE TABLE yard.outbox (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), stream uuid NOT NULL, version bigint NOT NULL, recipient text NOT NULL,
  state text NOT NULL DEFAULT 'pending', next_at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE INDEX ON yard.outbox (next_at) WHERE state = 'pending';
CREATE TABLE yard.bulk (LIKE yard.event INCLUDING ALL);
INSERT INTO yard.state SELECT gen_random_uuid(), 1, 'unit_review', '{"round": 1, "desks": ["unit_head"]}'
FROM generate_series(1, 100000);
ANALYZE yard.state;

-- name: some states
SELECT id FROM yard.state TABLESAMPLE BERNOULLI (20) LIMIT %s

-- name: raw read
SELECT version, stage, data FROM yard.state WHERE id = %s FOR UPDATE

-- name: raw event
INSERT INTO yard.event (stream, version, body) VALUES (%s, %s, %s)

-- name: raw update
UPDATE yard.state SET version = %s, stage = %s WHERE id = %s

-- name: raw outbox
INSERT INTO yard.outbox (stream, version, recipient) VALUES (%s, %s, %s)

-- name: raw one statement
WITH grown AS (UPDATE yard.state SET version = version + 1, stage = %(stage)s WHERE id = %(id)s RETURNING id, version),
kept AS (INSERT INTO yard.event (stream, version, body) SELECT id, version, %(body)s FROM grown)
INSERT INTO yard.outbox (stream, version, recipient) SELECT id, version, %(recipient)s FROM grown

-- name: raw history
SELECT body FROM yard.event WHERE stream = %s ORDER BY version

-- name: copy raw events
COPY yard.bulk (stream, version, body) FROM STDIN

-- name: empty bulk
TRUNCATE yard.bulk

-- name: bodies
SELECT stream_id, version, body, leaf_hash FROM log.event WHERE stream_id = ANY(%s) ORDER BY event_id

-- name: copy events
COPY log.event (stream_id, version, prev_hash, subject, kind, shape, actor_id, at, command_id, step, body) FROM STDIN

-- name: copy streams
COPY log.stream (stream_id, subject, version, head, last_at) FROM STDIN

-- name: copy payloads
COPY log.payload (commitment, stream_id, version, kind, salt, body) FROM STDIN

-- name: settle
VACUUM (ANALYZE) log.event, log.stream, log.payload, log.leaf, desk.table_standing, desk.task, desk.outbox, desk.timer

-- name: my process
SELECT pg_backend_pid()

-- name: count events
SELECT count(*) FROM log.event

-- name: lag
SELECT extract(epoch FROM s.at - e.recorded_at) AS lag
FROM log.seal s JOIN log.seal p ON p.seal_no = s.seal_no - 1
JOIN log.leaf l ON l.log_index >= p.size AND l.log_index < s.size JOIN log.event e USING (event_id)
WHERE s.seal_no > %s

-- name: last seal
SELECT max(seal_no) FROM log.seal

-- name: minimal page
SELECT id, version, stage, data FROM yard.state ORDER BY id LIMIT %s

-- name: put notices
INSERT INTO desk.outbox (id, log_stream, version, kind, recipient, channel, dedupe_key, facts, rendered, next_at, created_at)
SELECT gen_random_uuid(), gen_random_uuid(), 1, 'table.returned', 'head-' || lpad(mod(n, 200)::text, 4, '0'), 'inbox',
  gen_random_uuid()::text, '{}', '{"subject": "退回：编号 12345678 的绩效目标表", "text": "请修改后重新提交。"}',
  log.now(), log.now()
FROM generate_series(1, %s) AS n

-- name: put other notices aside
UPDATE desk.outbox SET state = 'dropped' WHERE state = 'pending'

-- name: notices waiting
SELECT count(*) FROM desk.outbox WHERE state IN ('pending', 'leased')
