"""L4, L9, B11: the page of how everything runs, its figures for programs, the clock of a training installation, Redis off."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from service.app import Web
from service.cli.clock import moment_typed, move_clock
from service.demo.city import shipped_city
from service.operation.looking import Look, look_around
from service.operation.metrics import NAMES, metrics_text
from service.operation.signs import Sign, State, in_bytes, signs_of, worst
from tests.support.cluster import TEMPLATE, Database, TestCluster, running_broker
from tests.support.web_city import planted, visitor
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.store.installation import beat
from workflows.store.operation import Queue
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import Role
from workflows.workdays import BEIJING

DOCUMENTED = Path(__file__).parents[2] / "docs" / "operators.md"


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def login_of(role: Role) -> str:
    return next(each.id for each in shipped_city().people if each.holds(role))


@pytest.fixture
def look(web: Web) -> Look:
    """What is found where everything runs."""
    with begin(web.extensions["engine"]) as tx:
        found = look_around(tx, web.settings)
    figures = replace(
        found.figures, pulses=dict.fromkeys(("dispatch", "canary", "beat"), 1.0), oldest_unsealed=None,
        notices=Queue(0, 0), timers=Queue(0, 0),
    )  # fmt: skip
    good = {"ok": True, "size": 10, "lag_seconds": 0.0}
    return replace(found, figures=figures, checkpoints=good, broker=True, disk_free=100 << 30, disk_total=200 << 30)


def judged(web: Web, look: Look) -> dict[str, Sign]:
    with web.test_request_context():
        return {sign.name: sign for sign in signs_of(look)}


def test_l4_everything_in_order_is_green_and_says_so(web: Web, look: Look) -> None:
    signs = judged(web, look)
    assert {name for name, sign in signs.items() if sign.state is not State.GOOD} == set()
    assert worst(tuple(signs.values())) is State.GOOD
    assert len(signs) == 16


@pytest.mark.parametrize(("name", "state", "changes"), [
    ("封存", State.FAULT, {"oldest_unsealed": 61}), ("封存", State.WATCH, {"oldest_unsealed": 16}),
    ("台账结构", State.FAULT, {"guards_intact": False}),
    ("检查点和见证", State.FAULT, {"checkpoints": {"ok": False, "says": "rolled back"}}),
    ("通知", State.FAULT, {"notices": Queue(3, 61)}), ("通知", State.WATCH, {"notices": Queue(3, 16)}),
    ("发送失败的通知", State.FAULT, {"by_state": {"dead": 1}}), ("暂停的渠道", State.WATCH, {"resting": ("mail",)}),
    ("定时事项", State.FAULT, {"timers": Queue(1, 61)}), ("办不成的定时事项", State.FAULT, {"dead_timers": 1}),
    ("调度进程", State.FAULT, {"pulses": {"dispatch": 31.0, "canary": 1.0, "beat": 1.0}}),
    ("工作进程（经消息队列）", State.WATCH, {"pulses": {"dispatch": 1.0, "beat": 1.0}}),
    ("定时唤醒进程", State.WATCH, {"pulses": {"dispatch": 1.0, "canary": 1.0, "beat": 121.0}}),
    ("消息队列（Redis）", State.WATCH, {"broker": False}),
    ("磁盘", State.FAULT, {"disk_free": 1 << 30}), ("磁盘", State.WATCH, {"disk_free": 9 << 30}),
    ("工作日历", State.FAULT, {"years": frozenset({2020})}), ("表结构", State.FAULT, {"revision": "0001"}),
])  # fmt: skip
def test_l4_each_fault_is_told_with_what_to_do(web: Web, look: Look, name: str, state: State, changes: dict) -> None:
    if "oldest_unsealed" in changes:
        changes = {"oldest_unsealed": look.figures.real_now - timedelta(seconds=changes["oldest_unsealed"])}
    of_figures = {key: value for key, value in changes.items() if hasattr(look.figures, key)}
    of_look = {key: value for key, value in changes.items() if key not in of_figures}
    signs = judged(web, replace(look, figures=replace(look.figures, **of_figures), **of_look))
    assert [each for each, sign in signs.items() if sign.state is not State.GOOD] == [name]
    assert (signs[name].state, bool(signs[name].advice)) == (state, True)


def test_l4_next_years_notice_is_missed_from_december_on(web: Web, look: Look) -> None:
    december = replace(look.figures, log_now=datetime(2026, 12, 1, tzinfo=UTC))
    november = replace(look.figures, log_now=datetime(2026, 11, 30, tzinfo=UTC))
    states = [
        judged(web, replace(look, figures=each, years=frozenset({2026})))["工作日历"].state for each in (november, december)
    ]
    assert states == [State.GOOD, State.WATCH]
    assert [in_bytes(3 << 30), in_bytes(5 << 20)] == ["3.0 GB", "5 MB"]


def test_l4_administrators_alone_see_the_page(web: Web) -> None:
    answers = {
        role: visitor(web, login_of(role)).client.get("/operation").status_code
        for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.CLERK)
    }
    assert list(answers.values()) == [200, 200, 403, 403]
    page = visitor(web, login_of(Role.SYSTEM_ADMIN)).sees("/operation")
    assert [name in page for name in ("工作进程（经消息队列）", "从未出现", 'href="/operation"')] == [True, True, True]


def test_l4_the_metrics_are_for_this_host_alone_and_say_what_the_database_says(web: Web) -> None:
    with begin(web.extensions["engine"]) as tx:
        beat(tx, "dispatch")
        leaves = tx.scalar("SELECT count(*) FROM log.leaf")
    here = web.test_client().get("/metrics")
    found = {family.name: family for family in text_string_to_metric_families(here.text)}
    assert (here.status_code, set(found)) == (200, set(NAMES))
    assert found["goaltrail_log_size"].samples[0].value == leaves
    assert [(each.labels, each.value < 60) for each in found["goaltrail_pulse_age_seconds"].samples] == [({"process": "dispatch"}, True)]
    away = web.test_client().get("/metrics", environ_base={"REMOTE_ADDR": "10.1.2.3"})
    through = web.test_client().get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"})
    assert (away.status_code, through.status_code) == (404, 404)


def test_l4_without_a_database_the_metrics_say_that_it_is_down() -> None:
    assert metrics_text(None).decode().splitlines()[-1] == "goaltrail_up 0.0"


def test_l4_every_metric_is_documented() -> None:
    documented = DOCUMENTED.read_text(encoding="utf-8")
    assert [name for name in NAMES if not re.search(rf"`{name}[`{{]", documented)] == []


def test_l9_a_training_installation_moves_its_clock_forwards_and_every_page_says_so(cluster: TestCluster, tmp_path: Path) -> None:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path)
    inside = visitor(app, "jingban")
    assert [page for page in ("/work", "/tables", "/inbox") if "台账时钟已拨动" in inside.sees(page)] == []
    with begin(app.extensions["engine"]) as tx:
        to = tx.now() + timedelta(days=40)
        assert move_clock(tx, to) >= to
    assert [page for page in ("/work", "/tables", "/inbox", "/account") if 'class="mode moved"' in inside.sees(page)] == [
        "/work", "/tables", "/inbox", "/account"
    ]
    with begin(app.extensions["engine"]) as tx:
        assert tx.scalar("SELECT count(*) FROM log.event WHERE kind = 'clock.moved'") == 1
        for wrong in (to, tx.now() + timedelta(days=4000)):
            with pytest.raises(FieldsInvalid):
                move_clock(tx, wrong)
    app.extensions["engine"].dispose()
    cluster.drop(database)


def test_l9_production_keeps_its_clock(database: Database) -> None:
    owner = make_engine(database.owner_url, connections=1)
    with begin(owner) as tx:
        tx.scalar("SELECT log.mark_installation('production')")
    owner.dispose()
    engine = make_engine(database.app_url, connections=1)
    with begin(engine) as tx, pytest.raises(NotAllowed):
        move_clock(tx, tx.now() + timedelta(days=1))
    engine.dispose()


def test_l9_the_domain_never_asks_the_hosts_clock() -> None:
    """Time comes in as an argument or from the log; what guards clocks and signs letters lives in service and workers."""
    asks = re.compile(r"datetime\.now\(|utcnow\(|date\.today\(|time\.time\(")
    files = sorted((DOCUMENTED.parents[1] / "workflows").rglob("*.py"))
    assert len(files) > 100
    assert [file.name for file in files if asks.search(file.read_text(encoding="utf-8"))] == []


def test_l9_a_moment_without_a_zone_is_beijings() -> None:
    assert moment_typed("2026-08-01T09:00") == datetime(2026, 8, 1, 9, tzinfo=BEIJING)
    with pytest.raises(FieldsInvalid):
        moment_typed("明天")


def test_b11_pages_go_on_when_redis_stops_in_the_middle(cluster: TestCluster, tmp_path: Path) -> None:
    database = cluster.new_database(TEMPLATE)
    with running_broker() as broker:
        app = planted(database, tmp_path, broker.redis_url)
        inside = visitor(app, "jingban")
        before = inside.client.get("/work").status_code
        broker.kill()
        still, late = inside.client.get("/work").status_code, visitor(app).enters_as("fuzeren").status_code
        wrong = [visitor(app).enters_as("guicai", "falsch").status_code for _ in range(2)]
        broker.start()
        again = inside.client.get("/work").status_code
    assert (before, still, late, wrong, again) == (200, 200, 303, [401, 401], 200)
    app.extensions["engine"].dispose()
    cluster.drop(database)
