"""Races on a real PostgreSQL: many at one join, two at one desk, and acts that exclude each other; one outcome, no vote lost."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from tests.store.acting import journal_on
from tests.store.test_verbs_on_postgres import appoint_everybody
from tests.support import roster
from tests.support.chains import standard_but
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.invariants import check_table
from tests.support.life import Life
from workflows.commands import drafting, holding, pausing, recalling, reviewing
from workflows.commands.administering import give_grant
from workflows.commands.recipe import Seen
from workflows.errors import GoaltrailError
from workflows.events import Recorded
from workflows.folds.replay import Table
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import make_engine
from workflows.vocabulary import SYSTEM, Actor, Role, Stage

FIFTY = (
    roster.SECOND_UNIT_HEAD,
    *(roster.person(f"lead{number:02}", (Role.UNIT_BUSINESS, roster.UNIT)) for number in range(1, 50)),
)
"""Fifty people who hold one post of the unit; each gets a task of his own."""
FIFTY_SIGN = standard_but(
    "unit_head", signers=[{"group": "all", "role": "unit_business", "of": "unit", "take": "each"}],
    rule={"kind": "all", "need": 1, "against": "veto"},
)  # fmt: skip
SECOND_HEAD = replace(roster.UNIT_HEAD, id="second_head", name="第二位负责人")
REASON = "指标值与目标不匹配"
Act = Callable[[PostgresJournal], object]


@pytest.fixture(scope="module")
def house(cluster: TestCluster) -> Iterator[Engine]:
    """A ledger with everybody appointed, the fifty too, and a connection for each of them."""
    database = cluster.new_database(TEMPLATE)
    app = make_engine(database.app_url, connections=len(FIFTY) + 2)
    appoint_everybody(app)
    with journal_on(app) as journal:
        for person in (*FIFTY, SECOND_HEAD):
            give_grant(journal, person=person.id, name=person.name, post=person.posts[0], by=SYSTEM, command_id=uuid4())
    yield app
    app.dispose()
    cluster.drop(database)


def led(engine: Engine, lead: Callable[[Life], Life], definition: dict[str, Any] | None = None) -> Table:
    """Bring a new table to where a race begins."""
    with journal_on(engine) as journal:
        return lead(Life(journal, definition=definition).imported().completed()).table


def as_seen(table: Table) -> Seen:
    return Seen(table.version, table.content_hash)


def pressed(engine: Engine, acts: Sequence[Act], pool: ThreadPoolExecutor, barrier: Barrier) -> list[str]:
    """Let everybody press in the same moment, each on a connection of his own; return what each was told."""

    def press(act: Act) -> str:
        barrier.wait(60)
        try:
            with journal_on(engine) as journal:
                act(journal)
        except GoaltrailError as refusal:
            return type(refusal).__name__
        return "done"

    return [each.result() for each in [pool.submit(press, act) for act in acts]]


def insisting(act: Callable[[PostgresJournal, Seen], object], table_id: UUID) -> Act:
    """Act on the table as it is when one's turn comes: the page is shown fresh and the button pressed again."""

    def press(journal: PostgresJournal) -> object:
        return act(journal, as_seen(journal.lock_table(table_id)))

    return press


def story(engine: Engine, table_id: UUID) -> tuple[Table, tuple[Recorded, ...]]:
    """The table and its events as they lie in the log now; chain, counts and order checked."""
    with journal_on(engine) as journal:
        table, history = journal.lock_table(table_id), journal.history(table_id)
    check_table(table, history)
    assert table.head == history[-1].leaf_hash.hex()
    return table, history


def approving(table_id: UUID, by: Actor, **more: Any) -> Act:
    return insisting(
        lambda journal, seen: reviewing.approve_table(journal, table_id, seen=seen, by=by, command_id=uuid4(), **more), table_id
    )


def fifty_at_one_join(engine: Engine, rounds: int) -> None:
    barrier = Barrier(len(FIFTY))
    with ThreadPoolExecutor(len(FIFTY)) as pool:
        for number in range(rounds):
            table = led(engine, Life.submitted, FIFTY_SIGN)
            assert len(table.desks) == len(FIFTY)
            told = pressed(engine, [approving(table.id, by) for by in FIFTY], pool, barrier)
            assert told == ["done"] * len(FIFTY), (number, Counter(told))
            after, history = story(engine, table.id)
            voters = [each.actor_id for each in history if each.kind == "task.decided"]
            assert sorted(voters) == sorted(person.id for person in FIFTY), number
            joined = [each.version for each in history if each.kind == "node.completed" and each.fact.node == "unit_head"]
            opened = [each for each in history if each.kind == "node.entered" and each.fact.node == "department_finance"]
            assert (len(joined), len(opened), after.stage) == (1, 1, Stage.DEPARTMENT_REVIEW), number


def two_sections_at_one_join(engine: Engine, rounds: int) -> None:
    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        for number in range(rounds):
            table = led(engine, lambda life: life.submitted().approved(roster.UNIT_HEAD).approved(roster.DEPARTMENT_FINANCE))
            both = (roster.FINANCE_BUSINESS, roster.FINANCE_PERFORMANCE)
            assert pressed(engine, [approving(table.id, by) for by in both], pool, barrier) == ["done", "done"], number
            after, history = story(engine, table.id)
            opened = [each for each in history if each.kind == "node.entered" and each.fact.node == "reply"]
            assert (len(opened), [desk.node for desk in after.desks], len(after.votes)) == (1, ["reply"], 4), number


def two_approve(engine: Engine, rounds: int) -> None:
    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        for number in range(rounds):
            table = led(engine, Life.submitted)
            acts = [_approval(table, by) for by in (roster.UNIT_HEAD, SECOND_HEAD)]
            assert sorted(pressed(engine, acts, pool, barrier)) == ["TableChangedMeanwhile", "done"], number
            after, history = story(engine, table.id)
            decided = [each.actor_id for each in history if each.kind == "task.decided"]
            assert (len(decided), after.stage) == (1, Stage.DEPARTMENT_REVIEW), number


def _approval(table: Table, by: Actor) -> Act:
    return lambda j: reviewing.approve_table(j, table.id, seen=as_seen(table), by=by, command_id=uuid4())


def _return(table: Table, by: Actor) -> Act:
    return lambda j: reviewing.return_table(
        j, table.id, seen=as_seen(table), by=by, command_id=uuid4(), to=Stage.DRAFT, reason=REASON
    )


def _withdrawal(table: Table) -> Act:
    return lambda j: drafting.withdraw_table(
        j, table.id, seen=as_seen(table), by=roster.CLERK, command_id=uuid4(), reason=REASON
    )


def _pause(table: Table) -> Act:
    return lambda j: pausing.suspend_table(
        j, table.id, seen=as_seen(table), by=roster.DEPARTMENT_FINANCE, command_id=uuid4(), reason=REASON,
        until=j.now().date() + timedelta(days=9),
    )  # fmt: skip


def _claim(table: Table, by: Actor) -> Act:
    return lambda j: holding.claim_task(
        j, table.id, seen=as_seen(table), by=by, command_id=uuid4(), task=table.desks[0].task
    )


def _recall(table: Table) -> Act:
    return lambda j: recalling.recall_decision(
        j, table.id, seen=as_seen(table), by=roster.UNIT_HEAD, command_id=uuid4(), reason=REASON
    )


def duel(engine: Engine, rounds: int, lead: Callable[[Life], Life], acts: Callable[[Table], Sequence[Act]]) -> Counter[str]:
    """Let two acts that exclude each other meet; return how often which outcome came, every table checked."""
    outcomes, barrier = Counter[str](), Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        for number in range(rounds):
            table = led(engine, lead)
            told = pressed(engine, acts(table), pool, barrier)
            assert sorted(each == "done" for each in told) == [False, True], (number, told)
            _after, history = story(engine, table.id)
            assert len({each.command_id for each in history[table.version :]}) == 1, number
            outcomes[" / ".join(told)] += 1
    return outcomes


def decided_by_the_head(life: Life) -> Life:
    return life.submitted().approved(roster.UNIT_HEAD)


DUELS: dict[str, tuple[Callable[[Life], Life], Callable[[Table], Sequence[Act]]]] = {
    "two claims": (Life.submitted, lambda t: (_claim(t, roster.UNIT_HEAD), _claim(t, SECOND_HEAD))),
    "two returns": (Life.submitted, lambda t: (_return(t, roster.UNIT_HEAD), _return(t, SECOND_HEAD))),
    "approve and return": (Life.submitted, lambda t: (_approval(t, roster.UNIT_HEAD), _return(t, SECOND_HEAD))),
    "approve and withdraw": (Life.submitted, lambda t: (_approval(t, roster.UNIT_HEAD), _withdrawal(t))),
    "approve and suspend": (Life.submitted, lambda t: (_approval(t, roster.UNIT_HEAD), _pause(t))),
    "recall and approve": (decided_by_the_head, lambda t: (_recall(t), _approval(t, roster.DEPARTMENT_FINANCE))),
}


@pytest.mark.parametrize("name", DUELS)
def test_of_two_acts_that_exclude_each_other_one_happens(house: Engine, name: str) -> None:
    lead, acts = DUELS[name]
    assert duel(house, 8, lead, acts).total() == 8


def test_a_join_of_fifty_fires_once_and_loses_no_vote(house: Engine) -> None:
    fifty_at_one_join(house, 2)


def test_a_join_of_two_sections_fires_once(house: Engine) -> None:
    two_sections_at_one_join(house, 20)


def test_of_two_approvers_one_wins(house: Engine) -> None:
    two_approve(house, 30)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_a_join_of_fifty_fires_once_a_thousand_times(house: Engine) -> None:
    fifty_at_one_join(house, 1000)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_join_of_two_sections_fires_once_a_thousand_times(house: Engine) -> None:
    two_sections_at_one_join(house, 1000)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_of_two_approvers_one_wins_a_thousand_times(house: Engine) -> None:
    two_approve(house, 1000)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", DUELS)
def test_of_two_acts_one_happens_two_hundred_times_and_either_may_win(house: Engine, name: str) -> None:
    lead, acts = DUELS[name]
    outcomes = duel(house, 200, lead, acts)
    print(name, outcomes)
    assert len(outcomes) == 2
