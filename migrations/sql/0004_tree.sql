-- The Merkle tree over the sealed order: full hash tiles (C2SP tlog-tiles, 256 hashes each), and the signed notes.

ALTER TABLE log.installation ADD COLUMN log_id uuid NOT NULL DEFAULT gen_random_uuid();

-- Of the installation only the offset moves, and only forwards, and never in production.
CREATE OR REPLACE FUNCTION log.only_later() RETURNS trigger SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.mode <> OLD.mode OR NEW.created_at <> OLD.created_at OR NEW.single <> OLD.single OR NEW.log_id <> OLD.log_id
     OR OLD.mode = 'production' OR NEW.virtual_offset < OLD.virtual_offset THEN
    RAISE EXCEPTION 'installation: change refused' USING ERRCODE = 'GT005';
  END IF;
  RETURN NEW;
END $$;

CREATE TABLE log.tile (
  level  integer NOT NULL CHECK (level BETWEEN 0 AND 7),
  n      bigint  NOT NULL CHECK (n >= 0),
  hashes bytea   NOT NULL CHECK (octet_length(hashes) = 8192),
  PRIMARY KEY (level, n)
);

CREATE TABLE log.checkpoint (
  size       bigint      PRIMARY KEY CHECK (size >= 0),
  root       bytea       NOT NULL CHECK (octet_length(root) = 32),
  note       text        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

DO $$
DECLARE one text;
BEGIN
  FOREACH one IN ARRAY ARRAY['tile', 'checkpoint'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log.%I '
                   'FOR EACH STATEMENT EXECUTE FUNCTION log.refuse()', one);
    EXECUTE format('ALTER TABLE log.%I ENABLE ALWAYS TRIGGER append_only', one);
  END LOOP;
END $$;

REVOKE ALL ON log.tile, log.checkpoint FROM PUBLIC;
GRANT SELECT ON log.tile, log.checkpoint TO gt_app, gt_sealer, gt_audit;
GRANT INSERT ON log.tile, log.checkpoint TO gt_sealer;
GRANT SELECT ON log.installation TO gt_sealer;
