"""The watch: a loosened guard turns readiness red and is recorded once; a clock that jumps is recorded once."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from service.app import create_app
from service.config import Settings
from service.owner_use import migrate_and_record
from tests.support.cluster import Database
from workers.dispatch import Dispatcher
from workers.watching import LARGEST_JUMP, Reading, Watch, jumps_between, read_clocks
from workflows.commands.tracing import INSTALLATION
from workflows.events import Recorded
from workflows.store.streams import history_of
from workflows.store.transaction import begin, make_engine

ROOT = Path(__file__).resolve().parents[2]
STILL = Reading(wall=1000.0, wall_width=0.001, database=1000.2, database_width=0.01)
ASLEEP = "ALTER TABLE log.event DISABLE TRIGGER append_only"
AWAKE = "ALTER TABLE log.event ENABLE ALWAYS TRIGGER append_only"


@pytest.fixture
def released(empty_database: Database) -> Iterator[Engine]:
    migrate_and_record(empty_database.owner_url, "demo", purpose="测试")
    engine = make_engine(empty_database.app_url, connections=2)
    yield engine
    engine.dispose()


def as_superuser(database: Database, statement: str) -> None:
    with psycopg.connect(database.superuser_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement)


def told(engine: Engine, kind: str) -> list[Recorded]:
    with begin(engine) as tx:
        return [each for each in history_of(tx, INSTALLATION) if each.kind == kind]


def readiness(database: Database, folder: Path) -> dict[str, object]:
    app = create_app(Settings(database.app_url, "k" * 40, folder, "demo"))
    checks = app.test_client().get("/readyz").json["checks"]
    app.extensions["engine"].dispose()
    return checks["catalog"]


def test_a_trigger_put_to_sleep_is_recorded_once_by_however_many_and_readiness_is_red(
    empty_database: Database, released: Engine, tmp_path: Path
) -> None:
    watches = [Watch(released), Watch(released)]
    for watch in watches:
        watch.look_at_catalog()
    assert (told(released, "catalog.changed"), readiness(empty_database, tmp_path)["ok"]) == ([], True)
    as_superuser(empty_database, ASLEEP)
    for watch in watches * 2:
        watch.look_at_catalog()
    (changed,) = told(released, "catalog.changed")
    (used,) = told(released, "owner.used")
    assert (changed.fact.expected, changed.fact.found != changed.fact.expected) == (used.fact.fingerprint, True)
    red = readiness(empty_database, tmp_path)
    assert (red["ok"], red["asleep"]) == (False, ["event.append_only"])
    as_superuser(empty_database, AWAKE)
    watches[0].look_at_catalog()
    watches[1].look_at_catalog()
    assert [each.fact.found for each in told(released, "catalog.changed")] == [changed.fact.found, used.fact.fingerprint]
    assert readiness(empty_database, tmp_path)["ok"] is True
    as_superuser(empty_database, ASLEEP)
    watches[1].look_at_catalog()
    assert len(told(released, "catalog.changed")) == 3
    as_superuser(empty_database, AWAKE)


def test_the_web_does_not_start_on_loosened_guards(empty_database: Database, released: Engine, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k" * 40)
    environment = {
        "PYTHONPATH": str(ROOT), "GOALTRAIL_DATABASE_URL": empty_database.app_url, "GOALTRAIL_MODE": "demo",
        "GOALTRAIL_SECRET_KEY": str(tmp_path / "key"), "GOALTRAIL_DATA_DIR": str(tmp_path),
    }  # fmt: skip

    def started(**more: str) -> tuple[int, str]:
        program = "from service.web import ready_app; ready_app()"
        done = subprocess.run([sys.executable, "-c", program], env=environment | more, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    assert started() == (0, "")
    short = started(GOALTRAIL_RETENTION_YEARS="9")
    assert (short[0], "会计档案管理办法" in short[1]) == (1, True)
    as_superuser(empty_database, "ALTER TABLE log.event DISABLE TRIGGER append_only")
    code, said = started()
    assert (code, "已拒绝启动" in said, "event.append_only" in said, "Traceback" in said) == (1, True, True, False)
    as_superuser(empty_database, AWAKE)
    as_superuser(empty_database, "DROP FUNCTION log.fingerprint()")
    code, said = started()
    assert (code, "log.fingerprint" in said) == (1, True)


class Clocks:
    """Readings that a test turns."""

    def __init__(self) -> None:
        self.now = STILL

    def __call__(self, _tx: object) -> Reading:
        return self.now


def test_a_jump_of_either_clock_is_recorded_once(released: Engine) -> None:
    clocks = Clocks()
    watch = Watch(released, read=clocks)
    for wall, database in ((0, 0), (1.5, -1.5), (-3600, 0), (0, 0), (0, 90), (0, 0)):
        clocks.now = replace(clocks.now, wall=clocks.now.wall + wall, database=clocks.now.database + database)
        watch.look_at_clocks()
    jumps = [(each.fact.process, each.fact.seconds) for each in told(released, "clock.jumped")]
    assert jumps == [("dispatch", "-3600.0"), ("dispatch/database", "+90.0")]


def test_a_slow_answer_is_no_jump() -> None:
    slow = replace(STILL, database=STILL.database + 5, database_width=6.0)
    assert jumps_between(STILL, slow, "x") == []
    assert [each.process for each in jumps_between(STILL, replace(slow, database_width=0.1), "x")] == ["x/database"]


def test_real_clocks_stand_still_against_each_other(released: Engine) -> None:
    with begin(released) as tx:
        first, second = read_clocks(tx), read_clocks(tx)
    assert abs(first.wall - second.wall) < LARGEST_JUMP
    assert jumps_between(first, second, "x") == []


def test_a_jump_that_the_ledger_cannot_take_yet_waits(released: Engine, empty_database: Database) -> None:
    clocks = Clocks()
    watch = Watch(released, read=clocks)
    watch.look_at_clocks()
    with begin(released) as tx:
        tx.scalar("SELECT log.set_virtual_now(log.now() + interval '1 day')")
    Watch(released, read=clocks).look_at_clocks()
    clocks.now = replace(STILL, wall=STILL.wall + 60)
    watch.look_at_clocks()
    assert len(told(released, "clock.jumped")) == 1
    as_superuser(empty_database, "ALTER TABLE log.installation DISABLE TRIGGER only_later")
    as_superuser(empty_database, "UPDATE log.installation SET virtual_offset = interval '0'")
    clocks.now = replace(clocks.now, wall=clocks.now.wall - 86_400)
    watch.look_at_clocks()
    assert (len(told(released, "clock.jumped")), len(watch.untold)) == (1, 1)
    as_superuser(empty_database, "UPDATE log.installation SET virtual_offset = interval '2 days'")
    watch.look_at_clocks()
    assert [each.fact.seconds for each in told(released, "clock.jumped")] == ["+60.0", "-86400.0"]
    assert watch.untold == []


def test_the_dispatcher_watches_at_its_first_look(released: Engine, empty_database: Database) -> None:
    as_superuser(empty_database, ASLEEP)
    dispatcher = Dispatcher(released, call=lambda _name: None, watch=Watch(released))
    dispatcher.look()
    dispatcher.look()
    assert len(told(released, "catalog.changed")) == 1
    as_superuser(empty_database, AWAKE)
