-- The organs in time: who went into whom, when an organ ended, and the posts that count at a predecessor's desks.

ALTER TABLE desk.organ ADD COLUMN successor text REFERENCES desk.organ, ADD COLUMN ended_at timestamptz,
  ADD CONSTRAINT organ_heir_after_end CHECK (successor IS NULL OR ended_at IS NOT NULL);
CREATE INDEX organ_by_successor ON desk.organ (successor) WHERE successor IS NOT NULL;

-- A row with `via` is no grant: it says that the post held at `via` counts at an organ that went into it.
ALTER TABLE desk.post ADD COLUMN via text NOT NULL DEFAULT '';

-- The organ and all that went into it, directly or through others.
CREATE FUNCTION desk.organ_line(asked text) RETURNS text[] STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp LANGUAGE sql AS $$
  WITH RECURSIVE line (id) AS (
    SELECT asked UNION SELECT o.id FROM desk.organ o JOIN line l ON o.successor = l.id)
  SELECT array_agg(id ORDER BY id <> asked, id) FROM line $$;
GRANT EXECUTE ON FUNCTION desk.organ_line(text) TO gt_app, gt_audit;
