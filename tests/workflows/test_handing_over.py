"""Bulk hand-over: everything a leaver has in hand goes to another at once; what he signed stays his (F2, C7)."""

from contextlib import contextmanager
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.hands import REASON, SECOND_HEAD, THIRD_HEAD, act, chain, heads, in_review, task_of
from workflows.commands import handing_over, holding, reviewing
from workflows.commands.recipe import Seen
from workflows.errors import GoaltrailError, NotAllowed, NotFound

NEWCOMER = roster.person("newcomer", *((post.role, post.organ) for post in roster.UNIT_HEAD.posts))


def with_newcomer(life):
    life.journal.people = (*life.journal.people, NEWCOMER)
    return life


def test_everything_in_hand_goes_at_once_and_a_second_run_changes_nothing():
    life = with_newcomer(in_review(chain(unit_head=heads("all"))))
    act(life, reviewing.approve_table, SECOND_HEAD)
    journal, items = life.journal, [(life.table.id, Seen(life.table.version))]

    @contextmanager
    def opened():
        yield journal

    words = {"leaver": "unit_head", "person": "newcomer", "reason": REASON, "by": roster.FINANCE_PERFORMANCE, "command_id": uuid4()}
    (first,) = handing_over.reassign_all(opened, items, **words)
    (again,) = handing_over.reassign_all(opened, items, **words)
    assert (first.refusal, again.refusal, first.table) == (None, None, again.table)
    assert {desk.person for desk in first.table.desks} == {"newcomer", "third_head"}
    assert [(vote.person, vote.node) for vote in first.table.votes] == [("second_head", "unit_head")]


def test_a_claimed_task_is_in_hand_and_goes_too():
    life = with_newcomer(in_review())
    act(life, holding.claim_task, roster.UNIT_HEAD, task=task_of(life))
    act(
        life, handing_over.reassign_tasks_of, THIRD_HEAD, leaver="unit_head", person="newcomer", reason=REASON,
    )  # fmt: skip
    assert (life.table.desks[0].person, life.table.desks[0].claimed_by) == ("newcomer", "")


@pytest.mark.parametrize(
    ("by", "leaver", "person", "refusal"),
    [
        (roster.FINANCE_PERFORMANCE, "planner", "newcomer", NotFound),
        (roster.FINANCE_PERFORMANCE, "unit_head", "planner", NotAllowed),
        (roster.FINANCE_PERFORMANCE, "unit_head", "second_head", NotAllowed),
        (roster.DEPARTMENT_FINANCE, "unit_head", "newcomer", NotAllowed),
        (roster.OTHER_CLERK, "unit_head", "newcomer", GoaltrailError),
    ],
)  # fmt: skip
def test_nobody_gives_what_he_does_not_lead_to_somebody_unfit(by, leaver, person, refusal):
    life = with_newcomer(in_review(chain(unit_head=heads("all"))))
    with pytest.raises(refusal):
        act(life, handing_over.reassign_tasks_of, by, leaver=leaver, person=person, reason=REASON)
