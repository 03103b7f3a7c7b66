"""Withdrawing, asking to withdraw, and taking one's own vote back: until somebody opened it, and not after."""

from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.hands import REASON, SECOND_HEAD, THIRD_HEAD, act, chain, heads, in_review, kinds, task_of
from workflows.commands import drafting, ending, holding, recalling, reviewing
from workflows.commands.recipe import Seen, demands_of
from workflows.errors import NotAllowed, NotOpenNow
from workflows.rights.lifecycle import decide, steps_open_to
from workflows.vocabulary import Action, Stage


def opened(life, by):
    life.table = holding.open_task(life.journal, life.table.id, by=by, command_id=uuid4())
    return life


def test_who_opens_a_task_is_told_once_for_each_person_and_task():
    life = in_review()
    version = life.table.version
    opened(opened(opened(life, roster.UNIT_HEAD), roster.UNIT_HEAD), SECOND_HEAD)
    assert kinds(life, version) == ["task.opened", "task.opened"]
    assert life.table.desks[0].opened_by == ("unit_head", "second_head")


def test_the_clerk_and_a_reader_open_nothing():
    life = in_review()
    assert opened(opened(life, roster.CLERK), roster.SECOND_UNIT_HEAD).table.version == in_review().table.version


def test_whoever_saw_the_table_before_somebody_opened_it_may_still_decide():
    life = in_review()
    seen = life.seen()
    opened(life, SECOND_HEAD)
    table = reviewing.approve_table(life.journal, life.table.id, seen=seen, by=roster.UNIT_HEAD, command_id=uuid4())
    assert table.stage == Stage.DEPARTMENT_REVIEW


def test_withdrawing_ends_once_the_next_opened_the_table_hotcrp_59():
    life = opened(in_review(chain()), roster.UNIT_HEAD)
    answer = decide(roster.CLERK, life.table, Action.WITHDRAW)
    assert (answer.allowed, answer.rule) == (False, "G-OPENED")
    with pytest.raises(NotAllowed):
        act(life, drafting.withdraw_table, roster.CLERK, reason=REASON)


def test_under_a_chain_of_format_1_withdrawing_ends_with_the_decision_alone():
    life = opened(in_review(), roster.UNIT_HEAD)
    assert act(life, drafting.withdraw_table, roster.CLERK, reason=REASON).table.stage == Stage.DRAFT


def test_after_that_the_submitter_asks_and_whoever_holds_the_table_agrees_tfrs_875():
    life = opened(in_review(chain()), roster.UNIT_HEAD)
    act(life, recalling.ask_to_withdraw, roster.CLERK, reason=REASON)
    assert life.table.request.action == Action.WITHDRAW
    allowed = {p.id for p in (*roster.PEOPLE, SECOND_HEAD) if decide(p, life.table, Action.CONFIRM).allowed}
    assert allowed == {"unit_head", "second_head", "every_hat"}
    assert decide(roster.UNIT_HEAD, life.table, Action.APPROVE).rule == "G-REQUEST"
    act(life, ending.confirm_ending, roster.UNIT_HEAD)
    assert (life.table.stage, life.table.request, life.table.received) == (Stage.DRAFT, None, False)
    assert act(life, drafting.submit_table, roster.CLERK).table.round == 2


def test_a_request_to_withdraw_may_be_declined_and_the_review_goes_on():
    life = act(opened(in_review(chain()), roster.UNIT_HEAD), recalling.ask_to_withdraw, roster.CLERK, reason=REASON)
    act(life, ending.decline_ending, roster.UNIT_HEAD, reason=REASON)
    assert act(life, reviewing.approve_table, roster.UNIT_HEAD).table.stage == Stage.DEPARTMENT_REVIEW
    act(life, recalling.ask_to_withdraw, roster.CLERK, reason=REASON)
    act(life, ending.confirm_ending, roster.DEPARTMENT_FINANCE)
    assert [desk.node for desk in life.table.desks] == ["drafting"]


def test_who_can_withdraw_need_not_ask():
    life = in_review(chain())
    assert decide(roster.CLERK, life.table, Action.ASK_WITHDRAWAL).rule == "G-WITHDRAW"
    assert act(life, drafting.withdraw_table, roster.CLERK, reason=REASON).table.stage == Stage.DRAFT


def test_a14_where_the_chain_says_never_the_submitter_asks_from_the_first_moment_and_the_answer_says_why():
    life = in_review(chain("never"))
    with pytest.raises(NotAllowed) as refused:
        act(life, drafting.withdraw_table, roster.CLERK, reason=REASON)
    assert (refused.value.rule, refused.value.sentence) == (
        "G-NEVER", "本表的审批链规定提交后不能直接撤回（withdraw_until：never）；可以申请撤回，经办理人同意后退回编制。",
    )  # fmt: skip
    act(life, recalling.ask_to_withdraw, roster.CLERK, reason=REASON)
    act(life, ending.confirm_ending, roster.UNIT_HEAD)
    assert (life.table.stage, [desk.node for desk in life.table.desks]) == (Stage.DRAFT, ["drafting"])
    assert act(life, drafting.submit_table, roster.CLERK).table.round == 2


def test_under_never_nobody_is_told_that_he_can_withdraw_and_opening_changes_nothing():
    life = opened(in_review(chain("never")), roster.UNIT_HEAD)
    assert life.table.received is False
    demands = demands_of(life.journal, life.table, life.journal.now())
    steps = {each.action: each.rule for each in steps_open_to(roster.CLERK, life.table, demands=demands)}
    assert steps[Action.WITHDRAW] == "G-NEVER"
    assert decide(roster.CLERK, life.table, Action.ASK_WITHDRAWAL, demands=demands).allowed


def test_the_last_decider_takes_his_vote_back_before_the_next_opened_it():
    life = act(in_review(), reviewing.approve_table, roster.UNIT_HEAD)
    version = life.table.version
    act(life, recalling.recall_decision, roster.UNIT_HEAD, reason=REASON)
    assert kinds(life, version) == ["node.superseded", "task.recalled"]
    assert (life.table.stage, life.table.votes) == (Stage.UNIT_REVIEW, ())
    assert [desk.node for desk in life.table.desks] == ["unit_head"]
    assert act(life, reviewing.return_table, roster.UNIT_HEAD, to=Stage.DRAFT, reason=REASON).table.stage == Stage.DRAFT


def test_nothing_is_taken_back_once_the_next_opened_it():
    life = opened(act(in_review(), reviewing.approve_table, roster.UNIT_HEAD), roster.DEPARTMENT_FINANCE)
    with pytest.raises(NotOpenNow) as refused:
        act(life, recalling.recall_decision, roster.UNIT_HEAD, reason=REASON)
    assert refused.value.rule == "G-OPENED"


def test_only_the_last_decider_takes_back_and_only_once():
    life = act(act(in_review(), reviewing.approve_table, roster.UNIT_HEAD), reviewing.approve_table, roster.DEPARTMENT_FINANCE)
    assert decide(roster.UNIT_HEAD, life.table, Action.RECALL).rule == "R-ROLE"
    act(life, recalling.recall_decision, roster.DEPARTMENT_FINANCE, reason=REASON)
    assert decide(roster.DEPARTMENT_FINANCE, life.table, Action.RECALL).rule == "R-ROLE"


def test_a_section_takes_back_beside_the_other_which_stays_where_it_is():
    life = act(in_review().approved(roster.UNIT_HEAD).approved(roster.DEPARTMENT_FINANCE), reviewing.approve_table, roster.FINANCE_BUSINESS)
    opened(life, roster.FINANCE_PERFORMANCE)
    other = task_of(life, node="finance_performance")
    act(life, recalling.recall_decision, roster.FINANCE_BUSINESS, reason=REASON)
    assert {desk.node for desk in life.table.desks} == {"finance_business", "finance_performance"}
    assert task_of(life, node="finance_performance") == other


def test_a_joint_signer_takes_back_his_own_vote_alone_st_203():
    life = in_review(chain(unit_head=heads("all")))
    act(act(life, reviewing.approve_table, roster.UNIT_HEAD), reviewing.approve_table, SECOND_HEAD)
    act(life, recalling.recall_decision, roster.UNIT_HEAD, reason=REASON)
    assert [vote.person for vote in life.table.votes] == ["second_head"]
    assert {desk.person for desk in life.table.desks} == {"unit_head", "third_head"}


def test_the_vote_that_closed_a_node_reopens_what_it_had_closed_st_1377():
    life = in_review(chain(unit_head=heads("count", need=2)))
    act(act(life, reviewing.approve_table, roster.UNIT_HEAD), reviewing.approve_table, SECOND_HEAD)
    assert life.table.stage == Stage.DEPARTMENT_REVIEW
    act(life, recalling.recall_decision, SECOND_HEAD, reason=REASON)
    assert life.table.stage == Stage.UNIT_REVIEW
    assert {desk.person for desk in life.table.desks} == {"second_head", "third_head"}
    assert act(life, reviewing.approve_table, THIRD_HEAD).table.stage == Stage.DEPARTMENT_REVIEW


def test_the_next_in_order_waits_for_the_reopened_task_again():
    life = in_review(chain(unit_head=heads("all", ordered=True)))
    act(life, reviewing.approve_table, SECOND_HEAD)
    act(life, recalling.recall_decision, SECOND_HEAD, reason=REASON)
    assert decide(THIRD_HEAD, life.table, Action.APPROVE).rule == "R-TURN"
    act(act(life, reviewing.approve_table, SECOND_HEAD), reviewing.approve_table, THIRD_HEAD)


def test_a_vote_taken_back_is_remembered_for_the_segregation_of_duties():
    life = act(in_review(), reviewing.approve_table, roster.UNIT_HEAD)
    act(life, recalling.recall_decision, roster.UNIT_HEAD, reason=REASON)
    assert [each.person for each in life.table.deciders] == ["unit_head"]
    assert decide(roster.CLERK, life.table, Action.WITHDRAW).rule == "G-DECIDED"


def test_the_same_command_takes_back_once():
    life = act(in_review(), reviewing.approve_table, roster.UNIT_HEAD)
    words = {"seen": Seen(life.table.version), "by": roster.UNIT_HEAD, "command_id": uuid4(), "reason": REASON}
    first = recalling.recall_decision(life.journal, life.table.id, **words)
    assert recalling.recall_decision(life.journal, life.table.id, **words) == first


def test_a_vote_that_sent_the_table_straight_back_is_taken_back_with_the_way_it_opened():
    life = in_review().approved(roster.UNIT_HEAD).approved(roster.DEPARTMENT_FINANCE)
    act(life, reviewing.approve_table, roster.FINANCE_BUSINESS)
    act(
        life, reviewing.return_table, roster.FINANCE_PERFORMANCE, to=Stage.DEPARTMENT_REVIEW,
        to_node="department_finance", mode="直达", reason=REASON,
    )  # fmt: skip
    passed_over = life.table.passed_over
    act(life, reviewing.approve_table, roster.DEPARTMENT_FINANCE)
    assert {desk.node for desk in life.table.desks} == {"finance_performance"}
    act(life, recalling.recall_decision, roster.DEPARTMENT_FINANCE, reason=REASON)
    assert ([desk.node for desk in life.table.desks], life.table.passed_over) == (["department_finance"], passed_over)
    act(life, reviewing.approve_table, roster.DEPARTMENT_FINANCE)
    assert {desk.node for desk in life.table.desks} == {"finance_performance"}, "the way back is as short as before"


def test_the_holder_of_a_claimed_next_task_counts_as_having_opened_it():
    life = act(in_review(), reviewing.approve_table, roster.UNIT_HEAD)
    act(life, holding.claim_task, roster.DEPARTMENT_FINANCE, task=task_of(life))
    with pytest.raises(NotOpenNow):
        act(life, recalling.recall_decision, roster.UNIT_HEAD, reason=REASON)
