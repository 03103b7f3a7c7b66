-- Delivery: what a person wants to be told where and when, the bureau's own words for notices, channels that rest after
-- failures, and what an outbox row has to know for it. A row that waits for the morning or the end of quiet hours is held.

CREATE TABLE desk.notice_preference (
  person      text        PRIMARY KEY,
  unwanted    text[]      NOT NULL DEFAULT '{}',
  wanted      text[]      NOT NULL DEFAULT '{}',
  quiet       text        NOT NULL CHECK (quiet = 'off' OR quiet ~ '^\d\d:\d\d-\d\d:\d\d$'),
  days_off    boolean     NOT NULL,
  morning     boolean     NOT NULL DEFAULT false,
  mobile      text        NOT NULL DEFAULT '' CHECK (mobile ~ '^(1\d{10})?$'),
  changed_at  timestamptz NOT NULL
);

CREATE TABLE desk.notice_words (
  key          text  PRIMARY KEY,
  content_hash text  NOT NULL,
  subject      jsonb NOT NULL,
  text         jsonb NOT NULL
);

CREATE TABLE desk.channel_rest (
  channel     text        PRIMARY KEY,
  failures    integer     NOT NULL,
  rests_until timestamptz NOT NULL,
  last_error  text        NOT NULL,
  since       timestamptz NOT NULL
);

REVOKE ALL ON desk.notice_preference, desk.notice_words, desk.channel_rest FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON desk.notice_preference, desk.notice_words, desk.channel_rest TO gt_app;
GRANT SELECT ON desk.notice_words, desk.channel_rest TO gt_audit;

ALTER TABLE desk.outbox DROP CONSTRAINT outbox_channel_check;
ALTER TABLE desk.outbox ADD CONSTRAINT outbox_channel_check
  CHECK (channel ~ '^(inbox|mail|wecom|dingtalk|feishu|console|webhook:[a-z0-9-]{1,30})$');
ALTER TABLE desk.outbox DROP CONSTRAINT outbox_state_check;
ALTER TABLE desk.outbox ADD CONSTRAINT outbox_state_check
  CHECK (state IN ('pending', 'held', 'leased', 'sending', 'uncertain', 'sent', 'dropped', 'dead'));
ALTER TABLE desk.outbox ADD COLUMN class text NOT NULL DEFAULT 'system', ADD COLUMN urgent boolean NOT NULL DEFAULT true,
  ADD COLUMN gathers boolean NOT NULL DEFAULT false;
DROP INDEX desk.outbox_waiting;
CREATE INDEX outbox_waiting ON desk.outbox (next_at) WHERE state IN ('pending', 'uncertain', 'held');
CREATE INDEX outbox_dead ON desk.outbox (created_at) WHERE state = 'dead';
CREATE INDEX outbox_of_receiver ON desk.outbox (recipient, created_at DESC);

-- Fill the holes of a text, kept as a list of texts and holes, in one pass: what is filled in is never read again.
CREATE FUNCTION desk.filled(parts jsonb, said jsonb) RETURNS text
SET search_path = pg_catalog, pg_temp LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(string_agg(CASE WHEN jsonb_typeof(e.part) = 'string' THEN e.part #>> '{}'
                                  ELSE coalesce(said ->> (e.part ->> 'value'), '') END, '' ORDER BY e.n), '')
  FROM jsonb_array_elements(parts) WITH ORDINALITY AS e (part, n)
$$;

-- Put notices into the outbox as 0014 says it; in the bureau's words where it published some, and on the channels that the
-- receiver wants: always in the app, by mail unless unwanted, elsewhere where wanted.
CREATE OR REPLACE FUNCTION desk.put_notices(notices jsonb) RETURNS void
SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO desk.outbox (id, log_stream, version, kind, recipient, channel, dedupe_key, task, facts, rendered, next_at,
                           created_at, class, urgent)
  SELECT encode(substr(sha256(convert_to(k.key, 'UTF8')), 1, 16), 'hex')::uuid, n.stream, n.version, n.template, r.person,
         c.channel, k.key, n.task, '{}',
         CASE WHEN r.behalf IS NULL THEN s.rendered
              ELSE s.rendered || jsonb_build_object('text', (s.rendered ->> 'text') || '（您是代理人，此件由您代'
                                                            || r.behalf || '办理。）') END,
         n.at, n.at, n.class, n.urgent
  FROM jsonb_to_recordset(notices) AS n (stream uuid, version bigint, template text, person text, role text, organ text,
                                         task text, rendered jsonb, at timestamptz, key text, said jsonb, class text,
                                         urgent boolean)
  LEFT JOIN desk.notice_words w ON w.key = n.key
  CROSS JOIN LATERAL (
    SELECT CASE WHEN w.key IS NULL THEN n.rendered
                ELSE jsonb_build_object('subject', desk.filled(w.subject, n.said), 'text', desk.filled(w.text, n.said),
                                        'words', w.content_hash) END) AS s (rendered)
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
  LEFT JOIN desk.notice_preference f ON f.person = r.person
  CROSS JOIN LATERAL (
    SELECT 'inbox' AS channel
    UNION ALL
    SELECT 'mail' WHERE f.person IS NULL OR NOT n.class || ' mail' = ANY (f.unwanted)
    UNION ALL
    SELECT split_part(e.each, ' ', 2) FROM unnest(f.wanted) AS e (each) WHERE split_part(e.each, ' ', 1) = n.class) AS c
  CROSS JOIN LATERAL (
    SELECT concat_ws(':', n.stream, coalesce(n.task, n.version::text), n.template, r.person, c.channel)) AS k (key)
  ON CONFLICT DO NOTHING;
END $$;
