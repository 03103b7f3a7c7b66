-- What the operators' traces need: an order to leaf through them, one officer's post for one person, and a cleaning that
-- cannot go below the law's period.

CREATE INDEX event_of_operators ON log.event (event_id) WHERE subject IN ('log', 'person');

-- 三员分立 (GB/T 22239-2019, 8.1.4.2): nobody holds two of the posts that check one another.
CREATE FUNCTION desk.one_officer() RETURNS trigger SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
DECLARE officers text[] := ARRAY['system_admin', 'security_admin', 'audit_admin'];
BEGIN
  IF NEW.to_at IS NULL AND NEW.role = ANY (officers) AND EXISTS (
       SELECT FROM desk.post p WHERE p.person = NEW.person AND p.to_at IS NULL AND p.role = ANY (officers)
         AND p.role <> NEW.role) THEN
    RAISE EXCEPTION '% holds another officer''s post', NEW.person USING ERRCODE = 'GT008';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER one_officer BEFORE INSERT OR UPDATE ON desk.post FOR EACH ROW EXECUTE FUNCTION desk.one_officer();

-- Take away ended sessions, and messages that were read and delivery logs older than so many days by the log's clock.
-- A simulation keeps everything: its year is over in a minute, and then it is counted.
CREATE FUNCTION desk.clean(days integer, OUT sessions bigint, OUT messages bigint, OUT deliveries bigint)
SECURITY DEFINER SET search_path = pg_catalog, pg_temp LANGUAGE plpgsql AS $$
DECLARE before timestamptz := log.now() - make_interval(days => days);
BEGIN
  IF days IS NULL OR days < 180 THEN
    RAISE EXCEPTION 'the security log is kept for 180 days at least, not %', days USING ERRCODE = 'GT009';
  END IF;
  sessions := 0;
  messages := 0;
  deliveries := 0;
  IF EXISTS (SELECT FROM log.installation WHERE mode = 'simulation') THEN
    RETURN;
  END IF;
  DELETE FROM desk.session s WHERE s.ends_at < clock_timestamp();
  GET DIAGNOSTICS sessions = ROW_COUNT;
  DELETE FROM desk.inbox i WHERE i.read_at IS NOT NULL AND i.created_at < before;
  GET DIAGNOSTICS messages = ROW_COUNT;
  DELETE FROM desk.notice_log n WHERE n.at < before;
  GET DIAGNOSTICS deliveries = ROW_COUNT;
END $$;

REVOKE ALL ON FUNCTION desk.one_officer(), desk.clean(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.clean(integer) TO gt_app;
