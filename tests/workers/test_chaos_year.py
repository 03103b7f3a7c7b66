"""B7, B11, H4: a virtual year under chaos; what was sent is the function of the log, nothing lost, nothing twice, nothing late."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text as sql_text
from sqlalchemy.exc import DBAPIError

from tests.support.cluster import TEMPLATE, Broker, TestCluster, running_broker, running_cluster
from tests.support.notices_by_the_log import Key, Step, World, said_by
from tests.workers import chaos_cast as cast
from tests.workers.chaos_web import RunningWeb, running_web, token_of
from tests.workers.desk import BEGINS, Bureau
from tests.workers.processes import Hands, MailSink, hands_of, running_sink
from tests.workers.test_recounting import published
from tests.workflows.test_recounting import notice
from workers.recounting import waiting_tables
from workflows.calendars import shipped_content
from workflows.errors import GoaltrailError
from workflows.store.installation import set_virtual_now
from workflows.store.journal import PostgresJournal
from workflows.store.migrating import upgrade
from workflows.store.refusals import ConnectionLost
from workflows.store.settling import unsettled
from workflows.store.transaction import begin, make_engine

OF_EACH = 2
SENDERS = 2 * OF_EACH
"""Who may have a letter on the way, workers and dispatchers: a database that dies catches each of them with one."""
LEASE = "12"
LONGEST_DRAIN = 900
SURVIVES_KILLS = {"fsync": "off", "full_page_writes": "off", "track_commit_timestamp": "on"}
"""What is committed has reached the system: killing the database loses none of it, only the machine's own fall could."""
INCIDENTS = ("worker", "dispatch", "web", "database", "flush", "broker")
NOTICES = """
SELECT o.id, o.log_stream::text AS stream, coalesce(o.task, o.version::text) AS about, o.kind, o.recipient, o.channel, o.state,
  o.created_at, coalesce(i.sentence, o.rendered ->> 'text') AS text, i.id IS NOT NULL AS arrived, e.actor_id,
  pg_xact_commit_timestamp(coalesce(i.xmin, o.xmin)) AS sent_really, pg_xact_commit_timestamp(e.xmin) AS said_really
FROM desk.outbox o LEFT JOIN desk.inbox i ON i.id = o.id
JOIN log.event e ON e.stream_id = o.log_stream AND e.version = o.version"""


@dataclass
class Year:
    """The installation under test, how far its clock has come, and what was done to it."""

    bureau: Bureau
    cluster: TestCluster
    broker: Broker
    hands: Hands
    web: RunningWeb
    sink: MailSink
    superuser: str
    dice: random.Random
    crowd: cast.Crowd
    dangers: tuple[str, ...] = INCIDENTS
    tokens: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    really: list[float] = field(default_factory=list)
    incidents: Counter[str] = field(default_factory=Counter)
    over_http: Counter[int] = field(default_factory=Counter)

    def now(self) -> datetime:
        return self.bureau.rows("SELECT log.now() AS now")[0]["now"]

    def moves_clock(self, by: timedelta) -> datetime:
        moment = self.now() + by
        self.really.append(time.time())
        with begin(self.bureau.engine) as tx:
            set_virtual_now(tx, moment)
        return moment

    def drains(self, since: datetime) -> None:
        """Wait until nothing that is due is left; note how far the clock ran on meanwhile."""
        until = time.monotonic() + LONGEST_DRAIN
        while not self.settled():
            assert time.monotonic() < until, self.hands.said()
            time.sleep(0.5)
        self.steps.append(Step(since, self.now()))

    def people_act(self, share: float) -> None:
        tables = cast.some(self.bureau.tables, self.dice, share)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(self.one_act, tables, [UUID(int=self.dice.getrandbits(128)) for _ in tables]))

    def one_act(self, table: UUID, command: UUID) -> None:
        """Act once, however often it has to be said; every fifth pass goes over HTTP."""
        if command.int % 5 == 0:
            self.over_http[self.web.approves(self.tokens[self.head_of(table)], table, command)] += 1
            return None
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                return self.crowd.acts(table, command)
            except (DBAPIError, ConnectionLost):
                time.sleep(0.5)
        raise AssertionError("the database did not come back")

    def head_of(self, table: UUID) -> str:
        return cast.HEADS[self.crowd.unit_of[table]].id

    def strikes(self, incident: str) -> None:
        self.incidents[incident] += 1
        match incident:
            case "worker" | "dispatch":
                living = [each for each in self.hands.kept[incident] if each.poll() is None]
                self.hands.kill(self.dice.choice(living))
                self.hands.kept[incident].append(self.hands.start(incident))
            case "web":
                self.web.kill()
                self.web.start()
            case "database":
                self.cluster.kill()
                self.cluster.start()
                self.bureau.engine.dispose()
            case "flush":
                self.broker.flushall()
            case "broker":
                self.broker.kill()

    def settled(self) -> bool:
        try:
            with begin(self.bureau.engine) as tx:
                return not [what for what in unsettled(tx) if what != "unsealed"] and not waiting_tables(tx, 1)
        except (DBAPIError, GoaltrailError):
            return False

    def step(self, share: float, days: float, danger: float) -> None:
        """The clock leaps; while the work drains people act and perhaps something breaks; then all is waited for."""
        began = self.moves_clock(timedelta(days=days))
        incident = self.dice.choice(self.dangers) if self.dice.random() < danger else "nothing"
        acting = threading.Thread(target=self.people_act, args=(share,))
        acting.start()
        time.sleep(self.dice.random() * 2)
        self.strikes(incident)
        acting.join()
        self.drains(began)
        if incident == "broker":
            self.broker.start()


@pytest.fixture
def year(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Year]:
    dice = random.Random(int(getattr(request, "param", 20150923)))
    with running_cluster(**SURVIVES_KILLS) as cluster, running_broker() as broker, running_sink() as (sink, smtp):
        database = cluster.new_database(TEMPLATE)
        upgrade(database.owner_url, "simulation", begins=BEGINS)
        bureau = Bureau(make_engine(database.app_url, connections=5))
        cast.settle_in(bureau)
        environment = {
            "GOALTRAIL_DATABASE_URL": database.app_url, "GOALTRAIL_BROKER_URL": broker.celery_url,
            "GOALTRAIL_DATA_DIR": str(tmp_path), "GOALTRAIL_SMTP_URL": smtp, "GOALTRAIL_LEASE_SECONDS": LEASE,
        }  # fmt: skip
        with hands_of(environment, tmp_path) as hands, running_web(hands, broker.redis_url) as web:
            made = Year(bureau, cluster, broker, hands, web, sink, database.superuser_url, dice, cast.Crowd(bureau, dice))
            with begin(bureau.engine) as tx:
                made.tokens = {each.id: token_of(tx, each) for each in cast.HEADS}
            for name in ("worker", "dispatch", "beat"):
                hands.kept[name] = [hands.start(name) for _ in range(OF_EACH)]
            yield made
        bureau.engine.dispose()


def lived(year: Year, tables: int, steps: int, share: float, danger: float) -> None:
    """Plant the tables in the first steps, publish a calendar in the middle, give covers, leap on; a year in all.

    At each step so many people act (a share of all tables), and in so many of them something breaks.
    """
    each = max(1, tables // cast.UNITS)
    for number in range(steps):
        if number < cast.UNITS:
            year.crowd.plant(number, each)
        if number == steps // 2:
            published(year.bureau, two_days_off_after(year.now()))
        if number % max(1, steps // 6) == 1:
            year.crowd.is_away(year.now())
        year.step(share, 365 / steps * year.dice.uniform(0.2, 1.8), danger)
    year.drains(year.moves_clock(timedelta(days=1)))


def two_days_off_after(moment: datetime) -> dict:
    """A made-up notice: the coming Wednesday and Thursday off, the Saturday behind them worked."""
    monday: date = moment.date() + timedelta(days=7 - moment.weekday())
    days = [(monday + timedelta(days=offset)).isoformat() for offset in (2, 3, 5)]
    return notice(f"{days[0]},放假\n{days[1]},放假\n{days[2]},调休上班\n")


def rows_of(year: Year) -> list:
    """Every notice with the real moments at which it was caused and sent; the superuser alone may see both."""
    engine = make_engine(year.superuser, connections=1)
    try:
        with engine.connect() as connection:
            return list(connection.execute(sql_text(NOTICES)).mappings())
    finally:
        engine.dispose()


def judge(year: Year) -> dict[str, float]:
    """Compare what was sent with what the log says; return the figures."""
    with begin(year.bureau.engine) as tx:
        journal = PostgresJournal(tx)
        history = {table: list(journal.history(table)) for table in year.bureau.tables}
        world = World(year.steps, cast.PEOPLE, year.crowd.covers, journal.content, shipped_content())
        said = said_by(history, world)
    rows = [row for row in rows_of(year) if UUID(row["stream"]) in history]
    assert said.undone == [], [told(history[UUID(stream)]) for stream, *_ in said.undone]
    assert [row["state"] for row in rows if row["state"] not in ("sent", "dropped")] == []
    for channel in ("inbox", "mail"):
        sent = {key_of(row): row["text"] for row in rows if row["channel"] == channel and row["state"] == "sent"}
        assert {key: text for key, text in said.must.items() if key not in sent} == {}, f"lost ({channel})"
        assert {key: text for key, text in sent.items() if key not in said.must | said.may} == {}, f"made up ({channel})"
        assert {key for key, text in sent.items() if (said.may | said.must)[key] != text} == set()
        assert len(sent) == sum(row["channel"] == channel and row["state"] == "sent" for row in rows), f"doubled ({channel})"
    late = sorted(lateness(year, row) for row in rows if row["state"] == "sent")
    return {
        "tables": len(history), "events": sum(map(len, history.values())), "must": len(said.must), "may": len(said.may),
        "p50": late[len(late) // 2], "p99": late[int(len(late) * 0.99)], "worst": late[-1], **mails(year, rows),
    }  # fmt: skip


def told(events: list) -> list[tuple]:
    """A table's events in short, for a person who looks into a failure."""
    return [
        (each.kind, each.at.isoformat()[:19], *(getattr(each.fact, name, "")[:19] for name in ("task", "due_at", "until", "rule")))
        for each in events
    ]


def key_of(row) -> Key:
    return row["stream"], row["about"], row["kind"], row["recipient"]


def lateness(year: Year, row) -> float:
    """Real seconds from the moment at which the clock passed what was due, or a person acted, to the sending."""
    by_system = row["actor_id"] == "system" or row["kind"].startswith("reminder.")
    number = sum(step.began <= row["created_at"] for step in year.steps)
    caused = year.really[number - 1] if by_system and number else row["said_really"].timestamp()
    return row["sent_really"].timestamp() - caused


def mails(year: Year, rows: list) -> dict[str, float]:
    """Every mail that is marked as sent came; a second time only as the same mail, at most once for each crash.

    Instead, the mail that a crash left unmarked may have lost its reason by the time it was looked at again.
    """
    told = year.sink.told()
    sent = {f"<{row['id']}@goaltrail.invalid>" for row in rows if row["channel"] == "mail" and row["state"] == "sent"}
    assert sent - set(told) == set(), "mails that never came"
    doubled = [copies for copies in told.values() if len(copies) > 1]
    assert [copies for copies in doubled if len(set(copies)) > 1 or len(copies) > 2] == []
    crashes = year.incidents["worker"] + year.incidents["dispatch"] + SENDERS * year.incidents["database"]
    unmarked = set(told) - sent
    assert len(doubled) + len(unmarked) <= crashes
    return {"mails": len(sent), "doubled": len(doubled), "unmarked": len(unmarked), "crashes": crashes}


@pytest.mark.long
@pytest.mark.timeout(300)
def test_b7_b11_a_small_year_under_chaos_tells_what_the_log_says(year: Year) -> None:
    lived(year, tables=40, steps=12, share=0.4, danger=0.9)
    figures = judge(year)
    print(figures, dict(year.incidents), dict(year.over_http), year.crowd.done, year.crowd.refused)
    assert figures["must"] > 100
    assert figures["p99"] <= 60


@pytest.mark.long
@pytest.mark.timeout(400)
def test_b11_a_small_year_without_redis_tells_the_same(year: Year) -> None:
    year.broker.kill()
    year.dangers = ("dispatch", "web", "database")
    lived(year, tables=40, steps=12, share=0.4, danger=0.9)
    figures = judge(year)
    print(figures, dict(year.incidents), dict(year.over_http), year.crowd.done, year.crowd.refused)
    assert figures["must"] > 100
    assert figures["p99"] <= 60


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("year", [1], indirect=True)
def test_b7_b11_a_year_of_a_thousand_tables_under_chaos_tells_what_the_log_says(year: Year) -> None:
    lived(year, tables=1000, steps=40, share=0.06, danger=0.6)
    figures = judge(year)
    print(figures, dict(year.incidents), dict(year.over_http), year.crowd.done, year.crowd.refused)
    assert figures["p99"] <= 60
