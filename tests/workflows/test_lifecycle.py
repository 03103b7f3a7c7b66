"""Every state × every action; who may act; why not."""

from dataclasses import replace
from uuid import UUID

import pytest

from tests.support import roster
from workflows.folds.replay import Decider, Desk, Request, Table, Window
from workflows.rights import lifecycle
from workflows.rights.lifecycle import STEPS, decide, return_targets, step_for, steps_open_to
from workflows.rights.steps import CORRECTED_IN
from workflows.vocabulary import BESIDE_THE_STEPS, ENDED, MAIN_LINE, REVIEW_STAGES, Action, Role, Stage

OPEN = {
    Stage.DRAFT: {Action.SAVE, Action.ATTACH, Action.DETACH, Action.SUBMIT, Action.VOID, Action.ANSWER_COMMENT},
    Stage.UNIT_REVIEW: {Action.WITHDRAW, Action.APPROVE, Action.RETURN, Action.VOID, Action.TERMINATE},
    Stage.DEPARTMENT_REVIEW: {Action.APPROVE, Action.RETURN, Action.REFUSE, Action.VOID, Action.TERMINATE},
    Stage.FINANCE_APPROVAL: {
        Action.APPROVE, Action.RETURN, Action.REFUSE, Action.REPLY, Action.VOID, Action.TERMINATE,
    },
    Stage.MONITORING: {
        Action.OPEN_MONITORING, Action.FILE_MONITORING, Action.ACCEPT_MONITORING, Action.RETURN_MONITORING,
        Action.OPEN_SELF_EVALUATION, Action.TERMINATE, Action.ATTACH, Action.DETACH,
    },
    Stage.SELF_EVALUATION: {
        Action.FILE_SELF_EVALUATION, Action.ACCEPT_SELF_EVALUATION, Action.RETURN_SELF_EVALUATION, Action.CLOSE,
        Action.TERMINATE, Action.ATTACH, Action.DETACH,
    },
}  # fmt: skip
for review in REVIEW_STAGES[1:]:
    OPEN[review] |= {Action.ASSIGN_EXPERTS, Action.DECLARE_RELATION, Action.SCORE_AS_EXPERT}
OPEN[Stage.DRAFT] |= {Action.FILE_APPRAISAL, Action.CHECK_APPRAISAL, Action.WAIVE_APPRAISAL}
OPEN[Stage.FINANCE_APPROVAL] |= {Action.REPLY_REVISION}
OPEN[Stage.MONITORING] |= {Action.ADJUST, Action.ADJUST_LATE}
OPEN[Stage.SELF_EVALUATION] |= {Action.RESCORE, Action.RESUME_PROJECT}
OPEN[Stage.MONITORING] |= {Action.PAUSE_PROJECT, Action.ASK_PAUSE, Action.RESUME_PROJECT}
for year in (Stage.MONITORING, Stage.SELF_EVALUATION):
    OPEN[year] |= {Action.ORDER_RECTIFICATION, Action.REPORT_RECTIFICATION, Action.VERIFY_RECTIFICATION}
OPEN[Stage.MONITORING] |= {Action.REVIEW_DISCLOSURE}
OPEN[Stage.SELF_EVALUATION] |= {Action.REVIEW_DISCLOSURE}
OPEN[Stage.CLOSED] = {Action.REVIEW_DISCLOSURE}
for replied_to in (Stage.MONITORING, Stage.SELF_EVALUATION, Stage.CLOSED):
    OPEN[replied_to] |= {Action.PASS_ON}
ASSESSING = {
    Action.OPEN_EVALUATION, Action.REPORT_EVALUATION, Action.RECOMMEND, Action.ACCEPT_RECOMMENDATION,
    Action.REJECT_RECOMMENDATION, Action.IMPLEMENT_RECOMMENDATION, Action.RECORD_COMPONENT,
}  # fmt: skip
for later in (Stage.MONITORING, Stage.SELF_EVALUATION, Stage.CLOSED):
    OPEN[later] |= ASSESSING
for review in REVIEW_STAGES:
    OPEN[review] |= {Action.ENTER_PAPER, Action.COMMENT, Action.ANSWER_COMMENT, Action.RESOLVE_COMMENT}
for review in REVIEW_STAGES[1:]:
    OPEN[review] |= {Action.REVIEW, Action.AMEND, Action.CONFIRM_AMENDMENT, Action.REJECT_AMENDMENT}
SIGNING = {
    Action.ASK_WITHDRAWAL, Action.RECALL, Action.DELEGATE, Action.ANSWER_DELEGATION, Action.END_DELEGATION,
    Action.ADD_SIGNER, Action.REMOVE_SIGNER,
}  # fmt: skip
for review in REVIEW_STAGES:
    OPEN[review] |= SIGNING
for live in (*REVIEW_STAGES, Stage.MONITORING, Stage.SELF_EVALUATION):
    OPEN[live] |= BESIDE_THE_STEPS - SIGNING
OPEN[Stage.DRAFT] |= {Action.HAND_OVER, Action.DEEM_READ}
for stage in MAIN_LINE[1:-1]:
    OPEN[stage] = OPEN[stage] | {Action.INTERVENE}
for stage in CORRECTED_IN:
    OPEN[stage] = OPEN.get(stage, set()) | {Action.CORRECT}
for stage in (Stage.CLOSED, Stage.TERMINATED):
    OPEN[stage] = OPEN[stage] | {Action.CONFIRM, Action.DECLINE}
SECOND = {Action.CONFIRM, Action.DECLINE, Action.MARK_OVERDUE, Action.MARK_UNASSIGNABLE, Action.RECOUNT, Action.ESCALATE}


def table(stage=Stage.UNIT_REVIEW, *desks, **facts):
    born = Table(
        UUID(int=1), version=3, bureau=roster.BUREAU, department=roster.DEPARTMENT, unit=roster.UNIT, owner="clerk",
        submitter="clerk", authors=frozenset({"clerk"}), round=1, stage=stage, desks=desks,
    )  # fmt: skip
    return replace(born, **facts)


def desk(node, role, organ, level, stage=Stage.UNIT_REVIEW):
    return Desk(node, stage, 1, f"task-{node}", role, organ, None, level, "2026-01-01T00:00:00+00:00", None, False)


UNIT_DESK = desk("unit_head", Role.UNIT_HEAD, roster.UNIT, "unit")
DEPARTMENT_DESK = desk(
    "department_finance", Role.DEPARTMENT_FINANCE, roster.DEPARTMENT, "department", Stage.DEPARTMENT_REVIEW
)
BUSINESS_DESK = desk("finance_business", Role.FINANCE_BUSINESS, roster.BUREAU, "finance", Stage.FINANCE_APPROVAL)
PERFORMANCE_DESK = desk(
    "finance_performance", Role.FINANCE_PERFORMANCE, roster.BUREAU, "finance", Stage.FINANCE_APPROVAL
)
REPLY_DESK = desk("reply", Role.FINANCE_BUDGET, roster.BUREAU, "reply", Stage.FINANCE_APPROVAL)


WAITING = Request(
    "r", Action.REFUSE, "目标与职责无关", "planner", Role.DEPARTMENT_FINANCE, roster.DEPARTMENT,
)  # fmt: skip


def decided(node, level, person):
    return Decider(person, level, node)


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("action", list(Action))
def test_a_step_exists_exactly_where_the_lifecycle_says(stage, action):
    expected = action in OPEN.get(stage, set()) | (SECOND if stage not in ENDED else set())
    assert (step_for(action, stage) is not None) == expected


def test_the_main_line_leads_from_draft_to_closed():
    stage, walked = Stage.DRAFT, []
    for action in (Action.SUBMIT, Action.APPROVE, Action.APPROVE, Action.REPLY, Action.OPEN_SELF_EVALUATION, Action.CLOSE):
        stage = step_for(action, stage).to
        walked.append(stage)
    assert walked == [
        Stage.UNIT_REVIEW, Stage.DEPARTMENT_REVIEW, Stage.FINANCE_APPROVAL, Stage.MONITORING, Stage.SELF_EVALUATION,
        Stage.CLOSED,
    ]  # fmt: skip


def test_a_table_may_be_returned_to_every_earlier_stage_and_to_no_later_one():
    assert return_targets(Stage.FINANCE_APPROVAL) == (Stage.DEPARTMENT_REVIEW, Stage.UNIT_REVIEW, Stage.DRAFT)
    assert return_targets(Stage.UNIT_REVIEW) == (Stage.DRAFT,)
    assert return_targets(Stage.MONITORING) == ()
    assert step_for(Action.RETURN, Stage.UNIT_REVIEW, Stage.FINANCE_APPROVAL) is None


def test_a_removed_step_is_closed_for_everybody(monkeypatch):
    review = table(Stage.UNIT_REVIEW, UNIT_DESK)
    assert decide(roster.UNIT_HEAD, review, Action.APPROVE).allowed
    without = tuple(s for s in STEPS if not (s.action == Action.APPROVE and s.start == Stage.UNIT_REVIEW))
    monkeypatch.setattr(lifecycle, "STEPS", without)
    answer = decide(roster.UNIT_HEAD, review, Action.APPROVE)
    assert (answer.allowed, answer.rule) == (False, "R-STAGE")
    assert answer.sentence == "当前处于“单位审核”，不能通过。"
    assert Action.APPROVE not in {a.action for a in steps_open_to(roster.UNIT_HEAD, review) if a.allowed}


@pytest.mark.parametrize("actor", roster.PEOPLE, ids=lambda actor: actor.id)
def test_only_the_holder_of_the_desk_approves(actor):
    allowed = decide(actor, table(Stage.UNIT_REVIEW, UNIT_DESK), Action.APPROVE).allowed
    assert allowed == (actor.id in {"unit_head", "every_hat"})


def test_whoever_filed_does_not_approve():
    filed = table(Stage.UNIT_REVIEW, UNIT_DESK, authors=frozenset({"clerk", "every_hat"}))
    answer = decide(roster.EVERY_HAT, filed, Action.APPROVE)
    assert (answer.allowed, answer.rule) == (False, "S1")


def test_nobody_decides_on_two_levels_of_a_round():
    answer = decide(
        roster.EVERY_HAT,
        table(Stage.DEPARTMENT_REVIEW, DEPARTMENT_DESK, deciders=(decided("unit_head", "unit", "every_hat"),)),
        Action.APPROVE,
    )
    assert (answer.allowed, answer.rule) == (False, "S2")


def test_business_and_performance_sections_are_different_persons():
    done = (decided("finance_business", "finance", "every_hat"),)
    answer = decide(roster.EVERY_HAT, table(Stage.FINANCE_APPROVAL, PERFORMANCE_DESK, deciders=done), Action.APPROVE)
    assert (answer.allowed, answer.rule) == (False, "S4")


def test_the_budget_section_replies_but_does_not_review():
    at_reply = table(Stage.FINANCE_APPROVAL, REPLY_DESK)
    assert decide(roster.FINANCE_BUDGET, at_reply, Action.REPLY).allowed
    assert decide(roster.FINANCE_BUDGET, at_reply, Action.APPROVE).rule == "R-ROLE"
    early = table(Stage.FINANCE_APPROVAL, BUSINESS_DESK, PERFORMANCE_DESK)
    assert decide(roster.FINANCE_BUDGET, early, Action.REPLY).sentence == (
        "须由负责批复的预算科人员（须待业务科、绩效科均通过）办理。"
    )


def test_withdrawing_stops_once_somebody_decided():
    assert decide(roster.CLERK, table(Stage.UNIT_REVIEW, UNIT_DESK), Action.WITHDRAW).allowed
    after = table(Stage.UNIT_REVIEW, UNIT_DESK, deciders=(decided("unit_head", "unit", "unit_head"),))
    assert decide(roster.CLERK, after, Action.WITHDRAW).rule == "G-DECIDED"


def test_the_second_person_is_somebody_else_of_the_same_house():
    waiting = table(
        Stage.DEPARTMENT_REVIEW, DEPARTMENT_DESK, request=WAITING
    )
    allowed = {actor.id for actor in roster.PEOPLE if decide(actor, waiting, Action.CONFIRM).allowed}
    assert allowed == {"officer", "every_hat"}
    assert decide(roster.DEPARTMENT_FINANCE, waiting, Action.DECLINE).allowed
    assert decide(roster.DEPARTMENT_FINANCE, waiting, Action.APPROVE).rule == "G-REQUEST"


def test_an_unsubmitted_draft_is_read_by_its_unit_alone():
    draft = table(Stage.DRAFT, round=0)
    readers = {actor.id for actor in roster.PEOPLE if decide(actor, draft, Action.SUBMIT).rule != "R-READ"}
    assert readers == {"clerk", "unit_head", "deputy_head", "every_hat"}


def test_every_closed_action_has_a_reason_and_open_ones_come_first():
    answers = steps_open_to(roster.UNIT_HEAD, table(Stage.UNIT_REVIEW, UNIT_DESK))
    assert [a.allowed for a in answers] == sorted((a.allowed for a in answers), reverse=True)
    assert {bool(a.sentence) and bool(a.rule) for a in answers if not a.allowed} == {True}
    assert {a.action for a in answers if a.allowed} == {Action.APPROVE, Action.RETURN, Action.VOID}


def test_a_monitoring_checker_did_not_file_the_figures():
    window = Window("w1", "6月底", "2026-06-30", None, "", state="filed", filed_by="every_hat")
    check = desk("monitoring_check:w1", Role.DEPARTMENT_FINANCE, roster.DEPARTMENT, "department", Stage.MONITORING)
    watched = table(Stage.MONITORING, check, windows=(window,))
    assert decide(roster.EVERY_HAT, watched, Action.ACCEPT_MONITORING).rule == "S6"
    assert decide(roster.DEPARTMENT_FINANCE, watched, Action.ACCEPT_MONITORING).allowed
