"""The cleaning takes what is past its time and nothing else, and neither it nor its caller can go below 180 days."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine

from tests.support import roster
from tests.support.cluster import Database
from workers.cleaning import clean_up
from workflows.commands.administering import give_grant
from workflows.errors import LedgerRefused
from workflows.retention import Retention
from workflows.store.accounts import make_account
from workflows.store.cleaning import clean
from workflows.store.journal import PostgresJournal
from workflows.store.migrating import upgrade
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.vocabulary import Post, Role

SESSION = """
INSERT INTO desk.session (token_sha256, person, generation, started_at, seen_at, ends_at)
SELECT sha256(convert_to(:ends, 'UTF8')), 'clerk', 0, now(), now(), clock_timestamp() + CAST(:ends AS interval)"""
MESSAGE = """
INSERT INTO desk.inbox (id, recipient, stream_id, version, kind, subject, sentence, created_at, read_at)
SELECT :id, 'clerk', :id, 1, 'x', 'x', 'x', log.now() - CAST(:age AS interval), CASE WHEN :read THEN log.now() END"""
DELIVERY = """
INSERT INTO desk.notice_log (outbox_id, attempt, channel, recipient, outcome, at)
SELECT :id, 1, 'mail', 'clerk', 'sent', log.now() - CAST(:age AS interval)"""
LEFT = "SELECT (SELECT count(*) FROM desk.session), (SELECT count(*) FROM desk.inbox), (SELECT count(*) FROM desk.notice_log)"


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    made = make_engine(database.app_url, connections=1)
    yield made
    made.dispose()


def litter(tx: Transaction) -> None:
    make_account(tx, person="clerk", login="clerk", name="甲", password_hash="x")
    for ends in ("-1 hour", "1 hour"):
        tx.run(SESSION, ends=ends)
    for age, read in (("179 days", True), ("181 days", True), ("181 days", False)):
        tx.run(MESSAGE, id=uuid4(), age=age, read=read)
    for age in ("179 days", "181 days"):
        tx.run(DELIVERY, id=uuid4(), age=age)


def left(tx: Transaction) -> tuple[int, ...]:
    return tuple(tx.connection.exec_driver_sql(LEFT).one())


def test_what_is_past_its_time_goes_and_the_log_stays(database: Database, engine: Engine) -> None:
    upgrade(database.owner_url, "production")
    with begin(engine) as tx:
        give_grant(PostgresJournal(tx), person="clerk", name="甲", post=Post(Role.CLERK, "u"), by=roster.SYSTEM_ADMIN, command_id=uuid4())
        litter(tx)
    assert clean_up(engine, Retention()) == 3
    with begin(engine) as tx:
        assert (left(tx), tx.scalar("SELECT count(*) FROM log.event")) == ((1, 2, 1), 1)
    assert clean_up(engine, Retention()) == 0


def test_a_longer_period_keeps_more(database: Database, engine: Engine) -> None:
    upgrade(database.owner_url, "production")
    with begin(engine) as tx:
        litter(tx)
        assert dict(clean(tx, 365)) == {"sessions": 1, "messages": 0, "deliveries": 0}


def test_a_simulation_keeps_everything(database: Database, engine: Engine) -> None:
    upgrade(database.owner_url, "simulation")
    with begin(engine) as tx:
        litter(tx)
        assert (dict(clean(tx, 180)), left(tx)) == ({"sessions": 0, "messages": 0, "deliveries": 0}, (2, 3, 2))


def test_the_database_itself_refuses_a_shorter_period(database: Database, engine: Engine) -> None:
    upgrade(database.owner_url, "production")
    with pytest.raises(LedgerRefused), begin(engine) as tx:
        clean(tx, 179)
    for statement in ("DELETE FROM desk.inbox", "DELETE FROM desk.notice_log"):
        with psycopg.connect(database.app_url.replace("+psycopg", "")) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)
