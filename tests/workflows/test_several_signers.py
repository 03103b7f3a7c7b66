"""Nodes with several signers on the way of a table: 会签, 或签, 票签, 顺签; what the others see, what a return takes away."""

import pytest

from tests.support import roster
from tests.support.chains import signed_by_three, standard_but
from tests.support.invariants import check_table
from tests.support.life import Life, memory
from workflows.errors import NotAllowed
from workflows.vocabulary import Role, Stage

LEAD, HEAD = roster.SECOND_UNIT_HEAD, roster.UNIT_HEAD
MONEY = roster.person("money", (Role.UNIT_FINANCE, roster.UNIT))


def life(definition):
    journal = memory()
    journal.people = (*journal.people, MONEY)
    return Life(journal, definition=definition).in_unit_review()


def closed(walk):
    """Kinds and tasks that ended without a decision."""
    return [each.kind for each in walk.journal.history(walk.table.id) if each.kind == "task.superseded"]


def checked(walk):
    check_table(walk.table, walk.journal.history(walk.table.id))
    return walk


def test_a4_all_sign_and_only_the_last_moves_the_table():
    walk = life(signed_by_three())
    assert [(desk.role, desk.group) for desk in walk.table.desks] == [(r, r) for r in ("unit_business", "unit_finance", "unit_head")]
    checked(walk.approved(HEAD)).approved(MONEY)
    assert (walk.table.stage, [desk.role for desk in walk.table.desks]) == (Stage.UNIT_REVIEW, ["unit_business"])
    checked(walk.approved(LEAD))
    assert (walk.table.stage, len(walk.table.votes)) == (Stage.DEPARTMENT_REVIEW, 3)


def test_a5_any_one_signs_and_the_others_are_overtaken_not_done():
    walk = checked(life(signed_by_three("any")).approved(MONEY))
    assert (walk.table.stage, [vote.person for vote in walk.table.votes]) == (Stage.DEPARTMENT_REVIEW, ["money"])
    assert closed(walk) == ["task.superseded"] * 2


def test_a6_two_of_three_pass_it_though_one_wanted_it_back():
    walk = life(signed_by_three("count", 2, "majority"))
    checked(walk.returned(HEAD, Stage.DRAFT))
    assert walk.table.stage == Stage.UNIT_REVIEW
    checked(walk.approved(MONEY)).approved(LEAD)
    assert checked(walk).table.stage == Stage.DEPARTMENT_REVIEW


def test_a6_the_second_vote_against_two_of_three_returns_it_and_closes_the_third():
    walk = life(signed_by_three("count", 2, "majority")).returned(HEAD, Stage.DRAFT)
    checked(walk.returned(MONEY, Stage.DRAFT))
    assert (walk.table.stage, walk.table.votes, closed(walk)) == (Stage.DRAFT, (), ["task.superseded"])


def test_a6_where_all_vote_first_a_last_pass_can_end_in_a_return():
    walk = life(signed_by_three("all", 1, "wait")).returned(HEAD, Stage.DRAFT)
    assert walk.table.stage == Stage.UNIT_REVIEW
    checked(walk.approved(MONEY)).approved(LEAD)
    assert (checked(walk).table.stage, walk.table.returned_reason) == (Stage.DRAFT, "多数意见未获通过，退回编制")


def test_a8_in_order_each_waits_for_the_one_before():
    walk = life(signed_by_three(ordered=True))
    with pytest.raises(NotAllowed, match="须待") as refused:
        walk.approved(HEAD)
    assert refused.value.rule == "R-TURN"
    for signer in (LEAD, MONEY, HEAD):
        checked(walk.approved(signer))
    assert walk.table.stage == Stage.DEPARTMENT_REVIEW


def test_one_person_signs_once_at_a_node_whatever_posts_he_holds():
    walk = life(signed_by_three())
    both = roster.person("both", (Role.UNIT_BUSINESS, roster.UNIT), (Role.UNIT_FINANCE, roster.UNIT))
    walk.approved(both)
    with pytest.raises(NotAllowed) as refused:
        walk.approved(both)
    assert refused.value.rule == "S4"


def test_every_holder_has_a_named_task_of_his_own():
    signers = [{"group": "budget", "role": "department_finance", "of": "department", "take": "each"}]
    definition = standard_but("department_finance", signers=signers, rule={"kind": "all", "need": 1, "against": "veto"})
    walk = life(definition).approved(HEAD)
    assert [desk.person for desk in walk.table.desks] == ["every_hat", "planner"]
    checked(walk.approved(roster.DEPARTMENT_FINANCE))
    assert walk.table.stage == Stage.DEPARTMENT_REVIEW
    checked(walk.approved(roster.EVERY_HAT))
    assert walk.table.stage == Stage.FINANCE_APPROVAL


def test_a2_a_condition_skips_a_node_and_the_log_says_what_it_was_given():
    walk = checked(life(standard_but("department_finance", when="金额 >= 500")).approved(HEAD))
    assert walk.table.stage == Stage.FINANCE_APPROVAL
    (chosen,) = [each.fact for each in walk.journal.history(walk.table.id) if each.kind == "route.chosen"]
    (amount,) = [each for each in chosen.inputs if each["name"] == "金额"]
    assert (chosen.passed_over, amount["value"], chosen.stage) == (("department_finance",), "66", "finance_approval")


def test_a2_a_condition_that_holds_lets_the_node_in():
    walk = checked(life(standard_but("department_finance", when="金额 < 500")).approved(HEAD))
    assert (walk.table.stage, walk.table.passed_over) == (Stage.DEPARTMENT_REVIEW, ())
