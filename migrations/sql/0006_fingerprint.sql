-- One hash over everything that guards the ledger: columns, constraints, functions, triggers (and whether they fire),
-- indexes, owners and grants of the schema `log`. Whoever loosens a guard changes it.

CREATE FUNCTION log.fingerprint() RETURNS text STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
LANGUAGE sql AS $$
  SELECT encode(sha256(convert_to(string_agg(line, E'\n' ORDER BY line COLLATE "C"), 'UTF8')), 'hex') FROM (
    SELECT format('relation %s %s %s %s', c.relname, c.relkind, pg_get_userbyid(c.relowner), c.relacl) AS line
    FROM pg_class c WHERE c.relnamespace = 'log'::regnamespace
    UNION ALL
    SELECT format('column %s %s %s %s %s', a.attrelid::regclass, a.attname, a.atttypid::regtype, a.attnotnull,
                  pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'log'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT format('constraint %s %s %s %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid), k.convalidated)
    FROM pg_constraint k WHERE k.connamespace = 'log'::regnamespace
    UNION ALL
    SELECT format('trigger %s %s', pg_get_triggerdef(t.oid), t.tgenabled)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'log'::regnamespace AND NOT t.tgisinternal
    UNION ALL
    SELECT format('function %s %s %s', pg_get_functiondef(p.oid), pg_get_userbyid(p.proowner), p.proacl)
    FROM pg_proc p WHERE p.pronamespace = 'log'::regnamespace
    UNION ALL
    SELECT format('schema %s %s', pg_get_userbyid(n.nspowner), n.nspacl) FROM pg_namespace n WHERE n.nspname = 'log'
    UNION ALL
    SELECT format('role %s %s %s %s', r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole)
    FROM pg_roles r WHERE r.rolname IN ('gt_owner', 'gt_app', 'gt_sealer', 'gt_audit')
  ) AS lines $$;

REVOKE ALL ON FUNCTION log.fingerprint() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.fingerprint() TO gt_app, gt_sealer, gt_audit;
