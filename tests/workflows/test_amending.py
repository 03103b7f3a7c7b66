"""T8, S3, INV7, INV8: 良·直接完善 — the reviewer completes listed places, the unit agrees, another passes."""

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.forms import all_graded
from tests.support.life import Life, memory
from tests.workflows.test_review_form import PLANNER, in_department, reviewed
from workflows.clocks.timers import timers_of
from workflows.commands import amending, signers
from workflows.errors import BlockedByFindings, ContentDiffers, FieldsInvalid, NotAllowed, NotOpenNow
from workflows.folds.replay import from_json, to_json
from workflows.rights.lifecycle import decide
from workflows.vocabulary import Action, Actor, Grade, Post, Role, Stage

WISH = {"pointer": "/indicators/r1/target", "new": "≥13公里", "reason": "与目标文字的里程不一致"}
SECOND = Actor("planner_2", "规划乙同志", (Post(Role.DEPARTMENT_FINANCE, roster.DEPARTMENT),))


def proposed(life: Life, *wishes, by=PLANNER, **more) -> Life:
    life.table = amending.propose_amendment(
        life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(), changes=wishes or (WISH,), **more)
    return life


def confirmed(life: Life, by=roster.CLERK) -> Life:
    life.table = amending.confirm_amendment(
        life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(),
        amendment=life.table.amendment.amendment)
    return life


def rejected(life: Life, by=roster.CLERK) -> Life:
    life.table = amending.reject_amendment(
        life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(),
        amendment=life.table.amendment.amendment, reason="原指标值有设计文件为据")
    return life


def good() -> Life:
    return reviewed(in_department(), PLANNER, Grade.GOOD)


def test_what_the_unit_confirms_becomes_the_content():
    life = proposed(good())
    before, asked = life.table.content_hash, life.table.amendment
    assert (asked.base, asked.changed, life.table.content_hash) == (before, 2, before)
    confirmed(life)
    row = life.journal.content(life.table.content_hash)["indicators"][0]
    assert (row["target"]["raw"], row["target"]["op"], row["target"]["value"], row["target"]["unit"]) == (
        "≥13公里", ">=", "13", "公里")
    assert (life.table.content_hash, life.table.amendment) == (asked.content_hash, None)
    changes = life.journal.content(asked.changes)["changes"]
    assert {change["reason"] for change in changes} == {"与目标文字的里程不一致"}


def test_votes_of_lower_levels_keep_the_content_they_were_cast_on():
    """INV8: the unit head passed the content before; whoever passes now passes the completed one."""
    life = confirmed(proposed(good()))
    before = life.table.votes[0].content_hash
    life.approved(SECOND)
    assert [(vote.level, vote.content_hash == life.table.content_hash) for vote in life.table.votes] == [
        ("unit", False), ("department", True)]
    assert before != life.table.content_hash


def test_who_completed_it_does_not_pass_it_alone():
    """S3: another of the office passes it; a signer added before makes the two of them pass it together."""
    life = confirmed(proposed(good()))
    with pytest.raises(NotAllowed) as refused:
        life.approved(PLANNER)
    assert refused.value.rule == "S3"
    life.table = signers.add_signer(
        life.journal, life.table.id, seen=life.seen(), by=PLANNER, command_id=uuid4(), task=life.table.desks[0].task,
        person=roster.DEPARTMENT_BUSINESS.id, how="before", reason="我直接完善过此表",
    )  # fmt: skip
    life.approved(roster.DEPARTMENT_BUSINESS).approved(PLANNER)
    assert life.table.stage == Stage.FINANCE_APPROVAL


def test_who_completed_it_decides_at_no_other_node_of_the_round():
    life = confirmed(proposed(good())).approved(SECOND)
    hats = replace(PLANNER, posts=(*PLANNER.posts, Post(Role.FINANCE_BUSINESS, roster.BUREAU)))
    assert decide(hats, life.table, Action.APPROVE).rule == "S3"


def test_the_next_round_begins_without_it():
    life = confirmed(proposed(good())).returned(SECOND, Stage.DRAFT).completed().submitted().approved(roster.UNIT_HEAD)
    assert (life.table.amended, life.approved(PLANNER).table.stage) == ((), Stage.FINANCE_APPROVAL)


def test_the_form_still_speaks_of_the_completed_content():
    life = confirmed(proposed(good()))
    assert decide(SECOND, life.table, Action.REFUSE).rule == "G-GRADE"
    assert [(each.grade, each.completed == life.table.content_hash) for each in life.table.reviews] == [("good", True)]


def test_while_the_unit_thinks_nobody_decides_but_a_return_stays_open():
    life = proposed(good())
    answers = {action: decide(PLANNER, life.table, action).rule for action in (Action.APPROVE, Action.REVIEW, Action.AMEND)}
    assert set(answers.values()) == {"G-AMENDMENT"}
    assert life.returned(PLANNER, Stage.DRAFT).table.amendment is None


def test_after_a_rejection_the_reviewer_passes_unamended_or_returns():
    life = rejected(proposed(good()))
    assert (life.table.amendment, life.table.amended) == (None, ())
    assert life.approved(PLANNER).table.stage == Stage.FINANCE_APPROVAL


def test_the_reviewer_takes_his_own_proposal_back():
    life = rejected(proposed(good()), by=PLANNER)
    assert life.journal.history(life.table.id)[-1].fact.taken_back is True
    assert life.journal.history(life.table.id)[-1].role == Role.DEPARTMENT_FINANCE


@pytest.mark.parametrize("stranger", [PLANNER, SECOND, roster.OTHER_CLERK, roster.FINANCE_BUSINESS])
def test_nobody_but_the_unit_confirms(stranger):
    life = proposed(good())
    assert decide(stranger, life.table, Action.CONFIRM_AMENDMENT).allowed is False


def test_the_proposer_does_not_confirm_under_a_post_of_the_unit():
    """S3: not even with a post there."""
    life = proposed(good())
    both = replace(PLANNER, posts=(*PLANNER.posts, Post(Role.UNIT_BUSINESS, roster.UNIT)))
    assert decide(both, life.table, Action.CONFIRM_AMENDMENT).rule == "S3"


@pytest.mark.parametrize("grade", [None, Grade.EXCELLENT, Grade.FAIR, Grade.POOR])
def test_only_grade_good_may_be_completed(grade):
    life = in_department() if grade is None else reviewed(in_department(), PLANNER, grade)
    with pytest.raises(NotAllowed) as refused:
        proposed(life)
    assert refused.value.rule == ("G-FORM" if grade is None else "G-GRADE")


REFUSED = {
    "money": {**WISH, "pointer": "/budget/total"},
    "the title": {**WISH, "pointer": "/title"},
    "a weight": {**WISH, "pointer": "/indicators/r1/weight"},
    "a whole row": {**WISH, "pointer": "/indicators/r1"},
    "a part of a target": {**WISH, "pointer": "/indicators/r1/target/value"} | {"pointer": "/indicators/r1/level1"},
    "a row that there is not": {**WISH, "pointer": "/indicators/r99/target"},
    "a goal that there is not": {**WISH, "pointer": "/goals/7"},
    "nothing written": {**WISH, "new": "  "},
    "no reason": {**WISH, "reason": "好"},
    "the same text": {**WISH, "new": "≥12公里"},
}


@pytest.mark.parametrize("case", REFUSED)
def test_only_listed_places_are_completed_each_with_a_reason(case):
    with pytest.raises(FieldsInvalid):
        proposed(good(), REFUSED[case])


def test_a_completion_brings_no_new_blocking_finding():
    with pytest.raises(BlockedByFindings):
        proposed(good(), {**WISH, "pointer": "/indicators/r2/target", "new": "≥120%"})


def test_once_somebody_of_the_stage_signed_nothing_is_completed():
    """His vote would stand for words that he never saw."""
    life = Life(memory()).in_finance_approval()
    life.approved(roster.FINANCE_PERFORMANCE)
    reviewed(life, roster.FINANCE_BUSINESS, Grade.GOOD)
    with pytest.raises(NotOpenNow) as refused:
        proposed(life, by=roster.FINANCE_BUSINESS)
    assert refused.value.rule == "G-LATE"


def test_the_unit_confirms_exactly_what_it_saw():
    life = proposed(good())
    with pytest.raises(ContentDiffers):
        amending.confirm_amendment(
            life.journal, life.table.id, seen=life.seen(), by=roster.CLERK, command_id=uuid4(), amendment=str(uuid4()))


def test_three_working_days_are_reminded_and_end_with_the_answer():
    """The clock of the pack: Monday 5 January, due on Thursday; the last rung comes the day after."""
    life = proposed(good())
    key = life.table.amendment.amendment
    mine = [timer for timer in timers_of(life.table) if timer.task == key]
    assert [(timer.kind, timer.due_at.date().isoformat()) for timer in mine] == [
        ("T-1", "2026-01-07"), ("T", "2026-01-08"), ("T+1", "2026-01-09")]
    assert [timer for timer in timers_of(confirmed(life).table) if timer.task == key] == []


def test_a_state_with_forms_and_a_proposal_is_written_and_read_back():
    life = proposed(good())
    assert from_json(to_json(life.table)) == life.table
    assert from_json(to_json(confirmed(life).table)) == life.table
    assert all_graded(Grade.GOOD) == {k: dict(v) for k, v in life.table.reviews[0].items.items()}
