-- What each person last saw of each table, to show what changed since (features D8); not part of the log.

CREATE TABLE desk.look (
  person       text        NOT NULL,
  table_id     uuid        NOT NULL,
  version      bigint      NOT NULL,
  content_hash text        NOT NULL,
  at           timestamptz NOT NULL,
  PRIMARY KEY (person, table_id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON desk.look TO gt_app;
GRANT SELECT ON desk.look TO gt_audit;
