"""Opinions without a vote, copies that give no right, and their receipts; none of it moves the table along."""

from datetime import date
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.hands import ACCOUNTANT, REASON, act, in_review, task_of
from workflows.commands import asking, drafting, reviewing
from workflows.errors import FieldsInvalid, NotAllowed, NotFound, TableChangedMeanwhile
from workflows.folds.replay import from_json, to_json
from workflows.rights.lifecycle import decide
from workflows.vocabulary import Action, Stage
from workflows.words.notices import told_of


def asked(life, person="accountant", by=roster.UNIT_HEAD):
    return act(life, asking.ask_opinion, by, task=task_of(life), person=person, question="数量指标是否偏低？")


def test_an_opinion_is_given_by_whoever_was_asked_and_decides_nothing():
    life = asked(in_review())
    (inquiry,) = life.table.inquiries
    assert decide(roster.UNIT_HEAD, life.table, Action.APPROVE).allowed, "nobody has to wait for it"
    act(life, asking.give_opinion, ACCOUNTANT, request=inquiry.id, opinion="与上年相比偏低")
    assert (life.table.inquiries[0].state, life.table.inquiries[0].answer) == ("given", "与上年相比偏低")
    assert life.table.votes == ()
    assert decide(ACCOUNTANT, life.table, Action.APPROVE).rule == "R-ROLE"


def test_nobody_else_gives_it_nor_twice():
    life = asked(in_review())
    request = life.table.inquiries[0].id
    assert decide(roster.SECOND_UNIT_HEAD, life.table, Action.GIVE_OPINION).rule == "R-ROLE"
    act(life, asking.give_opinion, ACCOUNTANT, request=request, opinion="与上年相比偏低")
    with pytest.raises(NotAllowed):
        act(life, asking.give_opinion, ACCOUNTANT, request=request, opinion="与上年相比偏低")


def test_an_opinion_comes_too_late_once_the_task_is_closed():
    life = asked(in_review())
    request = life.table.inquiries[0].id
    act(life, reviewing.approve_table, roster.UNIT_HEAD)
    with pytest.raises(NotAllowed):
        act(life, asking.give_opinion, ACCOUNTANT, request=request, opinion="与上年相比偏低")


def test_an_opinion_that_came_meanwhile_is_seen_before_deciding():
    life = asked(in_review())
    seen = life.seen()
    act(life, asking.give_opinion, ACCOUNTANT, request=life.table.inquiries[0].id, opinion="与上年相比偏低")
    with pytest.raises(TableChangedMeanwhile):
        reviewing.approve_table(life.journal, life.table.id, seen=seen, by=roster.UNIT_HEAD, command_id=uuid4())


def test_asking_changes_nothing_for_whoever_had_seen_the_table():
    life = in_review()
    seen = life.seen()
    asked(life)
    table = reviewing.approve_table(life.journal, life.table.id, seen=seen, by=roster.UNIT_HEAD, command_id=uuid4())
    assert table.stage == Stage.DEPARTMENT_REVIEW


def test_one_is_asked_once_for_a_task_and_not_for_yesterday():
    life = asked(in_review())
    with pytest.raises(NotAllowed, match="已就此任务征求"):
        asked(life)
    with pytest.raises(FieldsInvalid):
        act(
            life, asking.ask_opinion, roster.UNIT_HEAD, task=task_of(life), person="deputy_head", question=REASON,
            answer_by=date(2026, 1, 1),
        )  # fmt: skip


def copied(life, *people, by=roster.UNIT_HEAD):
    return act(life, asking.send_copies, by, people=people, note="请知悉")


def test_a_copy_is_read_once_and_the_receipt_says_when():
    life = copied(in_review(), "accountant", "planner")
    life.table = asking.read_copies(life.journal, life.table.id, by=ACCOUNTANT, command_id=uuid4())
    version = life.table.version
    life.table = asking.read_copies(life.journal, life.table.id, by=ACCOUNTANT, command_id=uuid4())
    assert life.table.version == version
    assert {copy.person: bool(copy.read_at) for copy in life.table.copies} == {"accountant": True, "planner": False}


def test_a_copy_survives_a_return_steedos_5962():
    life = copied(in_review(), "accountant")
    act(life, reviewing.return_table, roster.UNIT_HEAD, to=Stage.DRAFT, reason=REASON)
    act(life, drafting.submit_table, roster.CLERK)
    assert [copy.person for copy in life.table.copies] == ["accountant"]
    life.table = asking.read_copies(life.journal, life.table.id, by=ACCOUNTANT, command_id=uuid4())
    assert life.table.copies[0].read_at != ""


def test_a_copy_is_no_task_and_gives_no_right():
    life = copied(in_review(), "accountant")
    assert [desk.person for desk in life.table.desks] == [None]
    with pytest.raises(FieldsInvalid, match="没有办理本表的岗位"):
        copied(life, "other_clerk")
    with pytest.raises(FieldsInvalid, match="请选择抄送对象"):
        copied(life)


def test_a_stranger_sends_no_copy_and_finds_no_table():
    life = in_review()
    with pytest.raises(NotFound):
        copied(life, "accountant", by=roster.OTHER_CLERK)


def test_whoever_was_asked_or_copied_is_told():
    life = in_review()
    before = life.table
    asked(copied(life, "accountant", "planner"))
    history = life.journal.history(life.table.id)[before.version :]
    told = [notice.to.person for each in history for notice in told_of(each, before, life.table)]
    assert told == ["accountant", "planner", "accountant"]


def test_the_state_with_inquiries_and_copies_is_written_and_read_back():
    life = asked(copied(in_review(), "accountant"))
    assert from_json(to_json(life.table)) == life.table
