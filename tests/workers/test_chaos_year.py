"""B7, B11, H4: a virtual year under chaos; what was sent is the function of the log, nothing lost, nothing twice, nothing late."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.cluster import TEMPLATE, running_broker, running_cluster
from tests.support.notices_by_the_log import works
from tests.workers import chaos_cast as cast
from tests.workers.chaos_campaigns import Campaigns
from tests.workers.chaos_judge import judge
from tests.workers.chaos_posts import running_receiver
from tests.workers.chaos_web import running_web, token_of
from tests.workers.chaos_world import Year
from tests.workers.desk import BEGINS, Bureau
from tests.workers.processes import OF_EACH, hands_of, running_sink
from tests.workers.test_recounting import published
from tests.workflows.test_recounting import notice
from workflows.calendars import shipped_content
from workflows.store.migrating import upgrade
from workflows.store.transaction import begin, make_engine

LEASE = "12"
DAYS = 455
"""From the fifth of January over the end of the year, so that the year's results are filed and reviewed in it."""
SURVIVES_KILLS = {"fsync": "off", "full_page_writes": "off", "track_commit_timestamp": "on"}
"""What is committed has reached the system: killing the database loses none of it, only the machine's own fall could."""


@pytest.fixture
def year(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Year]:
    dice = random.Random(int(getattr(request, "param", 20150923)))
    with running_cluster(**SURVIVES_KILLS) as cluster, running_broker() as broker, running_sink() as (sink, smtp), running_receiver() as receiver:
        database = cluster.new_database(TEMPLATE)
        upgrade(database.owner_url, "simulation", begins=BEGINS)
        bureau = Bureau(make_engine(database.app_url, connections=5))
        cast.settle_in(bureau)
        environment = {
            "GOALTRAIL_DATABASE_URL": database.app_url, "GOALTRAIL_BROKER_URL": broker.celery_url,
            "GOALTRAIL_DATA_DIR": str(tmp_path), "GOALTRAIL_SMTP_URL": smtp, "GOALTRAIL_LEASE_SECONDS": LEASE,
            "GOALTRAIL_CHANNELS": receiver.channels(tmp_path / "channels.json"),
        }  # fmt: skip
        with hands_of(environment, tmp_path) as hands, running_web(hands, broker.redis_url) as web:
            made = Year(
                bureau, cluster, broker, hands, web, sink, receiver, database.superuser_url, dice, cast.Crowd(bureau, dice),
                Campaigns(bureau, cast.PERFORMANCE, cast.DEPARTMENTS),
            )  # fmt: skip
            with begin(bureau.engine) as tx:
                made.tokens = {each.id: token_of(tx, each) for each in cast.HEADS}
            for name in ("worker", "dispatch", "beat"):
                hands.kept[name] = [hands.start(name) for _ in range(OF_EACH)]
            yield made
        bureau.engine.dispose()


def lived(year: Year, tables: int, steps: int, share: float, danger: float) -> None:
    """Plant the tables in the first steps, publish a calendar in the middle, give covers, ask for filings, leap on.

    At each step so many people act (a share of all tables), and in so many of them something breaks.
    """
    at_once = -(-cast.UNITS // max(1, steps // 6))
    leaps = [year.dice.uniform(0.2, 1.8) for _ in range(steps)]
    year.campaigns.keep_to_the_plan(year.now())
    for number, leap in enumerate(leaps):
        for unit in range(number * at_once, min(cast.UNITS, (number + 1) * at_once)):
            year.crowd.plant(unit, max(1, tables // cast.UNITS))
        year.campaigns.keep_to_the_plan(year.now())
        if number == steps // 2:
            published(year.bureau, two_days_off_after(year.now()))
        if number % max(1, steps // 6) == 1:
            year.crowd.is_away(year.now())
        year.step(share, DAYS * leap / sum(leaps), danger)
    year.drains(year.moves_clock(timedelta(days=1)))


def two_days_off_after(moment: datetime) -> dict[str, Any]:
    """A made-up notice: the next Wednesday and Thursday that are worked off, the free Saturday behind them worked."""
    monday, shipped = moment.date() + timedelta(days=7 - moment.weekday()), shipped_content()
    while True:
        wednesday, thursday, saturday = (monday + timedelta(days=offset) for offset in (2, 3, 5))
        holiday = any(saturday.isoformat() in year["days_off"] for year in shipped["years"])
        if works(wednesday, shipped) and works(thursday, shipped) and not works(saturday, shipped) and not holiday:
            return notice(f"{wednesday},放假\n{thursday},放假\n{saturday},调休上班\n")
        monday += timedelta(days=7)


def judged(year: Year) -> dict[str, Any]:
    figures = judge(year)
    print(figures, dict(year.incidents), dict(year.over_http), year.crowd.done, year.crowd.refused, len(year.crowd.covers), year.campaigns.urged)
    assert figures["p99"] <= 60
    return figures


@pytest.mark.long
@pytest.mark.timeout(600)
def test_b7_b11_a_small_year_under_chaos_tells_what_the_log_says(year: Year) -> None:
    lived(year, tables=40, steps=12, share=0.4, danger=0.9)
    figures = judged(year)
    assert min(figures[each] for each in ("task.escalated", "selfeval.filed", "campaign reminders", "refused", "hooks", "robots")) > 0


@pytest.mark.long
@pytest.mark.timeout(600)
def test_b11_a_small_year_without_redis_tells_the_same(year: Year) -> None:
    without_redis(year)
    lived(year, tables=40, steps=12, share=0.4, danger=0.9)
    assert judged(year)["must"] > 100


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("year", [1], indirect=True)
def test_b7_b11_a_year_of_a_thousand_tables_under_chaos_tells_what_the_log_says(year: Year) -> None:
    lived(year, tables=1000, steps=40, share=0.06, danger=0.6)
    judged(year)


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("year", [2], indirect=True)
def test_b11_a_year_of_a_thousand_tables_without_redis_tells_the_same(year: Year) -> None:
    without_redis(year)
    lived(year, tables=1000, steps=40, share=0.06, danger=0.6)
    judged(year)


def without_redis(year: Year) -> None:
    """Stop the broker for the whole year; everything else still breaks."""
    year.broker.kill()
    year.dangers = ("dispatch", "web", "database", "receiver")
