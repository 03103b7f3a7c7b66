"""Nobody qualified means an alarm, not silence: each open task that nobody may take is told once (C8)."""

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.hands import REASON, SECOND_HEAD, act, in_review, kinds, task_of
from workflows.commands import holding, pausing, reviewing
from workflows.commands.alarming import mark_unassignable
from workflows.rights.unassignable import stranded_tasks
from workflows.vocabulary import Role, Stage
from workflows.words.notices import told_of


def alarmed(life):
    life.table = mark_unassignable(life.journal, life.table.id, command_id=uuid4())
    return life


def without(life, *roles):
    life.journal.people = tuple(each for each in life.journal.people if not each.holds_any(frozenset(roles)))
    return life


def test_a_task_whose_post_nobody_holds_is_told_once():
    life = without(in_review(), Role.UNIT_HEAD)
    version = life.table.version
    alarmed(alarmed(life))
    assert kinds(life, version) == ["task.unassignable"]
    fact = life.journal.history(life.table.id)[-1].fact
    assert (fact.role, fact.organ, fact.rule) == ("unit_head", roster.UNIT, "R-NOBODY")


@pytest.mark.parametrize(("changes", "rule"), [
    ({"authors": frozenset({"clerk", "unit_head", "second_head", "third_head"})}, "S1"),
    ({"authors": frozenset({"clerk", "unit_head", "second_head"})}, None),
])  # fmt: skip
def test_a_task_whose_every_holder_is_excluded_is_one_too(changes, rule):
    life = in_review()
    found = stranded_tasks(replace(life.table, **changes), life.journal.holders)
    assert [each.rule for each in found] == ([rule] if rule else [])


def test_a_named_person_who_lost_the_post_leaves_the_task_to_nobody():
    life = in_review()
    act(life, holding.transfer_task, roster.UNIT_HEAD, task=task_of(life), person="second_head", reason=REASON)
    life.journal.people = tuple(each for each in life.journal.people if each.id != "second_head")
    alarmed(life)
    assert life.table.desks[0].unassignable
    act(life, holding.reassign_task, roster.FINANCE_PERFORMANCE, task=task_of(life), person="unit_head", reason=REASON)
    assert not life.table.desks[0].unassignable
    assert act(life, reviewing.approve_table, roster.UNIT_HEAD).table.stage == Stage.DEPARTMENT_REVIEW


def test_a_claimed_task_is_not_stranded_while_another_holds_the_post():
    life = in_review()
    act(life, holding.claim_task, roster.UNIT_HEAD, task=task_of(life))
    life.journal.people = (SECOND_HEAD,)
    assert stranded_tasks(life.table, life.journal.holders) == ()


def test_where_somebody_may_act_or_the_table_is_suspended_nothing_is_told():
    life = in_review()
    version = life.table.version
    assert alarmed(life).table.version == version
    from_above = roster.DEPARTMENT_FINANCE
    act(life, pausing.suspend_table, from_above, until=life.journal.at.date().replace(day=19), reason="等待上级文件下达")
    assert kinds(alarmed(without(life, Role.UNIT_HEAD)), version) == ["table.suspended"]


def test_process_administrators_and_the_performance_section_are_told():
    life = without(in_review(), Role.UNIT_HEAD)
    before = life.table
    alarmed(life)
    told = told_of(life.journal.history(life.table.id)[-1], before, life.table)
    assert [(notice.to.role, notice.to.organ) for notice in told] == [
        (Role.PROCESS_ADMIN, roster.BUREAU), (Role.FINANCE_PERFORMANCE, roster.BUREAU),
    ]  # fmt: skip
