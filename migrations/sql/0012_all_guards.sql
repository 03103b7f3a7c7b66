-- One hash over everything that guards the ledger: the schema `log` with its columns, indexes, constraints, triggers
-- (also those of foreign keys), rules, policies, functions, owners and grants; the functions and triggers of `desk`,
-- which hold what no program may pass over; the roles, who is a member of whom, and what is set for them.

CREATE OR REPLACE FUNCTION log.fingerprint() RETURNS text STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
LANGUAGE sql AS $$
  SELECT encode(sha256(convert_to(string_agg(line, E'\n' ORDER BY line COLLATE "C"), 'UTF8')), 'hex') FROM (
    SELECT format('relation %s %s %s %s %s %s %s', c.relname, c.relkind, pg_get_userbyid(c.relowner), c.relacl,
                  c.relpersistence, c.relrowsecurity, c.relforcerowsecurity) AS line
    FROM pg_class c WHERE c.relnamespace = 'log'::regnamespace
    UNION ALL
    SELECT format('column %s %s %s %s %s %s', a.attrelid::regclass, a.attname, a.atttypid::regtype, a.attnotnull,
                  pg_get_expr(d.adbin, d.adrelid), a.attacl)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'log'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT format('child %s of %s', i.inhrelid::regclass, i.inhparent::regclass)
    FROM pg_inherits i JOIN pg_class c ON c.oid IN (i.inhrelid, i.inhparent)
    WHERE c.relnamespace = 'log'::regnamespace
    UNION ALL
    SELECT format('index %s %s', pg_get_indexdef(i.indexrelid), i.indisvalid)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = 'log'::regnamespace
    UNION ALL
    SELECT format('constraint %s %s %s %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid), k.convalidated)
    FROM pg_constraint k WHERE k.connamespace = 'log'::regnamespace
    UNION ALL
    SELECT format('trigger %s %s', pg_get_triggerdef(t.oid), t.tgenabled)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace IN ('log'::regnamespace, 'desk'::regnamespace) AND NOT t.tgisinternal
    UNION ALL
    SELECT format('foreign key %s %s %s', t.tgrelid::regclass, k.conname, t.tgenabled)
    FROM pg_trigger t JOIN pg_constraint k ON k.oid = t.tgconstraint JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'log'::regnamespace AND t.tgisinternal
    UNION ALL
    SELECT format('event trigger %s %s %s %s', e.evtname, e.evtevent, e.evtfoid::regproc, e.evtenabled)
    FROM pg_event_trigger e
    UNION ALL
    SELECT format('rule %s %s', pg_get_ruledef(r.oid), r.ev_enabled)
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE c.relnamespace = 'log'::regnamespace
    UNION ALL
    SELECT format('policy %s %s %s %s %s %s', p.polrelid::regclass, p.polname, p.polcmd, p.polpermissive,
                  pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = 'log'::regnamespace
    UNION ALL
    SELECT format('function %s %s %s', pg_get_functiondef(p.oid), pg_get_userbyid(p.proowner), p.proacl)
    FROM pg_proc p WHERE p.pronamespace IN ('log'::regnamespace, 'desk'::regnamespace) AND p.prokind <> 'a'
    UNION ALL
    SELECT format('schema %s %s', pg_get_userbyid(n.nspowner), n.nspacl) FROM pg_namespace n WHERE n.nspname = 'log'
    UNION ALL
    SELECT format('default %s %s %s', pg_get_userbyid(d.defaclrole), d.defaclobjtype, d.defaclacl)
    FROM pg_default_acl d WHERE d.defaclnamespace = 'log'::regnamespace
    UNION ALL
    SELECT format('role %s %s %s %s %s %s', r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb,
                  r.rolreplication)
    FROM pg_roles r WHERE r.rolname IN ('gt_owner', 'gt_app', 'gt_sealer', 'gt_audit')
    UNION ALL
    SELECT format('member %s of %s %s', pg_get_userbyid(m.member), pg_get_userbyid(m.roleid), m.admin_option)
    FROM pg_auth_members m
    WHERE pg_get_userbyid(m.member) IN ('gt_owner', 'gt_app', 'gt_sealer', 'gt_audit')
      OR pg_get_userbyid(m.roleid) IN ('gt_owner', 'gt_app', 'gt_sealer', 'gt_audit')
    UNION ALL
    SELECT format('set for %s: %s', r.rolname, s.setconfig)
    FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole JOIN pg_database d ON d.datname = current_database()
    WHERE r.rolname IN ('gt_owner', 'gt_app', 'gt_sealer', 'gt_audit') AND s.setdatabase IN (0, d.oid)
    UNION ALL
    SELECT format('set for all: %s', one)
    FROM pg_db_role_setting s JOIN pg_database d ON d.datname = current_database() CROSS JOIN unnest(s.setconfig) AS one
    WHERE s.setrole = 0 AND s.setdatabase IN (0, d.oid)
      AND split_part(one, '=', 1) IN ('session_replication_role', 'search_path', 'row_security', 'role')
  ) AS lines $$;
