-- Words and files that may have to be erased lie beside the log; an event holds only their salted commitment,
-- SHA-256(0x02 || salt || bytes). They leave only where an event says that two persons wanted it.

CREATE TABLE log.payload (
  commitment bytea  PRIMARY KEY CHECK (octet_length(commitment) = 32),
  stream_id  uuid   NOT NULL,
  version    bigint NOT NULL,
  kind       text   NOT NULL CHECK (kind IN ('text', 'file')),
  salt       bytea  NOT NULL CHECK (octet_length(salt) = 32),
  body       bytea  NOT NULL CHECK (octet_length(body) <= 67108864),
  CHECK (commitment = sha256('\x02'::bytea || salt || body))
);
CREATE INDEX payload_by_event ON log.payload (stream_id, version);

-- Whether an event of the stream says that two different persons erased this payload.
CREATE FUNCTION log.erasure_recorded(stream uuid, commitment bytea) RETURNS boolean STABLE
SET search_path = pg_catalog, pg_temp LANGUAGE sql AS $$
  SELECT EXISTS (
    SELECT FROM log.event e, LATERAL (SELECT convert_from(e.body, 'UTF8')::jsonb -> 'data') AS said (data)
    WHERE e.stream_id = $1 AND e.kind = 'payload.erased'
      AND said.data -> 'targets' @> to_jsonb(encode($2, 'hex'))
      AND said.data ->> 'asked_by' <> said.data ->> 'confirmed_by' AND said.data ->> 'confirmed_by' = e.actor_id) $$;

CREATE FUNCTION log.only_after_erasure() RETURNS trigger SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
BEGIN
  IF NOT log.erasure_recorded(OLD.stream_id, OLD.commitment) THEN
    RAISE EXCEPTION 'append-only: payload % was not erased by an event', encode(OLD.commitment, 'hex')
      USING ERRCODE = 'GT001';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON log.payload
  FOR EACH STATEMENT EXECUTE FUNCTION log.refuse();
CREATE TRIGGER only_after_erasure BEFORE DELETE ON log.payload FOR EACH ROW EXECUTE FUNCTION log.only_after_erasure();
ALTER TABLE log.payload ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE log.payload ENABLE ALWAYS TRIGGER only_after_erasure;

-- Keep payloads of events that name their commitments; anything that no event names is refused.
CREATE FUNCTION log.put_payloads(stream uuid, versions bigint[], kinds text[], salts bytea[], bodies bytea[])
RETURNS void SECURITY DEFINER SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
DECLARE kept bigint;
BEGIN
  INSERT INTO log.payload (commitment, stream_id, version, kind, salt, body)
  SELECT given.commitment, stream, given.version, given.kind, given.salt, given.body
  FROM (SELECT sha256('\x02'::bytea || p.salt || p.body) AS commitment, p.*
        FROM unnest(versions, kinds, salts, bodies) AS p (version, kind, salt, body)) AS given
  JOIN log.event e ON e.stream_id = stream AND e.version = given.version
    AND position(encode(given.commitment, 'hex') IN convert_from(e.body, 'UTF8')) > 0;
  GET DIAGNOSTICS kept = ROW_COUNT;
  IF kept <> cardinality(versions) THEN
    RAISE EXCEPTION 'a payload that no event of stream % names', stream USING ERRCODE = 'GT006';
  END IF;
END $$;

-- Erase what the stream's events of kind payload.erased name, and return how many payloads went.
CREATE FUNCTION log.erase_payloads(stream uuid) RETURNS bigint SECURITY DEFINER SET search_path = pg_catalog, pg_temp
LANGUAGE plpgsql AS $$
DECLARE gone bigint;
BEGIN
  DELETE FROM log.payload p WHERE p.stream_id = stream AND log.erasure_recorded(p.stream_id, p.commitment);
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;

REVOKE ALL ON log.payload FROM PUBLIC;
REVOKE ALL ON FUNCTION log.erasure_recorded(uuid, bytea), log.only_after_erasure(),
  log.put_payloads(uuid, bigint[], text[], bytea[], bytea[]), log.erase_payloads(uuid) FROM PUBLIC;
GRANT SELECT ON log.payload TO gt_app, gt_audit;
GRANT EXECUTE ON FUNCTION log.put_payloads(uuid, bigint[], text[], bytea[], bytea[]), log.erase_payloads(uuid) TO gt_app;
