"""Who holds a task: claims with a lease, hand-overs, delegations; nobody decides who should not, and nothing vanishes."""

from datetime import datetime, timedelta
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
from workflows.calendars.work_time import add_work_time
from workflows.clocks.timers import RELEASE, timers_of
from workflows.commands import holding, reviewing
from workflows.commands.recipe import Seen
from workflows.errors import FieldsInvalid, GoaltrailError, NotAllowed, NotFound, TableChangedMeanwhile
from workflows.events import load
from workflows.folds.replay import replay
from workflows.rights.lifecycle import decide
from workflows.vocabulary import Action, Role, Stage
from workflows.words.notices import told_of
from workflows.words.sentences import sentence
from workflows.workdays import BEIJING, official_calendar


def claimed(life, by=roster.UNIT_HEAD):
    return act(life, holding.claim_task, by, task=task_of(life))


def beijing(day, hour, minute=0):
    return datetime(2026, 1, day, hour, minute, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (beijing(5, 9), beijing(5, 11)), (beijing(5, 17), beijing(6, 10)), (beijing(5, 6), beijing(5, 11)),
        (beijing(9, 17, 30), beijing(12, 10, 30)), (beijing(10, 12), beijing(12, 11)), (beijing(5, 16), beijing(5, 18)),
    ],
)  # fmt: skip
def test_a_lease_counts_the_hours_in_which_people_work(at, until):
    assert add_work_time(at, holding.LEASE, official_calendar()) == until


def test_a_claimed_task_is_decided_by_nobody_else():
    life = claimed(in_review())
    refused = decide(SECOND_HEAD, life.table, Action.APPROVE)
    assert (refused.rule, refused.sentence) == ("R-CLAIMED", "此任务已由他人认领，认领期间只能由其办理。")
    assert act(life, reviewing.approve_table, roster.UNIT_HEAD).table.stage == Stage.DEPARTMENT_REVIEW


def test_of_two_who_claim_at_once_one_gets_it_rems_1795():
    life = in_review()
    words = {"seen": life.seen(), "task": task_of(life)}
    holding.claim_task(life.journal, life.table.id, by=roster.UNIT_HEAD, command_id=uuid4(), **words)
    with pytest.raises(NotAllowed) as refused:
        holding.claim_task(life.journal, life.table.id, by=SECOND_HEAD, command_id=uuid4(), **words)
    assert refused.value.rule == "R-CLAIMED"
    assert life.journal.lock_table(life.table.id).desks[0].claimed_by == "unit_head"


def test_a_claimed_task_released_is_open_to_all_again():
    life = claimed(in_review())
    act(life, holding.release_task, roster.UNIT_HEAD, task=task_of(life))
    assert decide(SECOND_HEAD, life.table, Action.APPROVE).allowed
    assert decide(roster.UNIT_HEAD, life.table, Action.RELEASE).rule == "R-ROLE"


def test_the_system_releases_when_the_lease_is_over_and_not_before():
    life = claimed(in_review())
    (timer,) = [each for each in timers_of(life.table) if each.kind == RELEASE]
    assert timer.due_at.isoformat() == life.table.desks[0].claimed_until
    for at, free in ((timer.due_at - timedelta(seconds=1), False), (timer.due_at, True)):
        life.journal.at = at
        life.table = holding.release_expired(life.journal, life.table.id, task=task_of(life), command_id=uuid4())
        assert (life.table.desks[0].claimed_by == "") == free
    version = life.table.version
    again = holding.release_expired(life.journal, life.table.id, task=task_of(life), command_id=uuid4())
    assert again.version == version


def test_a_claim_made_anew_outlives_the_timer_of_the_old_one():
    life = claimed(in_review())
    old = datetime.fromisoformat(life.table.desks[0].claimed_until)
    life.journal.at = old - timedelta(minutes=30)
    claimed(life)
    life.journal.at = old + timedelta(seconds=1)
    kept = holding.release_expired(life.journal, life.table.id, task=task_of(life), command_id=uuid4())
    assert kept.desks[0].claimed_by == "unit_head"
    assert len({each.task for each in timers_of(kept) if each.kind == RELEASE} | {f"{task_of(life)}#{old.isoformat()}"}) == 2


def test_a_named_task_is_not_claimed_and_a_clerk_claims_nothing():
    life = in_review(chain(unit_head=heads("all")))
    assert decide(roster.UNIT_HEAD, life.table, Action.CLAIM).rule == "G-NAMED"
    assert decide(roster.CLERK, life.table, Action.CLAIM).rule == "R-ROLE"


def test_a_task_handed_over_is_never_lost_spiff_arena_678():
    life = in_review()
    act(life, holding.transfer_task, roster.UNIT_HEAD, task=task_of(life), person="second_head", reason=REASON)
    (desk,) = life.table.desks
    assert (desk.person, desk.task) == ("second_head", task_of(life))
    fact = life.journal.history(life.table.id)[-1].fact
    assert (fact.giver, fact.receiver, fact.by_lead) == ("unit_head", "second_head", False), "C1: from, to, why"
    assert decide(roster.UNIT_HEAD, life.table, Action.APPROVE).rule == "R-ROLE"
    assert act(life, reviewing.approve_table, SECOND_HEAD).table.stage == Stage.DEPARTMENT_REVIEW


@pytest.mark.parametrize(
    ("person", "refusal", "rule"),
    [
        ("planner", NotAllowed, "R-POST"), ("unit_head", FieldsInvalid, None), ("nobody", FieldsInvalid, None),
        ("other_clerk", FieldsInvalid, None), ("accountant", NotAllowed, "R-POST"),
    ],
)  # fmt: skip
def test_a_receiver_holds_the_post(person, refusal, rule):
    life = in_review()
    with pytest.raises(refusal) as refused:
        act(life, holding.transfer_task, roster.UNIT_HEAD, task=task_of(life), person=person, reason=REASON)
    assert getattr(refused.value, "rule", None) == rule


def test_a_receiver_passes_segregation():
    both = roster.person(
        "second_head", (Role.UNIT_HEAD, roster.UNIT), (Role.DEPARTMENT_FINANCE, roster.DEPARTMENT)
    )
    life = in_review()
    life.journal.people = (*(each for each in life.journal.people if each.id != "second_head"), both)
    act(life, reviewing.approve_table, both)
    with pytest.raises(NotAllowed) as refused:
        act(life, holding.transfer_task, roster.DEPARTMENT_FINANCE, task=task_of(life), person="second_head", reason=REASON)
    assert (refused.value.rule, refused.value.sentence[:15]) == ("S2", "second_head同志在本")


def test_a_hand_over_needs_a_reason_of_five_characters():
    life = in_review()
    with pytest.raises(GoaltrailError, match="不少于5个字"):
        act(life, holding.transfer_task, roster.UNIT_HEAD, task=task_of(life), person="second_head", reason="出差")


def test_who_leads_the_level_gives_a_leavers_task_to_another_c7():
    life = in_review(chain(unit_head=heads("all")))
    task = task_of(life, THIRD_HEAD)
    act(life, reviewing.approve_table, SECOND_HEAD)
    for stranger in (roster.DEPARTMENT_FINANCE, roster.CLERK):
        with pytest.raises(GoaltrailError):
            act(life, holding.reassign_task, stranger, task=task, person="unit_head", reason=REASON)
    with pytest.raises(NotAllowed, match="已是本环节的办理人"):
        act(life, holding.reassign_task, roster.FINANCE_PERFORMANCE, task=task, person="unit_head", reason=REASON)
    newcomer = roster.person("newcomer", (Role.UNIT_HEAD, roster.UNIT))
    life.journal.people = (*life.journal.people, newcomer)
    act(life, holding.reassign_task, roster.FINANCE_PERFORMANCE, task=task, person="newcomer", reason=REASON)
    assert life.table.task(task).person == "newcomer"
    assert [vote.person for vote in life.table.votes] == ["second_head"], "redmine_dmsf#880: what was signed stays"


def test_a_delegated_task_comes_back_and_its_owner_decides_with_both_opinions_kept():
    life = in_review()
    task = task_of(life)
    act(life, holding.delegate_task, roster.UNIT_HEAD, task=task, person="deputy_head", reason=REASON)
    assert decide(roster.UNIT_HEAD, life.table, Action.APPROVE).rule == "R-DELEGATED"
    assert decide(SECOND_HEAD, life.table, Action.APPROVE).rule == "R-CLAIMED"
    assert decide(roster.SECOND_UNIT_HEAD, life.table, Action.APPROVE).rule == "R-ROLE", "a delegate has no vote"
    act(life, holding.answer_delegation, roster.SECOND_UNIT_HEAD, task=task, opinion="数量指标偏低，建议退回")
    act(life, reviewing.approve_table, roster.UNIT_HEAD, opinion="指标合理，予以通过")
    said = [each.fact.opinion for each in life.journal.history(life.table.id) if getattr(each.fact, "opinion", "")]
    assert said == ["数量指标偏低，建议退回", "指标合理，予以通过"]


def test_the_owner_takes_a_delegated_task_back():
    life = in_review()
    task = task_of(life)
    act(life, holding.delegate_task, roster.UNIT_HEAD, task=task, person="deputy_head", reason=REASON)
    act(life, holding.end_delegation, roster.UNIT_HEAD, task=task)
    assert decide(roster.SECOND_UNIT_HEAD, life.table, Action.ANSWER_DELEGATION).rule == "R-ROLE"
    assert act(life, reviewing.approve_table, roster.UNIT_HEAD).table.stage == Stage.DEPARTMENT_REVIEW


def test_one_of_several_signers_delegates_wf_ib3434():
    life = in_review(chain(unit_head=heads("all")))
    task = task_of(life, roster.UNIT_HEAD)
    act(life, holding.delegate_task, roster.UNIT_HEAD, task=task, person="accountant", reason=REASON)
    assert decide(SECOND_HEAD, life.table, Action.APPROVE).allowed, "the others sign meanwhile"
    act(life, holding.answer_delegation, ACCOUNTANT, task=task, opinion="核对无误，同意")
    for by in (roster.UNIT_HEAD, SECOND_HEAD, THIRD_HEAD):
        act(life, reviewing.approve_table, by)
    assert life.table.stage == Stage.DEPARTMENT_REVIEW


def test_the_clerk_who_filed_is_no_delegate():
    life = in_review()
    with pytest.raises(NotAllowed):
        act(life, holding.delegate_task, roster.UNIT_HEAD, task=task_of(life), person="clerk", reason=REASON)


def test_a_closed_task_and_one_of_another_table_are_not_found():
    life = in_review()
    gone = task_of(life)
    act(life, reviewing.approve_table, roster.UNIT_HEAD)
    with pytest.raises(GoaltrailError):
        act(life, holding.transfer_task, roster.DEPARTMENT_FINANCE, task=gone, person="second_planner", reason=REASON)
    with pytest.raises(NotFound):
        act(life, holding.reassign_task, roster.FINANCE_PERFORMANCE, task=gone, person="second_planner", reason=REASON)


def test_nobody_hands_over_what_he_saw_in_another_state():
    life = in_review()
    stale = Seen(life.table.version - 1)
    with pytest.raises(TableChangedMeanwhile):
        holding.transfer_task(
            life.journal, life.table.id, seen=stale, by=roster.UNIT_HEAD, command_id=uuid4(), task=task_of(life),
            person="second_head", reason=REASON,
        )  # fmt: skip


def test_the_receiver_is_told_and_the_history_reads_well():
    life = in_review()
    before = life.table
    act(life, holding.transfer_task, roster.UNIT_HEAD, task=task_of(life), person="second_head", reason=REASON)
    (moved,) = life.journal.history(life.table.id)[before.version :]
    assert sentence(moved) == f"unit_head同志（单位负责人）：将任务转办给second_head同志，理由：{REASON}。"
    (notice,) = told_of(moved, before, life.table)
    assert (notice.to.person, notice.template) == ("second_head", "task.transferred")


def test_a_state_kept_beside_the_log_holds_who_holds_a_task():
    life = claimed(in_review())
    act(life, holding.delegate_task, roster.UNIT_HEAD, task=task_of(life), person="deputy_head", reason=REASON)
    history = life.journal.history(life.table.id)
    assert replay(life.table.id, history).desks[0].delegated_to == "deputy_head"
    assert load("task.claimed", 1, {"node": "n", "task": "t", "round": 1, "until": "u"}).until == "u"
    assert kinds(life)[-2:] == ["task.claimed", "task.delegated"]


def test_a_second_planner_may_take_the_departments_task():
    life = in_review().approved(roster.UNIT_HEAD)
    act(life, holding.transfer_task, roster.DEPARTMENT_FINANCE, task=task_of(life), person="second_planner", reason=REASON)
    assert act(life, reviewing.approve_table, SECOND_PLANNER).table.stage == Stage.FINANCE_APPROVAL
