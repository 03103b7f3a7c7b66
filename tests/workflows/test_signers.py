"""Added signers: before, after, beside; two deep; removed while unsigned; the node's verdict always follows."""

from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.hands import (
    ACCOUNTANT,
    REASON,
    SECOND_HEAD,
    SECOND_PLANNER,
    THIRD_HEAD,
    act,
    chain,
    heads,
    in_review,
    kinds,
    task_of,
)
from workflows.commands import ending, recalling, reviewing, signers
from workflows.errors import FieldsInvalid, GoaltrailError, NotAllowed, NotOpenNow
from workflows.rights.lifecycle import decide
from workflows.vocabulary import Action, Stage
from workflows.words.notices import told_of


def added(life, how, person="accountant", by=roster.UNIT_HEAD, task=None):
    named = any(desk.person == by.id for desk in life.table.desks)
    task = task or task_of(life, by if named else None)
    return act(life, signers.add_signer, by, task=task, person=person, how=how, reason=REASON)


def removed(life, task, by=roster.UNIT_HEAD):
    return act(life, signers.remove_signer, by, task=task, reason=REASON)


def passed(life, *people):
    for by in people:
        act(life, reviewing.approve_table, by)
    return life


def test_who_was_asked_to_sign_before_signs_before():
    life = added(in_review(), "before")
    assert decide(roster.UNIT_HEAD, life.table, Action.APPROVE).rule == "R-TURN"
    passed(life, ACCOUNTANT)
    assert life.table.stage == Stage.UNIT_REVIEW
    assert passed(life, roster.UNIT_HEAD).table.stage == Stage.DEPARTMENT_REVIEW


def test_who_was_asked_to_sign_after_keeps_the_node_open():
    life = added(in_review(), "after")
    assert decide(ACCOUNTANT, life.table, Action.APPROVE).rule == "R-TURN"
    passed(life, roster.UNIT_HEAD)
    assert (life.table.stage, [desk.person for desk in life.table.desks]) == (Stage.UNIT_REVIEW, ["accountant"])
    assert passed(life, ACCOUNTANT).table.stage == Stage.DEPARTMENT_REVIEW


@pytest.mark.parametrize("order", [(roster.UNIT_HEAD, ACCOUNTANT), (ACCOUNTANT, roster.UNIT_HEAD)])
def test_who_was_asked_beside_signs_in_any_order(order):
    life = added(in_review(), "parallel")
    assert passed(life, order[0]).table.stage == Stage.UNIT_REVIEW
    assert passed(life, order[1]).table.stage == Stage.DEPARTMENT_REVIEW


@pytest.mark.parametrize("how", ["before", "parallel"])
def test_an_added_signer_may_return_the_table_ry_pr_566(how):
    life = added(in_review(), how)
    act(life, reviewing.return_table, ACCOUNTANT, to=Stage.DRAFT, reason=REASON)
    assert (life.table.stage, [desk.node for desk in life.table.desks]) == (Stage.DRAFT, ["drafting"])
    assert life.table.returned_reason == REASON


def test_added_signers_hang_two_deep_and_no_deeper():
    life = added(in_review(), "before")
    added(life, "before", person="deputy_head", by=ACCOUNTANT, task=task_of(life, ACCOUNTANT))
    third = decide(roster.SECOND_UNIT_HEAD, life.table, Action.ADD_SIGNER, node=task_of(life, roster.SECOND_UNIT_HEAD))
    assert (third.allowed, third.rule) == (False, "G-DEPTH")
    for by in (roster.SECOND_UNIT_HEAD, ACCOUNTANT, roster.UNIT_HEAD):
        passed(life, by)
    assert life.table.stage == Stage.DEPARTMENT_REVIEW


@pytest.mark.parametrize(
    ("person", "refusal", "rule"),
    [
        ("second_head", NotAllowed, "G-SIGNER"), ("clerk", NotAllowed, "R-POST"), ("unit_head", FieldsInvalid, None),
        ("observer", FieldsInvalid, None), ("admin", FieldsInvalid, None),
    ],
)  # fmt: skip
def test_nobody_is_added_who_signs_already_filed_or_has_no_post_50052(person, refusal, rule):
    life = in_review()
    with pytest.raises(refusal) as refused:
        added(life, "before", person=person)
    assert getattr(refused.value, "rule", None) == rule


def test_nobody_is_added_twice_nor_after_he_signed():
    life = added(in_review(), "parallel")
    with pytest.raises(NotAllowed, match="已是本环节的办理人"):
        added(life, "parallel")
    passed(life, ACCOUNTANT)
    with pytest.raises(NotAllowed) as refused:
        added(life, "parallel")
    assert refused.value.rule == "S4"


def test_an_added_signer_from_another_level_does_not_sign_there_again():
    life = added(in_review(), "before", person="planner")
    passed(life, roster.DEPARTMENT_FINANCE, roster.UNIT_HEAD)
    assert decide(roster.DEPARTMENT_FINANCE, life.table, Action.APPROVE).rule == "S2"
    assert passed(life, SECOND_PLANNER).table.stage == Stage.FINANCE_APPROVAL


def test_a_removed_signer_leaves_the_anchor_free_again_ry_896():
    life = added(in_review(), "before")
    version = life.table.version
    removed(life, task_of(life, ACCOUNTANT))
    assert kinds(life, version) == ["task.superseded"]
    assert decide(roster.UNIT_HEAD, life.table, Action.APPROVE).allowed


def test_removing_the_one_all_wait_for_lets_the_node_go_on():
    life = passed(added(in_review(), "after"), roster.UNIT_HEAD)
    version = life.table.version
    removed(life, task_of(life, ACCOUNTANT))
    assert kinds(life, version) == ["task.superseded", "node.completed", "node.entered"]
    assert life.table.stage == Stage.DEPARTMENT_REVIEW


def test_removing_recomputes_the_quorum_and_may_reject():
    life = in_review(chain(unit_head=heads("count", need=2, against="wait")))
    added(life, "parallel", task=task_of(life, roster.UNIT_HEAD))
    passed(life, roster.UNIT_HEAD)
    for by in (SECOND_HEAD, THIRD_HEAD):
        act(life, reviewing.return_table, by, to=Stage.DRAFT, reason=REASON)
    assert life.table.stage == Stage.UNIT_REVIEW, "all have to vote first"
    removed(life, task_of(life, ACCOUNTANT))
    assert (life.table.stage, life.table.returned_reason) == (Stage.DRAFT, reviewing.NOT_CARRIED)


def test_only_the_adder_removes_and_only_while_unsigned():
    life = added(in_review(chain(unit_head=heads("all"))), "parallel")
    task = task_of(life, ACCOUNTANT)
    with pytest.raises(NotAllowed):
        removed(life, task, by=SECOND_HEAD)
    passed(life, ACCOUNTANT)
    with pytest.raises(GoaltrailError):
        removed(life, task)


def test_a_signer_of_the_chain_is_not_removed_wf_only_one_left():
    life = added(in_review(chain(unit_head=heads("all"))), "parallel")
    with pytest.raises(NotOpenNow) as refused:
        removed(life, task_of(life, SECOND_HEAD))
    assert refused.value.rule == "G-ADDER"


def test_a_signer_added_and_the_vote_taken_back_again():
    life = passed(added(in_review(), "after"), roster.UNIT_HEAD)
    act(life, recalling.recall_decision, roster.UNIT_HEAD, reason=REASON)
    assert decide(ACCOUNTANT, life.table, Action.APPROVE).rule == "R-TURN", "he waits for the reopened task"
    assert passed(life, roster.UNIT_HEAD, ACCOUNTANT).table.stage == Stage.DEPARTMENT_REVIEW


def test_an_end_closes_the_tasks_of_added_signers_too_a16():
    life = added(in_review().approved(roster.UNIT_HEAD), "before", by=roster.DEPARTMENT_FINANCE, person="officer")
    life.table = ending.ask_to_end(
        life.journal, life.table.id, action=Action.TERMINATE, seen=life.seen(), by=roster.FINANCE_BUSINESS,
        command_id=uuid4(), reason=REASON,
    )  # fmt: skip
    act(life, ending.confirm_ending, roster.FINANCE_PERFORMANCE)
    assert (life.table.stage, life.table.desks) == (Stage.TERMINATED, ())


def test_refused_returned_and_corrected_are_words_apart_a23():
    life = added(in_review(), "parallel")
    act(life, reviewing.return_table, ACCOUNTANT, to=Stage.DRAFT, reason=REASON)
    outcomes = [each.fact.outcome for each in life.journal.history(life.table.id) if each.kind == "task.decided"]
    assert (outcomes, life.table.stage) == (["return"], Stage.DRAFT)


def test_a_signer_is_told_when_it_is_his_turn():
    life = in_review()
    before = life.table
    added(life, "after")
    (recorded,) = life.journal.history(life.table.id)[before.version :]
    assert told_of(recorded, before, life.table) == ()
    before = life.table
    passed(life, roster.UNIT_HEAD)
    decided = life.journal.history(life.table.id)[before.version]
    (notice,) = told_of(decided, before, life.table)
    assert (notice.to.person, notice.text.split("，")[1]) == ("accountant", "轮到您签署")
