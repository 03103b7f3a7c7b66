"""Experts from outside (R11, S11): named, time-boxed, declared unrelated first; mean and spread; the reviewer decides."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.forms import all_graded, all_scored
from tests.support.life import Life, memory
from tests.support.memory_journal import MemoryJournal
from workflows.commands import expert_reviews, grading, reviewing
from workflows.commands.drafting import content_in_work
from workflows.errors import ContentDiffers, FieldsInvalid, NotAllowed, NotFound, NotOpenNow, ReasonMissing
from workflows.rights.expert_reviews import may_see
from workflows.rights.permissions import may_read
from workflows.state.experts import spread_of
from workflows.vocabulary import Grade, Role, Stage
from workflows.workdays import beijing_date

POOL = "pool"
EXPERTS = [roster.person(f"expert_{n}", (Role.EXPERT, POOL)) for n in (1, 2, 3)]
INSIDER = roster.person("insider", (Role.EXPERT, POOL), (Role.UNIT_HEAD, roster.OTHER_UNIT))
ONE, TWO, THREE = EXPERTS
REVIEWER = roster.DEPARTMENT_FINANCE
PEOPLE = (*roster.PEOPLE, *EXPERTS, INSIDER)
WHY = "本人三年内在该单位任职"


def begun(journal=None) -> Life:
    return Life(journal or MemoryJournal(memory().at, PEOPLE)).in_unit_review().approved(roster.UNIT_HEAD)


def act(life, verb, by, **words) -> Life:
    life.table = verb(life.journal, life.table.id, seen=words.pop("seen", None) or life.seen(), by=by, command_id=uuid4(), **words)
    return life


def today(life) -> date:
    return beijing_date(life.journal.at)


def assigned(life, *experts, by=REVIEWER, days=7) -> Life:
    chosen = [each.id for each in experts or (ONE, TWO)]
    return act(life, expert_reviews.assign_experts, by, people=chosen, until=today(life) + timedelta(days=days))


def declared(life, by, *, related=False, reason="") -> Life:
    return act(life, expert_reviews.declare_relation, by, related=related, reason=reason)


def scored(life, by, percent=90) -> Life:
    return act(life, expert_reviews.score_as_expert, by, items=all_scored(percent), opinion="目标明确，指标可衡量")


def states(life):
    return {each.person: each.state for each in life.table.experts}


def test_r11_experts_are_named_declare_first_and_score():
    life = assigned(begun())
    assert states(life) == {"expert_1": "assigned", "expert_2": "assigned"}
    declared(life, ONE)
    scored(life, ONE, 90)
    declared(life, TWO)
    scored(life, TWO, 80)
    spread = spread_of(life.table.experts, life.table.content_hash)
    assert (spread.number, spread.mean, spread.lowest, spread.highest, spread.width) == (
        2, Decimal("85.00"), Decimal("80.00"), Decimal("90.00"), Decimal("10.00"))
    assert life.table.experts[0].grade == "excellent"


def test_the_reviewer_decides_himself_and_while_experts_are_at_it():
    life = assigned(begun())
    seen = life.seen()
    scored(declared(life, ONE), ONE, 20)
    act(life, reviewing.approve_table, REVIEWER, seen=seen)
    assert life.table.stage == Stage.FINANCE_APPROVAL
    with pytest.raises(NotFound):
        declared(life, TWO)


def test_s11_who_declares_a_relation_is_excluded_and_is_not_asked_again():
    life = declared(assigned(begun(), ONE), ONE, related=True, reason=WHY)
    assert states(life) == {"expert_1": "excluded"}
    for refused in (lambda: scored(life, ONE), lambda: declared(life, ONE), lambda: assigned(life, ONE)):
        with pytest.raises(NotAllowed) as said:
            refused()
        assert said.value.rule == "S11"
    assert not may_see(ONE, life.table, today(life).isoformat())


def test_nothing_is_seen_or_scored_before_the_declaration():
    life = assigned(begun(), ONE)
    assert not may_see(ONE, life.table, today(life).isoformat())
    with pytest.raises(NotAllowed, match="请先声明"):
        scored(life, ONE)
    declared(life, ONE)
    assert may_see(ONE, life.table, today(life).isoformat())
    assert not may_see(TWO, life.table, today(life).isoformat())
    assert not may_read(ONE, life.table), "the page of the table, with other experts and its history, stays closed"


def test_a_relation_has_its_reason():
    with pytest.raises(ReasonMissing):
        declared(assigned(begun(), ONE), ONE, related=True)


def test_after_its_day_an_assignment_is_over():
    life = declared(assigned(begun(), ONE, TWO, days=2), ONE)
    life.on((today(life) + timedelta(days=2)).isoformat())
    scored(life, ONE)
    last = today(life).isoformat()
    life.on((today(life) + timedelta(days=1)).isoformat())
    assert (may_see(ONE, life.table, last), may_see(ONE, life.table, today(life).isoformat())) == (True, False)
    for refused in (lambda: scored(life, ONE), lambda: declared(life, TWO)):
        with pytest.raises(NotOpenNow) as said:
            refused()
        assert said.value.rule == "G-EXPERT-TIME"


def test_a_second_filing_replaces_the_first():
    life = scored(scored(declared(assigned(begun(), ONE), ONE), ONE, 70), ONE, 95)
    assert [(each.total, each.grade) for each in life.table.experts] == [("95.00", "excellent")]


@pytest.mark.parametrize("by", [roster.UNIT_HEAD, roster.CLERK, roster.DEPARTMENT_BUSINESS, roster.FINANCE_BUSINESS, ONE])
def test_only_who_sits_at_the_reviewing_desk_asks_experts(by):
    with pytest.raises((NotAllowed, NotFound)):
        assigned(begun(), ONE, by=by)


@pytest.mark.parametrize("by", [roster.CLERK, REVIEWER, TWO, roster.OBSERVER])
def test_nobody_scores_without_an_assignment(by):
    life = declared(assigned(begun(), ONE), ONE)
    for verb in (scored, declared):
        with pytest.raises(NotFound):
            verb(life, by)


def test_an_insider_is_no_outside_expert():
    with pytest.raises(NotAllowed) as said:
        assigned(begun(), INSIDER)
    assert said.value.rule == "S11"
    with pytest.raises(FieldsInvalid):
        assigned(begun(), roster.OBSERVER)


def test_nobody_is_asked_twice_in_a_round_but_again_after_a_return():
    life = assigned(begun(), ONE)
    with pytest.raises(NotAllowed):
        assigned(life, ONE)
    life.returned(REVIEWER, Stage.DRAFT).completed().submitted().approved(roster.UNIT_HEAD)
    with pytest.raises(NotFound):
        scored(life, ONE)
    assert [each.round for each in assigned(life, ONE).table.experts] == [1, 2]


def test_a_table_marked_internal_goes_to_nobody_outside():
    life = Life(MemoryJournal(begun().journal.at, PEOPLE)).imported()
    life.completed()
    draft = content_in_work(life.journal, life.table)
    life.journal.drafts[life.table.id] = type(draft)({**draft.content, "disclosure": "内部"}, draft.version, draft.editors, draft.reasons)
    life.submitted().approved(roster.UNIT_HEAD)
    with pytest.raises(NotAllowed) as said:
        assigned(life, ONE)
    assert said.value.rule == "G-INTERNAL"


def test_the_time_box_has_an_end():
    for days in (-1, 61):
        with pytest.raises(FieldsInvalid):
            assigned(begun(), ONE, days=days)
    with pytest.raises(FieldsInvalid):
        act(begun(), expert_reviews.assign_experts, REVIEWER, people=[], until=date(2026, 1, 9))


def test_asking_experts_makes_it_a_key_project():
    life = assigned(begun(), ONE)
    assert life.table.key_by == "department_finance"
    act(life, grading.score_review, REVIEWER, mode="scored", items=all_scored(92))
    life.approved(REVIEWER)
    with pytest.raises(NotAllowed) as said:
        act(life, grading.score_review, roster.FINANCE_BUSINESS, mode="qualitative", items=all_graded(Grade.GOOD), grade="good")
    assert said.value.rule == "G-KEY"


def test_the_points_stay_inside_and_speak_of_what_was_seen():
    life = declared(assigned(begun(), ONE), ONE)
    with pytest.raises(FieldsInvalid):
        act(life, expert_reviews.score_as_expert, ONE, items={**all_scored(90), "form": {"points": "11", "comment": ""}})
    other = type(life.seen())(life.table.version, "ab" * 32)
    with pytest.raises(ContentDiffers):
        act(life, expert_reviews.score_as_expert, ONE, items=all_scored(90), seen=other)


def test_the_same_command_twice_is_recorded_once():
    life, command = begun(), uuid4()
    for _ in range(2):
        life.table = expert_reviews.assign_experts(
            life.journal, life.table.id, seen=life.seen(), by=REVIEWER, command_id=command, people=[ONE.id, TWO.id],
            until=today(life))
    assert len(life.table.experts) == 2
