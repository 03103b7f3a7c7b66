"""The questions about traces: the newest of a kind, the leafing by number, and the index that both lists walk."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4, uuid5

import pytest
from sqlalchemy import Engine

from tests.store.acting import make_table
from tests.support import roster
from tests.support.cluster import Database
from workflows.commands.administering import PEOPLE, give_grant
from workflows.commands.tracing import (
    INSTALLATION,
    note_audit_read,
    note_clock_jumped,
    note_disabled,
    note_password_reset,
    trace_stream,
)
from workflows.errors import LedgerRefused
from workflows.events import PasswordReset
from workflows.journal import Command
from workflows.store.journal import PostgresJournal
from workflows.store.streams import history_of
from workflows.store.traces import NEWEST, PAGE, Wanted, last_of_kind, traces
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import Actor, Post, Role

OFFICER = Actor("officer", "安全官", (Post(Role.SECURITY_ADMIN, "b"),))


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    made = make_engine(database.app_url, connections=2)
    make_table(made)
    with begin(made) as tx:
        journal = PostgresJournal(tx)
        give_grant(journal, person="clerk", name="甲", post=Post(Role.CLERK, "u"), by=OFFICER, command_id=uuid4())
        note_password_reset(journal, person="clerk", by=OFFICER, command_id=uuid4())
        note_password_reset(journal, person="other", by=Actor("other", "乙"), command_id=uuid4())
        note_disabled(journal, person="clerk", reason="离职后停用", by=OFFICER, command_id=uuid4())
        note_clock_jumped(journal, seconds="+3.0", process="dispatch", command_id=uuid4())
    yield made
    made.dispose()


def kinds(engine: Engine, wanted: Wanted, **more: int) -> list[str]:
    with begin(engine) as tx:
        return [each.recorded.kind for each in traces(tx, wanted, **more)]


def test_grants_and_traces_stand_in_one_order_and_tables_are_not_among_them(engine: Engine) -> None:
    everything = ["clock.jumped", "account.disabled", "account.password_reset", "account.password_reset", "grant.given"]
    assert kinds(engine, Wanted()) == everything
    with begin(engine) as tx:
        first = traces(tx, Wanted(), limit=2)
    assert kinds(engine, Wanted(), before=first[-1].number) == everything[2:]


def test_a_person_is_found_as_the_one_who_did_and_the_one_it_was_done_to(engine: Engine) -> None:
    of_clerk = Wanted(person="clerk", streams=(trace_stream("clerk"), uuid5(PEOPLE, "clerk")))
    assert kinds(engine, of_clerk) == ["account.disabled", "account.password_reset", "grant.given"]
    assert kinds(engine, Wanted(person="officer", streams=(trace_stream("officer"),))) == ["account.disabled", "account.password_reset", "grant.given"]
    assert kinds(engine, Wanted(kind="grant.given")) == ["grant.given"]


def test_days_bound_the_list_and_the_end_is_not_part_of_it(engine: Engine) -> None:
    with begin(engine) as tx:
        at = last_of_kind(tx, INSTALLATION, "clock.jumped").at
    assert len(kinds(engine, Wanted(since=at))) == len(kinds(engine, Wanted())) == 5
    assert kinds(engine, Wanted(until=at)) == []
    assert kinds(engine, Wanted(since=at + timedelta(seconds=1))) == []


def test_the_newest_of_a_kind(engine: Engine) -> None:
    with begin(engine) as tx:
        assert last_of_kind(tx, trace_stream("clerk"), "account.password_reset").fact.by_self is False
        assert last_of_kind(tx, trace_stream("other"), "account.password_reset").fact.by_self is True
        assert last_of_kind(tx, trace_stream("nobody"), "account.password_reset") is None


def test_a_person_without_any_post_is_recorded_as_such(engine: Engine) -> None:
    with begin(engine) as tx:
        recorded = last_of_kind(tx, trace_stream("other"), "account.password_reset")
    assert (recorded.actor_id, recorded.role, recorded.organ, recorded.subject) == ("other", Role.PUBLIC, "", "log")


def test_a_reading_is_recorded_once_a_day_by_however_many_transactions(engine: Engine) -> None:
    observer, table = roster.OBSERVER, uuid4()
    for what, of in (("绩效目标表", table), ("绩效目标表", table), ("绩效目标表", uuid4()), ("岗位清单", None), ("岗位清单", None)):
        with begin(engine) as tx:
            note_audit_read(PostgresJournal(tx), by=observer, what=what, table=of)
    with begin(engine) as tx:
        assert len(history_of(tx, trace_stream(observer.id))) == 3


def test_a_persons_stream_of_grants_takes_no_traces(engine: Engine) -> None:
    command = Command(OFFICER, OFFICER.posts[0], uuid4())
    with pytest.raises(LedgerRefused), begin(engine) as tx:
        PostgresJournal(tx).append(uuid5(PEOPLE, "clerk"), "log", (PasswordReset("clerk", by_self=False),), command)


def test_the_list_walks_its_own_index(engine: Engine) -> None:
    values = {"kind": None, "person": None, "streams": [], "since": None, "until": None, "before": NEWEST, "limit": 51}
    with begin(engine) as tx:
        tx.run("SET LOCAL enable_seqscan = off")
        tx.run("SET LOCAL enable_sort = off")
        plan = "\n".join(row["QUERY PLAN"] for row in tx.rows(f"EXPLAIN {PAGE}", **values))
    assert "event_of_operators" in plan
