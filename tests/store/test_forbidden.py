"""What nobody can do with the credentials of the web, the workers or the sealer; and what even the owner's triggers stop."""

from collections.abc import Callable
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.store.acting import CLERK, command, grow, journal_on, make_table
from tests.support.cluster import Database, TestCluster
from workflows import events as e
from workflows.ledger.hashes import leaf
from workflows.store.migrating import upgrade
from workflows.store.sealing import seal_batch
from workflows.store.transaction import begin, make_engine
from workflows.store.tree import keep_checkpoint, root_at

DENIED = "42501"
ROW = (
    "INSERT INTO log.event (stream_id, version, prev_hash, subject, kind, shape, actor_id, at, command_id, step, body) "
    "SELECT stream_id, version + 1, leaf_hash, subject, kind, shape, actor_id, at, gen_random_uuid(), 0, body "
    "FROM log.event LIMIT 1"
)
TILE = "INSERT INTO log.tile (level, n, hashes) VALUES (0, 0, decode(repeat('00', 8192), 'hex'))"
CHECKPOINT = "INSERT INTO log.checkpoint (size, root, note) VALUES (1, sha256('x'), 'another note')"
WORDS = (
    "INSERT INTO log.payload (commitment, stream_id, version, kind, salt, body) "
    "SELECT sha256('\\x02'::bytea || sha256('s') || 'w'::bytea), gen_random_uuid(), 1, 'text', sha256('s'), 'w'"
)
KEEP_WORDS = "SELECT log.put_payloads(gen_random_uuid(), ARRAY[1], ARRAY['text'], ARRAY[sha256('s')], ARRAY['w'::bytea])"
BOTH = {
    "update an event": ("UPDATE log.event SET actor_id = 'x'", DENIED),
    "delete an event": ("DELETE FROM log.event", DENIED),
    "truncate the events": ("TRUNCATE log.event CASCADE", DENIED),
    "insert past the function": (ROW, DENIED),
    "copy events in": ("COPY log.event FROM STDIN", DENIED),
    "merge events": (
        "MERGE INTO log.event e USING log.seal s ON e.event_id = s.size WHEN MATCHED THEN DELETE", DENIED),
    "lock the events away": ("BEGIN; LOCK TABLE log.event IN ACCESS EXCLUSIVE MODE", DENIED),
    "lock events for update": ("SELECT event_id FROM log.event FOR UPDATE", DENIED),
    "update a leaf": ("UPDATE log.leaf SET log_index = log_index + 1", DENIED),
    "delete a leaf": ("DELETE FROM log.leaf", DENIED),
    "insert a leaf": ("INSERT INTO log.leaf VALUES (99, 99, '\\x00')", DENIED),
    "update a seal": ("UPDATE log.seal SET size = 0", DENIED),
    "delete a seal": ("DELETE FROM log.seal", DENIED),
    "insert a seal": ("INSERT INTO log.seal VALUES (99, 0, '1:1:', 1)", DENIED),
    "move a stream's head": ("UPDATE log.stream SET version = 0", DENIED),
    "delete a stream": ("DELETE FROM log.stream", DENIED),
    "insert a stream": ("INSERT INTO log.stream (stream_id) VALUES (gen_random_uuid())", DENIED),
    "change content": ("UPDATE log.content SET body = 'x'", DENIED),
    "insert content past the function": ("INSERT INTO log.content VALUES (sha256('x'), 'x')", DENIED),
    "update a tile": ("UPDATE log.tile SET hashes = hashes", DENIED),
    "delete a tile": ("DELETE FROM log.tile", DENIED),
    "empty the tiles": ("TRUNCATE log.tile", DENIED),
    "overwrite a tile": (f"{TILE} ON CONFLICT (level, n) DO UPDATE SET hashes = excluded.hashes", DENIED),
    "update a checkpoint": ("UPDATE log.checkpoint SET note = 'x'", DENIED),
    "delete a checkpoint": ("DELETE FROM log.checkpoint", DENIED),
    "empty the checkpoints": ("TRUNCATE log.checkpoint", DENIED),
    "overwrite a checkpoint": (f"{CHECKPOINT} ON CONFLICT (size) DO UPDATE SET root = excluded.root", DENIED),
    "change erasable words": ("UPDATE log.payload SET body = 'x'", DENIED),
    "delete erasable words": ("DELETE FROM log.payload", DENIED),
    "empty the erasable words": ("TRUNCATE log.payload", DENIED),
    "insert words past the function": (WORDS, DENIED),
    "ask an inner function of erasure": ("SELECT log.erasure_recorded(gen_random_uuid(), '\\x00')", DENIED),
    "rename the log": ("UPDATE log.installation SET log_id = gen_random_uuid()", DENIED),
    "mark the installation": ("SELECT log.mark_installation('simulation')", DENIED),
    "write the installation": ("INSERT INTO log.installation (mode) VALUES ('demo')", DENIED),
    "disable a trigger": ("ALTER TABLE log.event DISABLE TRIGGER append_only", DENIED),
    "drop a trigger": ("DROP TRIGGER append_only ON log.event", DENIED),
    "drop a constraint": ("ALTER TABLE log.event DROP CONSTRAINT event_version_check", DENIED),
    "drop the table": ("DROP TABLE log.event CASCADE", DENIED),
    "drop the schema": ("DROP SCHEMA log CASCADE", DENIED),
    "create in the schema": ("CREATE TABLE log.mine ()", DENIED),
    "create in public": ("CREATE TABLE public.mine ()", DENIED),
    "replace a function": (
        "CREATE OR REPLACE FUNCTION log.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'", DENIED),
    "call an inner function": ("SELECT log.append_one('x', NULL)", DENIED),
    "keep payloads past the function": ("SELECT log.keep_payloads('[]', '{}')", DENIED),
    "become the owner": ("SET ROLE gt_owner", DENIED),
    "become the owner by session": ("SET SESSION AUTHORIZATION gt_owner", DENIED),
    "switch triggers off": ("SET session_replication_role = replica", DENIED),
    "read passwords": ("SELECT rolpassword FROM pg_authid", DENIED),
    "grant oneself": ("GRANT ALL ON log.event TO gt_app, gt_sealer; UPDATE log.event SET step = step", DENIED),
    "join the owner": ("GRANT gt_owner TO gt_app", DENIED),
    "let the owner in again": ("ALTER ROLE gt_owner LOGIN PASSWORD 'x'", DENIED),
    "make a role": ("CREATE ROLE mine SUPERUSER", DENIED),
    "run a program": ("COPY (SELECT 1) TO PROGRAM 'true'", DENIED),
    "read a server's file": ("SELECT pg_read_file('postgresql.conf')", DENIED),
    "take the sealer's turn": ("BEGIN; LOCK TABLE log.turn IN EXCLUSIVE MODE", DENIED),
}  # fmt: skip
APPLICATION = BOTH | {
    "seal": ("SELECT log.seal_batch()", DENIED),
    "insert a tile": (TILE, DENIED),
    "insert a checkpoint": (CHECKPOINT, DENIED),
    "keep words that no event names": (KEEP_WORDS, "GT006"),
    "rewrite what was sent": ("DELETE FROM desk.outbox", DENIED),
    "rewrite the log of notices": ("UPDATE desk.notice_log SET outcome = 'sent'", DENIED),
}
SEALER = BOTH | {
    "append": ("SELECT log.append(ARRAY['x'::bytea])", DENIED),
    "record": ("SELECT log.record(ARRAY['x'::bytea], '{}', '[]')", DENIED),
    "put content": ("SELECT log.put_content('x')", DENIED),
    "read contents": ("SELECT * FROM log.content", DENIED),
    "read events": ("SELECT body FROM log.event", DENIED),
    "read erasable words": ("SELECT * FROM log.payload", DENIED),
    "keep words": (KEEP_WORDS, DENIED),
    "erase words": ("SELECT log.erase_payloads(gen_random_uuid())", DENIED),
    "insert a tile that is not full": ("INSERT INTO log.tile VALUES (0, 1, '\\x00')", "23514"),
    "insert a tile twice": (TILE, "23505"),
    "insert another checkpoint of a size": (CHECKPOINT, "23505"),
    "read accounts": ("SELECT * FROM desk.account", DENIED),
    "move the clock": ("SELECT log.set_virtual_now(now())", DENIED),
}
AUDITOR = {
    "append": ("SELECT log.append(ARRAY['x'::bytea])", DENIED),
    "record": ("SELECT log.record(ARRAY['x'::bytea], '{}', '[]')", DENIED),
    "insert a tile": (TILE, DENIED),
    "insert a checkpoint": (CHECKPOINT, DENIED),
    "delete erasable words": ("DELETE FROM log.payload", DENIED),
    "keep words": (KEEP_WORDS, DENIED),
    "erase words": ("SELECT log.erase_payloads(gen_random_uuid())", DENIED),
    "read accounts": ("SELECT * FROM desk.account", DENIED),
    "read sessions": ("SELECT * FROM desk.session", DENIED),
    "write a standing": ("UPDATE desk.table_standing SET stage = 'closed'", DENIED),
}


def code_of(url: str, statement: str) -> str | None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        try:
            connection.execute(statement)
        except psycopg.Error as refused:
            return refused.sqlstate
    return None


def filled(database: Database) -> UUID:
    """A marked log with three events, erasable words, a tile and a checkpoint; returns the table."""
    upgrade(database.owner_url, "production")
    app, sealer = make_engine(database.app_url), make_engine(database.sealer_url)
    table = make_table(app)
    with journal_on(app) as journal:
        journal.append(table.id, "table", (e.HoldPlaced("有举报正在核查"),), command())
    with begin(sealer) as tx:
        assert seal_batch(tx) == 3
        keep_checkpoint(tx, 1, root_at(tx, 1), "note")
        tx.run(TILE)
    app.dispose()
    sealer.dispose()
    return table.id


def test_the_forbidden_statements_are_sound_in_themselves(database: Database) -> None:
    """A superuser may insert: what is refused above is refused for its right and its value, not for a slip in it."""
    filled(database)
    sound = (TILE.replace("(0, 0,", "(0, 1,"), CHECKPOINT.replace("(1,", "(2,"), WORDS)
    assert [code_of(database.superuser_url, statement) for statement in sound] == [None, None, None]


@pytest.mark.parametrize(
    ("role", "actions"), [("app_url", APPLICATION), ("sealer_url", SEALER), ("audit_url", AUDITOR)]
)
def test_every_forbidden_action_is_refused_and_changes_nothing(
    database: Database, role: str, actions: dict[str, tuple[str, str]]
) -> None:
    filled(database)
    before = contents(database)
    answers = {name: code_of(getattr(database, role), sql) for name, (sql, _) in actions.items()}
    assert answers == {name: code for name, (_, code) in actions.items()}
    assert contents(database) == before


def contents(database: Database) -> list[object]:
    with psycopg.connect(database.superuser_url.replace("+psycopg", "")) as connection:
        return [
            connection.execute(f"SELECT * FROM log.{name} ORDER BY 1").fetchall()
            for name in (
                "event", "leaf", "seal", "stream", "content", "installation", "tile", "checkpoint", "payload")
        ]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE log.event SET actor_id = actor_id", "GT001"), ("DELETE FROM log.event", "GT001"),
        ("TRUNCATE log.event CASCADE", "GT001"), ("DELETE FROM log.leaf", "GT001"), ("DELETE FROM log.seal", "GT001"),
        ("UPDATE log.content SET body = body", "GT001"), ("DELETE FROM log.stream", "GT001"),
        ("UPDATE log.stream SET subject = 'person'", "GT001"),
        ("UPDATE log.stream SET version = version + 1", "GT001"), ("UPDATE log.stream SET head = sha256('x')", "GT001"),
        ("DELETE FROM log.installation", "GT001"), (ROW, "23514"),
        ("SET session_replication_role = replica; DELETE FROM log.event", "GT001"),
        ("INSERT INTO log.content (hash, body) VALUES (sha256('a'), 'b')", "23514"),
        ("UPDATE log.tile SET hashes = hashes", "GT001"), ("DELETE FROM log.tile", "GT001"),
        ("TRUNCATE log.tile", "GT001"), ("INSERT INTO log.tile VALUES (0, 1, 'short')", "23514"),
        ("UPDATE log.checkpoint SET note = 'x'", "GT001"), ("DELETE FROM log.checkpoint", "GT001"),
        ("TRUNCATE log.checkpoint", "GT001"),
        (f"{CHECKPOINT} ON CONFLICT (size) DO UPDATE SET root = excluded.root", "GT001"),
        ("UPDATE log.payload SET body = 'x'", "GT001"), ("DELETE FROM log.payload", "GT001"),
        ("TRUNCATE log.payload", "GT001"), (WORDS.replace("'w'::bytea)", "'v'::bytea)"), "23514"),
        ("UPDATE log.installation SET log_id = gen_random_uuid()", "GT005"),
        ("UPDATE log.installation SET mode = 'demo'", "GT005"),
        ("SET session_replication_role = replica; DELETE FROM log.tile", "GT001"),
        ("SET session_replication_role = replica; DELETE FROM log.checkpoint", "GT001"),
        ("SET session_replication_role = replica; DELETE FROM log.payload", "GT001"),
    ],
)  # fmt: skip
def test_the_superuser_stumbles_over_the_same_triggers(database: Database, statement: str, code: str) -> None:
    filled(database)
    assert code_of(database.superuser_url, statement) == code


@pytest.mark.parametrize(("asked_by", "confirmed_by", "where"), [
    ("wang", "wang", "here"), (CLERK.id, CLERK.id, "here"), ("wang", "zhao", "here"), ("wang", CLERK.id, "elsewhere"),
    ("wang", CLERK.id, "other words"),
])  # fmt: skip
def test_words_do_not_go_unless_two_persons_said_so_on_their_own_stream(
    database: Database, asked_by: str, confirmed_by: str, where: str
) -> None:
    table = filled(database)
    app = make_engine(database.app_url)
    with journal_on(app) as journal:
        (words,) = journal.tx.rows("SELECT encode(commitment, 'hex') AS name FROM log.payload")
        target = "ab" * 32 if where == "other words" else words["name"]
        said = e.PayloadErased("r1", (target,), "依法删除", asked_by, confirmed_by)
        journal.append(uuid4() if where == "elsewhere" else table, "table", (said,), command())
    with begin(app) as tx:
        assert tx.scalar("SELECT log.erase_payloads(:stream)", stream=table) == 0
    app.dispose()
    assert code_of(database.superuser_url, "DELETE FROM log.payload") == "GT001"


def test_words_go_once_two_persons_said_so(database: Database) -> None:
    table = filled(database)
    app = make_engine(database.app_url)
    with journal_on(app) as journal:
        (words,) = journal.tx.rows("SELECT encode(commitment, 'hex') AS name FROM log.payload")
        journal.append(
            table, "table", (e.PayloadErased("r1", (words["name"],), "依法删除", "wang", CLERK.id),), command())  # fmt: skip
    with begin(app) as tx:
        erased = [tx.scalar("SELECT log.erase_payloads(:stream)", stream=table) for _ in range(2)]
    app.dispose()
    assert erased == [1, 0]


def appended(body: str) -> str:
    return f"SELECT log.append(ARRAY[convert_to($json${body}$json$, 'UTF8')])"


def recorded_alone(body: str) -> str:
    return f"SELECT log.record(ARRAY[convert_to($json${body}$json$, 'UTF8')], '{{}}', '[]')"


def recorded_with_rows(body: str) -> str:
    return f"SELECT desk.record(ARRAY[convert_to($json${body}$json$, 'UTF8')], '{{}}', '{{}}')"


@pytest.mark.parametrize("appended", [appended, recorded_alone, recorded_with_rows])
def test_a_forged_body_does_not_pass_the_function(database: Database, appended: Callable[[str], str]) -> None:
    app = make_engine(database.app_url)
    stream = uuid4()
    with begin(app) as tx:
        first = grow(tx, stream)
        body = bytes(tx.scalar("SELECT body FROM log.event WHERE stream_id = :stream", stream=stream)).decode()
    at = first.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    fresh = uuid4()
    with begin(app) as tx:
        tx.row("SELECT version FROM log.lock_stream(:stream)", stream=fresh)
    app.dispose()
    nothing, head = "0" * 64, leaf(body.encode()).hex()
    good = body.replace('"version":1', '"version":2').replace(nothing, head).replace(str(first.command_id), str(uuid4()))
    begun = good.replace(str(stream), str(fresh)).replace('"version":2', '"version":1').replace(head, nothing)
    forgeries = {
        "the same again": (body, "40001"),
        "another link": (good.replace(head, "ab" * 32), "40001"),
        "a version ahead": (good.replace('"version":2', '"version":3'), "40001"),
        "the past": (good.replace(at, "2001-01-01T00:00:00.000000Z"), "GT003"),
        "the future": (good.replace(at, "2101-01-01T00:00:00.000000Z"), "GT003"),
        "no time": (good.replace(f'"at":"{at}"', '"at":null'), "GT003"),
        "a sloppy time": (good.replace(at, at.replace("T", " ")), "23514"),
        "another format": (good.replace('"format":1', '"format":2'), "23514"),
        "an unknown subject": (begun.replace('"person"', '"nobody"'), "23514"),
        "another subject": (good.replace('"person"', '"document"'), "GT007"),
        "a crooked kind": (good.replace("grant.revoked", "Grant"), "23514"),
        "content that is not there": (good.replace('"content_hash":null', f'"content_hash":"{head}"'), "GT006"),
        "a stream never locked": (good.replace(str(stream), str(uuid4())), "GT002"),
        "too large": (good.replace("organ0", "x" * 65_536), "23514"),
        "a command twice": (good.replace(good.split('"command_id":"')[1][:36], str(first.command_id)), "23505"),
    }
    answers = {name: code_of(database.app_url, appended(forged)) for name, (forged, _) in forgeries.items()}
    assert answers == {name: code for name, (_, code) in forgeries.items()}
    assert code_of(database.app_url, appended(good)) is None


def test_a_second_forged_body_takes_the_first_with_it(database: Database) -> None:
    """What follows in one call is checked like the first: on another stream, ahead on the same, and its payloads."""
    app = make_engine(database.app_url)
    with begin(app) as tx:
        streams = [uuid4(), uuid4()]
        first, second = (grow(tx, stream) for stream in streams)
        bodies = [bytes(row["body"]).decode() for row in tx.rows("SELECT body FROM log.event ORDER BY event_id")]
    app.dispose()
    nexts = [
        body.replace('"version":1', '"version":2').replace("0" * 64, leaf(body.encode()).hex())
        .replace(str(each.command_id), str(uuid4()))
        for body, each in zip(bodies, (first, second), strict=True)
    ]  # fmt: skip

    def both(one: str, other: str, payloads: str = "'{}', '[]'") -> str:
        return f"SELECT log.record(ARRAY[convert_to($a${one}$a$, 'UTF8'), convert_to($b${other}$b$, 'UTF8')], {payloads})"

    about = f"""'[{{"stream": "{streams[0]}", "version": 2, "kind": "text", "salt": "{"ab" * 32}"}}]'"""
    before = contents(database)
    answers = [
        code_of(database.app_url, both(nexts[0], bodies[1])),
        code_of(database.app_url, both(nexts[0], nexts[0])),
        code_of(database.app_url, both(nexts[0], nexts[1].replace(str(streams[1]), str(uuid4())))),
        code_of(database.app_url, both(nexts[0], nexts[1], f"ARRAY['words'::bytea], {about}")),
        code_of(database.sealer_url, both(nexts[0], nexts[1])),
        code_of(database.audit_url, both(nexts[0], nexts[1])),
    ]
    assert answers == ["40001", "40001", "GT002", "GT006", DENIED, DENIED]
    assert contents(database) == before
    assert code_of(database.app_url, both(nexts[0], nexts[1])) is None


@pytest.mark.parametrize("change", [
    "version = version + 2", "version = version + 1, head = sha256('x')",
    "version = version + 3, head = (SELECT leaf_hash FROM log.event WHERE version = 2 LIMIT 1)",
])  # fmt: skip
def test_a_head_moves_only_along_events_that_exist(database: Database, change: str) -> None:
    filled(database)
    assert code_of(database.superuser_url, f"UPDATE log.stream SET {change}") == "GT001"


HIJACK = (
    (
        "CREATE FUNCTION pg_temp.evil(pg_catalog.jsonb) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN "
        "IF current_user = 'gt_owner' THEN GRANT DELETE ON log.event TO gt_app; END IF; RETURN true; END $$"
    ),
    "CREATE DOMAIN pg_temp.jsonb AS pg_catalog.jsonb CHECK (pg_temp.evil(VALUE))",
)


def test_a_temporary_type_does_not_run_as_the_owner(database: Database, cluster: TestCluster) -> None:
    """Were pg_temp searched before pg_catalog, `::jsonb` inside log.append would be the caller's own type."""
    cluster.run(f"GRANT TEMPORARY ON DATABASE {database.name} TO gt_app")
    app = make_engine(database.app_url, connections=1)
    with begin(app) as tx:
        for statement in HIJACK:
            tx.run(statement)
        assert tx.scalar("SELECT '{}'::pg_temp.jsonb") == {}
    with begin(app) as tx:
        grow(tx, uuid4())
        assert tx.scalar("SELECT has_table_privilege('gt_app', 'log.event', 'DELETE')") is False
    app.dispose()


def test_every_function_of_the_log_searches_the_temporary_schema_last(database: Database) -> None:
    with psycopg.connect(database.superuser_url.replace("+psycopg", "")) as connection:
        sql = (
            "SELECT DISTINCT proconfig[1] FROM pg_proc"
            " WHERE pronamespace IN ('log'::regnamespace, 'desk'::regnamespace)"
        )
        assert connection.execute(sql).fetchall() == [("search_path=pg_catalog, pg_temp",)]


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_other_isolation_levels_are_refused(database: Database, level: str) -> None:
    for url, call in ((database.app_url, f"log.lock_stream('{uuid4()}')"), (database.sealer_url, "log.seal_batch()")):
        assert code_of(url, f"BEGIN ISOLATION LEVEL {level}; SELECT {call}") == "GT004"
