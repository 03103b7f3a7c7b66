"""A simulation's database with its people, a mail server, and hands that can be started and killed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.support.cluster import Broker, Database
from tests.workers.desk import BEGINS, Bureau
from tests.workers.processes import Hands, MailSink, hands_of, running_sink
from workflows.store.migrating import upgrade
from workflows.store.transaction import make_engine

LEASE = "4"


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    upgrade(database.owner_url, "simulation", begins=BEGINS)
    made = make_engine(database.app_url, connections=5)
    yield made
    made.dispose()


@pytest.fixture
def bureau(engine: Engine) -> Bureau:
    return Bureau(engine).settle_in()


@pytest.fixture
def sink() -> Iterator[tuple[MailSink, str]]:
    with running_sink() as running:
        yield running


@pytest.fixture
def hands(database: Database, broker: Broker, sink: tuple[MailSink, str], tmp_path: Path) -> Iterator[Hands]:
    """Processes on the test's database, broker and mail server, with leases of four seconds."""
    environment = {
        "GOALTRAIL_DATABASE_URL": database.app_url, "GOALTRAIL_BROKER_URL": broker.celery_url,
        "GOALTRAIL_DATA_DIR": str(tmp_path), "GOALTRAIL_SMTP_URL": sink[1], "GOALTRAIL_LEASE_SECONDS": LEASE,
    }  # fmt: skip
    with hands_of(environment, tmp_path) as started:
        yield started


