"""Two approvers who press at the same moment: one decision is recorded, the other person is told that it changed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from tests.store.acting import journal_on
from tests.store.test_verbs_on_postgres import appoint_everybody
from tests.support import roster
from tests.support.life import Life
from workflows.commands.recipe import Seen
from workflows.commands.reviewing import approve_table
from workflows.errors import TableChangedMeanwhile
from workflows.folds.replay import Table
from workflows.vocabulary import Actor, Stage

SECOND_HEAD = replace(roster.UNIT_HEAD, id="second_head", name="第二位负责人")
"""Another person at the same post, whose press comes at the same moment."""


def submitted(app: Engine) -> Table:
    with journal_on(app) as journal:
        return Life(journal).imported().completed().submitted().table


def approval(app: Engine, table: Table, barrier: Barrier, by: Actor) -> Callable[[], str]:
    def press() -> str:
        barrier.wait(20)
        try:
            with journal_on(app) as journal:
                seen = Seen(table.version, table.content_hash)
                approve_table(journal, table.id, seen=seen, by=by, opinion="同意", command_id=uuid4())
        except TableChangedMeanwhile:
            return "changed meanwhile"
        return "approved"

    return press


def race(app: Engine, rounds: int) -> None:
    appoint_everybody(app)
    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        for number in range(rounds):
            table = submitted(app)
            both = [approval(app, table, barrier, by) for by in (roster.UNIT_HEAD, SECOND_HEAD)]
            answers = sorted(each.result() for each in [pool.submit(press) for press in both])
            assert answers == ["approved", "changed meanwhile"], number
            assert outcome(app, table.id) == (["task.decided"], Stage.DEPARTMENT_REVIEW), number


def outcome(app: Engine, table_id: UUID) -> tuple[list[str], Stage]:
    with journal_on(app) as journal:
        decided = [each.kind for each in journal.history(table_id) if each.kind == "task.decided"]
        return decided, journal.lock_table(table_id).stage


def test_of_two_approvers_one_wins_a_hundred_times(app: Engine) -> None:
    race(app, 100)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_of_two_approvers_one_wins_a_thousand_times(app: Engine) -> None:
    race(app, 1000)
