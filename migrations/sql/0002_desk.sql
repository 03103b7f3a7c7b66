-- The desk: what the people's lists are read from. Caches can be dropped and rebuilt from the log; accounts, sessions,
-- drafts, organs and files are the stated exceptions; outbox, timers and inbox are the memory of what was done outside.

CREATE SCHEMA desk;

CREATE TABLE desk.table_standing (
  table_id     uuid        PRIMARY KEY,
  version      bigint      NOT NULL,
  head         bytea       NOT NULL CHECK (octet_length(head) = 32),
  document     uuid,
  ordinal      integer     NOT NULL,
  bureau       text        NOT NULL,
  department   text        NOT NULL,
  unit         text        NOT NULL,
  owner        text        NOT NULL,
  year         integer     NOT NULL,
  title        text        NOT NULL,
  title_key    text        NOT NULL,
  family       text        NOT NULL,
  scope        text        NOT NULL,
  amount_wan   numeric,
  stage        text        NOT NULL,
  round        integer     NOT NULL,
  returned     boolean     NOT NULL,
  asked        text,
  doc_no       text,
  content_hash text        NOT NULL,
  in_force     text,
  disclosure   text,
  colour       text,
  total        numeric,
  grade        text,
  due_at       timestamptz,
  provisional  boolean     NOT NULL,
  overdue      boolean     NOT NULL,
  created_at   timestamptz NOT NULL,
  changed_at   timestamptz NOT NULL,
  state        jsonb       NOT NULL
);
CREATE INDEX standing_by_unit ON desk.table_standing (unit, year, stage);
CREATE INDEX standing_by_department ON desk.table_standing (department, year, stage);
CREATE INDEX standing_by_stage ON desk.table_standing (bureau, year, stage);
CREATE INDEX standing_by_owner ON desk.table_standing (owner, changed_at DESC);
CREATE INDEX standing_by_document ON desk.table_standing (document, ordinal);
CREATE INDEX standing_by_due ON desk.table_standing (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE desk.task (
  table_id    uuid        NOT NULL,
  task        text        NOT NULL,
  node        text        NOT NULL,
  stage       text        NOT NULL,
  round       integer     NOT NULL,
  role        text        NOT NULL,
  organ       text        NOT NULL,
  person      text,
  level       text        NOT NULL,
  entered_at  timestamptz NOT NULL,
  due_at      timestamptz,
  provisional boolean     NOT NULL,
  overdue     boolean     NOT NULL,
  PRIMARY KEY (table_id, task)
);
CREATE INDEX task_by_post ON desk.task (role, organ, due_at);
CREATE INDEX task_by_person ON desk.task (person) WHERE person IS NOT NULL;
CREATE INDEX task_by_due ON desk.task (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE desk.document (
  document_id     uuid        PRIMARY KEY,
  version         bigint      NOT NULL,
  name            text        NOT NULL,
  bytes_sha256    text        NOT NULL,
  size            bigint      NOT NULL,
  family          text        NOT NULL,
  bureau          text        NOT NULL,
  department      text        NOT NULL,
  unit            text        NOT NULL,
  year            integer     NOT NULL,
  department_part text,
  tables          uuid[]      NOT NULL,
  undisclosed     integer     NOT NULL,
  findings        text        NOT NULL,
  filed_by        text        NOT NULL,
  filed_by_name   text        NOT NULL,
  filed_at        timestamptz NOT NULL
);
CREATE INDEX document_by_department ON desk.document (department, unit, year);

CREATE TABLE desk.post (
  person  text        NOT NULL,
  role    text        NOT NULL,
  organ   text        NOT NULL,
  name    text        NOT NULL,
  from_at timestamptz NOT NULL,
  to_at   timestamptz,
  version bigint      NOT NULL,
  PRIMARY KEY (person, role, organ, from_at, version)
);
CREATE INDEX post_by_role ON desk.post (role, organ) WHERE to_at IS NULL;

CREATE TABLE desk.snapshot (
  stream_id uuid        PRIMARY KEY,
  version   bigint      NOT NULL,
  head      bytea       NOT NULL,
  code      text        NOT NULL,
  state     jsonb       NOT NULL,
  taken_at  timestamptz NOT NULL
);

CREATE TABLE desk.dated_snapshot (
  day      date        NOT NULL,
  format   text        NOT NULL CHECK (format IN ('csv', 'xlsx')),
  log_size bigint      NOT NULL,
  rows     integer     NOT NULL,
  sha256   text        NOT NULL,
  body     bytea       NOT NULL,
  taken_at timestamptz NOT NULL,
  PRIMARY KEY (day, format),
  CHECK (sha256 = encode(sha256(body), 'hex'))
);

CREATE TABLE desk.organ (
  id       text PRIMARY KEY,
  name     text NOT NULL,
  kind     text NOT NULL CHECK (kind IN ('bureau', 'department', 'unit', 'outside')),
  parent   text REFERENCES desk.organ,
  code     text,
  name_key text NOT NULL
);
CREATE INDEX organ_by_parent ON desk.organ (parent);

CREATE TABLE desk.account (
  person          text        PRIMARY KEY,
  login           text        NOT NULL UNIQUE,
  name            text        NOT NULL,
  email           text,
  password_hash   text        NOT NULL,
  failed_attempts integer     NOT NULL DEFAULT 0,
  wait_until      timestamptz,
  disabled        boolean     NOT NULL DEFAULT false,
  language        text        NOT NULL DEFAULT 'zh',
  last_login_at   timestamptz,
  generation      integer     NOT NULL DEFAULT 0
);

CREATE TABLE desk.session (
  token_sha256 bytea       PRIMARY KEY,
  person       text        NOT NULL REFERENCES desk.account,
  generation   integer     NOT NULL,
  data         jsonb       NOT NULL DEFAULT '{}',
  started_at   timestamptz NOT NULL,
  seen_at      timestamptz NOT NULL,
  ends_at      timestamptz NOT NULL
);
CREATE INDEX session_by_person ON desk.session (person);

CREATE TABLE desk.draft (
  table_id uuid        PRIMARY KEY,
  version  bigint      NOT NULL CHECK (version >= 1),
  content  bytea       NOT NULL,
  editors  text[]      NOT NULL,
  reasons  jsonb       NOT NULL,
  saved_at timestamptz NOT NULL
);

CREATE TABLE desk.file (
  sha256 bytea  PRIMARY KEY,
  body   bytea  NOT NULL CHECK (octet_length(body) <= 67108864),
  CHECK (sha256 = sha256(body))
);

CREATE TABLE desk.outbox (
  id          uuid        PRIMARY KEY,
  log_stream  uuid        NOT NULL,
  version     bigint      NOT NULL,
  kind        text        NOT NULL,
  recipient   text        NOT NULL,
  channel     text        NOT NULL CHECK (channel IN ('inbox', 'mail')),
  dedupe_key  text        NOT NULL UNIQUE,
  task        text,
  facts       jsonb       NOT NULL,
  rendered    jsonb,
  state       text        NOT NULL DEFAULT 'pending'
    CHECK (state IN ('pending', 'leased', 'sending', 'uncertain', 'sent', 'dropped', 'dead')),
  repeated    boolean     NOT NULL DEFAULT false,
  attempts    integer     NOT NULL DEFAULT 0,
  lease_until timestamptz,
  next_at     timestamptz NOT NULL,
  last_error  text,
  answer      text,
  created_at  timestamptz NOT NULL,
  done_at     timestamptz
);
CREATE INDEX outbox_waiting ON desk.outbox (next_at) WHERE state IN ('pending', 'uncertain');
CREATE INDEX outbox_leased ON desk.outbox (lease_until) WHERE state IN ('leased', 'sending');
CREATE INDEX outbox_of_stream ON desk.outbox (log_stream, version);

CREATE TABLE desk.timer (
  id          uuid        PRIMARY KEY,
  stream_id   uuid        NOT NULL,
  task        text        NOT NULL,
  kind        text        NOT NULL,
  dedupe_key  text        NOT NULL UNIQUE,
  facts       jsonb       NOT NULL,
  due_at      timestamptz NOT NULL,
  next_at     timestamptz NOT NULL,
  state       text        NOT NULL DEFAULT 'pending'
    CHECK (state IN ('pending', 'leased', 'fired', 'cancelled', 'dead')),
  fires       integer     NOT NULL DEFAULT 0,
  attempts    integer     NOT NULL DEFAULT 0,
  lease_until timestamptz,
  last_error  text,
  done_at     timestamptz
);
CREATE INDEX timer_waiting ON desk.timer (next_at) WHERE state = 'pending';
CREATE INDEX timer_leased ON desk.timer (lease_until) WHERE state = 'leased';
CREATE INDEX timer_of_task ON desk.timer (stream_id, task);

CREATE TABLE desk.inbox (
  id         uuid        PRIMARY KEY,
  recipient  text        NOT NULL,
  stream_id  uuid        NOT NULL,
  version    bigint      NOT NULL,
  kind       text        NOT NULL,
  subject    text        NOT NULL,
  sentence   text        NOT NULL,
  created_at timestamptz NOT NULL,
  read_at    timestamptz
);
CREATE INDEX inbox_by_recipient ON desk.inbox (recipient, created_at DESC);
CREATE INDEX inbox_unread ON desk.inbox (recipient) WHERE read_at IS NULL;

CREATE TABLE desk.notice_log (
  outbox_id uuid        NOT NULL,
  attempt   integer     NOT NULL,
  channel   text        NOT NULL,
  recipient text        NOT NULL,
  outcome   text        NOT NULL,
  detail    text,
  at        timestamptz NOT NULL,
  PRIMARY KEY (outbox_id, attempt, outcome)
);

CREATE TABLE desk.follower (
  name      text   PRIMARY KEY,
  log_index bigint NOT NULL CHECK (log_index >= -1)
);

CREATE TABLE desk.pulse (
  name   text        PRIMARY KEY,
  at     timestamptz NOT NULL,
  detail text
);

REVOKE ALL ON SCHEMA desk FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA desk FROM PUBLIC;
GRANT USAGE ON SCHEMA desk TO gt_app, gt_audit;
GRANT SELECT ON ALL TABLES IN SCHEMA desk TO gt_app;
GRANT INSERT ON ALL TABLES IN SCHEMA desk TO gt_app;
GRANT UPDATE ON desk.table_standing, desk.task, desk.document, desk.post, desk.snapshot, desk.organ, desk.account,
  desk.session, desk.draft, desk.outbox, desk.timer, desk.inbox, desk.follower, desk.pulse TO gt_app;
GRANT DELETE ON desk.table_standing, desk.task, desk.document, desk.post, desk.snapshot, desk.session, desk.draft
  TO gt_app;
GRANT SELECT ON desk.table_standing, desk.task, desk.document, desk.post, desk.organ, desk.outbox, desk.timer,
  desk.notice_log, desk.dated_snapshot, desk.file TO gt_audit;
