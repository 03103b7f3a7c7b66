-- What the REST interface keeps: personal access tokens (as hashes) and the answers of commands under their keys.

CREATE TABLE desk.token (
  token_id     uuid        PRIMARY KEY,
  person       text        NOT NULL REFERENCES desk.account,
  name         text        NOT NULL CHECK (name <> ''),
  scopes       text[]      NOT NULL,
  token_sha256 bytea       NOT NULL UNIQUE CHECK (octet_length(token_sha256) = 32),
  generation   integer     NOT NULL,
  made_at      timestamptz NOT NULL,
  ends_at      timestamptz NOT NULL CHECK (ends_at > made_at),
  used_at      timestamptz,
  revoked_at   timestamptz
);
CREATE INDEX token_by_person ON desk.token (person, made_at);

-- One row for each command that was answered well; written in the command's own transaction, forgotten after 30 days.
CREATE TABLE desk.answer (
  person         text        NOT NULL REFERENCES desk.account,
  key_sha256     bytea       NOT NULL CHECK (octet_length(key_sha256) = 32),
  request_sha256 bytea       NOT NULL CHECK (octet_length(request_sha256) = 32),
  status         integer,
  headers        jsonb,
  body           text,
  at             timestamptz NOT NULL,
  PRIMARY KEY (person, key_sha256)
);
CREATE INDEX answer_by_age ON desk.answer (at);

REVOKE ALL ON desk.token, desk.answer FROM PUBLIC;
GRANT SELECT, INSERT ON desk.token, desk.answer TO gt_app;
GRANT UPDATE (used_at, revoked_at) ON desk.token TO gt_app;
GRANT UPDATE (status, headers, body) ON desk.answer TO gt_app;
GRANT DELETE ON desk.answer TO gt_app;
