-- The only ways in: each function runs as the owner, and is granted to the one role that needs it. The search_path
-- ends with pg_temp: left out, it would be searched first, and a caller's own type could run as the owner.

-- Say once, before the first event, what kind of installation this is; the same word again is harmless. A demo or
-- simulation may begin at a moment of its own.
CREATE FUNCTION log.mark_installation(new_mode text, begins timestamptz DEFAULT NULL) RETURNS text
SECURITY DEFINER SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
DECLARE old_mode text;
BEGIN
  SELECT i.mode INTO old_mode FROM log.installation i;
  IF old_mode IS NULL THEN
    IF new_mode <> 'production' AND EXISTS (SELECT FROM log.event) THEN
      RAISE EXCEPTION 'a log with events cannot become %', new_mode USING ERRCODE = 'GT005';
    END IF;
    INSERT INTO log.installation (mode, virtual_offset)
      VALUES (new_mode, coalesce(begins - clock_timestamp(), interval '0'));
  ELSIF old_mode <> new_mode THEN
    RAISE EXCEPTION 'this installation is %, not %', old_mode, new_mode USING ERRCODE = 'GT005';
  END IF;
  RETURN new_mode;
END $$;

-- Move the virtual clock of a demo or simulation forwards to a moment.
CREATE FUNCTION log.set_virtual_now(moment timestamptz) RETURNS timestamptz
SECURITY DEFINER SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
BEGIN
  UPDATE log.installation SET virtual_offset = moment - clock_timestamp() WHERE mode IN ('demo', 'simulation');
  IF NOT FOUND THEN
    RAISE EXCEPTION 'only a demo or simulation has a virtual clock' USING ERRCODE = 'GT005';
  END IF;
  RETURN log.now();
END $$;

CREATE FUNCTION log.require_read_committed() RETURNS void SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'read committed only' USING ERRCODE = 'GT004';
  END IF;
  IF pg_is_in_recovery() THEN
    RAISE EXCEPTION 'primary only' USING ERRCODE = 'GT004';
  END IF;
END $$;

-- Take a stream's lock until the end of the transaction; return its head and the log's time after the wait.
CREATE FUNCTION log.lock_stream(stream uuid, OUT version bigint, OUT head bytea, OUT last_at timestamptz,
                                OUT subject text, OUT now timestamptz)
SECURITY DEFINER SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
BEGIN
  PERFORM log.require_read_committed();
  INSERT INTO log.stream (stream_id) VALUES (stream) ON CONFLICT DO NOTHING;
  SELECT s.version, s.head, s.last_at, s.subject INTO version, head, last_at, subject
  FROM log.stream s WHERE s.stream_id = stream FOR UPDATE;
  now := log.now();
END $$;

CREATE FUNCTION log.put_content(content bytea) RETURNS bytea SECURITY DEFINER SET search_path = pg_catalog, pg_temp
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO log.content (hash, body) VALUES (sha256(content), content) ON CONFLICT DO NOTHING;
  RETURN sha256(content);
END $$;

-- Refuse a moment before the stream's last event, or away from the log's time.
CREATE FUNCTION log.check_moment(at timestamptz, last_at timestamptz) RETURNS void SET search_path = pg_catalog, pg_temp
LANGUAGE plpgsql AS $$
BEGIN
  IF at IS NULL OR at < last_at OR at NOT BETWEEN log.now() - interval '2 min' AND log.now() + interval '5 s' THEN
    RAISE EXCEPTION 'event time % out of bounds', at USING ERRCODE = 'GT003';
  END IF;
END $$;

CREATE FUNCTION log.check_content(hash text) RETURNS void SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
BEGIN
  IF hash IS NOT NULL AND NOT EXISTS (SELECT FROM log.content c WHERE c.hash = decode($1, 'hex')) THEN
    RAISE EXCEPTION 'content % is not in the log', hash USING ERRCODE = 'GT006';
  END IF;
END $$;

-- Append one body to a stream whose head row is given; return the head after it.
CREATE FUNCTION log.append_one(body bytea, at_head log.stream) RETURNS log.stream SET search_path = pg_catalog, pg_temp
LANGUAGE plpgsql AS $$
DECLARE
  said jsonb := convert_from(body, 'UTF8')::jsonb;
  grown log.stream := at_head;
BEGIN
  IF (said ->> 'stream')::uuid IS DISTINCT FROM at_head.stream_id THEN
    RAISE EXCEPTION 'one stream in one append' USING ERRCODE = 'GT002';
  END IF;
  IF (said ->> 'version')::bigint IS DISTINCT FROM at_head.version + 1
     OR decode(said ->> 'prev', 'hex') IS DISTINCT FROM at_head.head THEN
    RAISE EXCEPTION 'stale version % (head is %)', said ->> 'version', at_head.version USING ERRCODE = '40001';
  END IF;
  IF at_head.version > 0 AND (said ->> 'subject') IS DISTINCT FROM at_head.subject THEN
    RAISE EXCEPTION 'a stream about % does not continue about %', at_head.subject, said ->> 'subject'
      USING ERRCODE = 'GT007';
  END IF;
  PERFORM log.check_moment((said ->> 'at')::timestamptz, at_head.last_at);
  PERFORM log.check_content(said ->> 'content_hash');
  INSERT INTO log.event (stream_id, version, prev_hash, subject, kind, shape, actor_id, at, command_id, step, body)
  VALUES (at_head.stream_id, at_head.version + 1, at_head.head, said ->> 'subject', said ->> 'kind',
          (said ->> 'shape')::integer, said -> 'actor' ->> 'id', (said ->> 'at')::timestamptz,
          (said ->> 'command_id')::uuid, (said ->> 'step')::integer, body)
  RETURNING event.version, event.leaf_hash, event.at, event.subject
    INTO grown.version, grown.head, grown.last_at, grown.subject;
  UPDATE log.stream s SET version = grown.version, head = grown.head, last_at = grown.last_at, subject = grown.subject
  WHERE s.stream_id = grown.stream_id;
  RETURN grown;
END $$;

-- Append the bodies, in order, to the one stream that they name; the stream must have been locked before.
CREATE FUNCTION log.append(bodies bytea[]) RETURNS TABLE (version bigint, leaf_hash bytea)
SECURITY DEFINER SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
DECLARE
  head log.stream;
  body bytea;
BEGIN
  PERFORM log.require_read_committed();
  SELECT s.* INTO head FROM log.stream s
  WHERE s.stream_id = (convert_from(bodies[1], 'UTF8')::jsonb ->> 'stream')::uuid FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'lock_stream first' USING ERRCODE = 'GT002';
  END IF;
  FOREACH body IN ARRAY bodies LOOP
    head := log.append_one(body, head);
    version := head.version;
    leaf_hash := head.head;
    RETURN NEXT;
  END LOOP;
END $$;

-- Give every event that the last seal could not see its dense index. Numbers and snapshot come from ONE statement: two
-- would let an event slip between them. Returns how many were sealed; -1 while another sealer has the turn.
CREATE FUNCTION log.seal_batch() RETURNS bigint
SECURITY DEFINER SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
DECLARE
  last log.seal;
  me   bigint := log.sysid();
  sealed bigint;
BEGIN
  PERFORM log.require_read_committed();
  BEGIN
    LOCK TABLE log.turn IN EXCLUSIVE MODE NOWAIT;
  EXCEPTION WHEN lock_not_available THEN
    RETURN -1;
  END;
  SELECT s.* INTO last FROM log.seal s ORDER BY s.seal_no DESC LIMIT 1;
  WITH unseen AS MATERIALIZED (
    SELECT e.event_id, e.leaf_hash FROM log.event e
    WHERE me = last.sysid AND e.sysid = me AND e.tx >= pg_snapshot_xmax(last.snap)
    UNION ALL
    SELECT e.event_id, e.leaf_hash FROM log.event e
    WHERE me = last.sysid AND e.sysid = me AND e.tx = ANY (ARRAY(SELECT pg_snapshot_xip(last.snap)))
    UNION ALL  -- restored into another cluster: transaction ids mean nothing there, look at everything once
    SELECT e.event_id, e.leaf_hash FROM log.event e
    WHERE me <> last.sysid AND NOT EXISTS (SELECT FROM log.leaf l WHERE l.event_id = e.event_id)
  ), numbered AS (
    INSERT INTO log.leaf (log_index, event_id, leaf_hash)
    SELECT last.size - 1 + row_number() OVER (ORDER BY u.event_id), u.event_id, u.leaf_hash FROM unseen u
    RETURNING 1
  ), counted AS (
    SELECT count(*) AS events FROM numbered
  ), noted AS (
    INSERT INTO log.seal (seal_no, size, snap, sysid)
    SELECT last.seal_no + 1, last.size + c.events, pg_current_snapshot(), me FROM counted c
    WHERE c.events > 0 OR me <> last.sysid
  )
  SELECT c.events INTO sealed FROM counted c;
  RETURN sealed;
END $$;

REVOKE ALL ON SCHEMA log FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA log FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA log FROM PUBLIC;
GRANT USAGE ON SCHEMA log TO gt_app, gt_sealer, gt_audit;
GRANT SELECT ON log.event, log.leaf, log.seal, log.stream, log.content, log.installation TO gt_app, gt_audit;
GRANT SELECT ON log.seal, log.leaf TO gt_sealer;
GRANT EXECUTE ON FUNCTION log.now() TO gt_app, gt_sealer, gt_audit;
GRANT EXECUTE ON FUNCTION log.lock_stream(uuid), log.append(bytea[]), log.put_content(bytea),
  log.set_virtual_now(timestamptz) TO gt_app;
GRANT EXECUTE ON FUNCTION log.seal_batch() TO gt_sealer;
