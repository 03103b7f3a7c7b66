-- Text messages: a channel `sms`, wanted by class or for what is urgent only; its rows hold the notice in short, in the
-- shipped words, with nobody's name and no link.

ALTER TABLE desk.outbox DROP CONSTRAINT outbox_channel_check;
ALTER TABLE desk.outbox ADD CONSTRAINT outbox_channel_check
  CHECK (channel ~ '^(inbox|mail|sms|wecom|dingtalk|feishu|console|webhook:[a-z0-9-]{1,30})$');

-- Put notices into the outbox as 0025 says it, and by text message in short.
CREATE OR REPLACE FUNCTION desk.put_notices(notices jsonb) RETURNS void
SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO desk.outbox (id, log_stream, version, kind, recipient, channel, dedupe_key, task, facts, rendered, next_at,
                           created_at, class, urgent)
  SELECT encode(substr(sha256(convert_to(k.key, 'UTF8')), 1, 16), 'hex')::uuid, n.stream, n.version, n.template, r.person,
         c.channel, k.key, n.task, '{}',
         CASE WHEN c.channel = 'sms'
                THEN jsonb_build_object('subject', n.rendered ->> 'subject', 'text', coalesce(n.short, ''))
              WHEN r.behalf IS NULL THEN s.rendered
              ELSE s.rendered || jsonb_build_object('text', (s.rendered ->> 'text') || '（您是代理人，此件由您代'
                                                            || r.behalf || '办理。）') END,
         n.at, n.at, n.class, n.urgent
  FROM jsonb_to_recordset(notices) AS n (stream uuid, version bigint, template text, person text, role text, organ text,
                                         task text, rendered jsonb, at timestamptz, key text, said jsonb, class text,
                                         urgent boolean, short text)
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
    SELECT DISTINCT split_part(e.each, ' ', 2) FROM unnest(f.wanted) AS e (each)
    WHERE split_part(e.each, ' ', 1) = n.class OR (n.urgent AND split_part(e.each, ' ', 1) = 'urgent')) AS c (channel)
  CROSS JOIN LATERAL (
    SELECT concat_ws(':', n.stream, coalesce(n.task, n.version::text), n.template, r.person, c.channel)) AS k (key)
  ON CONFLICT DO NOTHING;
END $$;
