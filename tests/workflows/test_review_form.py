"""N3, T7, INV10: the review form in both modes, and what each grade allows at the node where it was given."""

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.forms import FORM, all_graded, all_scored
from tests.support.life import Life, memory
from workflows.commands import grading, reviewing, signers
from workflows.commands.ending import ask_to_end, confirm_ending
from workflows.definitions.chain import shipped
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.rights.bulk_rules import refusal_in_bulk
from workflows.rights.filled_form import filled
from workflows.rights.lifecycle import decide
from workflows.state.criteria import Aspect
from workflows.vocabulary import Action, Actor, Grade, Post, Role, Stage

G = Grade
BY_HAND = {
    "all full": ("scored", all_scored(100), "100.00", G.EXCELLENT),
    "just 优": ("scored", all_scored(90), "90.00", G.EXCELLENT),
    "just below 优": ("scored", all_scored(90, form="8.99"), "89.99", G.GOOD),
    "just 良": ("scored", all_scored(80), "80.00", G.GOOD),
    "just below 良": ("scored", all_scored(80, money="11.99"), "79.99", G.FAIR),
    "just 中": ("scored", all_scored(60), "60.00", G.FAIR),
    "just below 中": ("scored", all_scored(60, conditions="5.99"), "59.99", G.POOR),
    "nothing": ("scored", all_scored(0), "0.00", G.POOR),
    "all 优": ("qualitative", all_graded(G.EXCELLENT), "100.00", G.EXCELLENT),
    "all 良": ("qualitative", all_graded(G.GOOD), "85.00", G.GOOD),
    "all 中": ("qualitative", all_graded(G.FAIR), "70.00", G.FAIR),
    "all 差": ("qualitative", all_graded(G.POOR), "40.00", G.POOR),
    "one 中 of fifteen points": ("qualitative", all_graded(G.GOOD, money=G.FAIR), "82.75", G.GOOD),
}


@pytest.mark.parametrize("case", BY_HAND)
def test_total_and_grade_are_those_counted_by_hand(case):
    mode, items, total, grade = BY_HAND[case]
    said = filled(FORM, mode, items, grade)
    assert (said.total, said.grade) == (total, grade)


def test_the_form_has_four_groups_of_a_hundred_points():
    assert [str(FORM.points_of(aspect)) for aspect in Aspect] == ["20", "30", "30", "20"]


WRONG = {
    "another mode": ("free", all_graded(G.GOOD), "good"),
    "an item left out": ("qualitative", {k: v for k, v in all_graded(G.GOOD).items() if k != "money"}, "good"),
    "an item that there is not": ("qualitative", {**all_graded(G.GOOD), "luck": {"grade": "good"}}, "good"),
    "no overall grade": ("qualitative", all_graded(G.GOOD), ""),
    "better than the best item": ("qualitative", all_graded(G.GOOD), "excellent"),
    "worse than the worst item": ("qualitative", all_graded(G.GOOD), "poor"),
    "more points than the item has": ("scored", all_scored(90, form="10.01"), ""),
    "negative points": ("scored", all_scored(90, form="-1"), ""),
    "three places": ("scored", all_scored(90, form="8.125"), ""),
    "no number": ("scored", all_scored(90, form="九"), ""),
    "not a number": ("scored", all_scored(90, form="NaN"), ""),
    "without end": ("scored", all_scored(90, form="Infinity"), ""),
    "a long comment": ("qualitative", {**all_graded(G.GOOD), "form": {"grade": "good", "comment": "长" * 501}}, "good"),
}


@pytest.mark.parametrize("case", WRONG)
def test_an_incomplete_form_is_refused(case):
    with pytest.raises(FieldsInvalid):
        filled(FORM, *WRONG[case])


def reviewed(life: Life, by, grade, **more) -> Life:
    life.table = grading.score_review(
        life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(),
        **(more or {"mode": "qualitative", "items": all_graded(grade), "grade": grade}),
    )  # fmt: skip
    return life


def in_department(**more) -> Life:
    return Life(memory(), **more).in_unit_review().approved(roster.UNIT_HEAD)


PLANNER = roster.DEPARTMENT_FINANCE
ACCOUNTANT = Actor("accountant", "会计同志", (Post(Role.UNIT_FINANCE, roster.UNIT),))
DECISIONS = (Action.APPROVE, Action.AMEND, Action.RETURN, Action.REFUSE)


def may(life: Life) -> list[str]:
    return [a for a in DECISIONS if decide(PLANNER, life.table, a, to=Stage.DRAFT if a == Action.RETURN else None).allowed]


@pytest.mark.parametrize(("grade", "open_to"), [
    (G.EXCELLENT, ["approve"]), (G.GOOD, ["approve", "amend", "return"]), (G.FAIR, ["return"]), (G.POOR, ["refuse"]),
])  # fmt: skip
def test_a_grade_allows_what_article_25_says(grade, open_to):
    """T7, INV10: 优 passes, 良 may be completed, 中 goes back, 差 goes no further."""
    assert may(reviewed(in_department(), PLANNER, grade)) == open_to


def test_a_closed_decision_says_the_grade():
    life = reviewed(in_department(), PLANNER, G.FAIR)
    with pytest.raises(NotAllowed) as refused:
        life.approved(PLANNER)
    assert (refused.value.rule, refused.value.sentence) == (
        "G-GRADE", "本环节的审核表评定为“中”，只能办理“退回”；评定有变的，请先重新填写审核表。")


def test_without_a_form_the_standard_chain_decides_as_before():
    assert may(in_department()) == ["approve", "return", "refuse"]


def test_a_form_filled_in_anew_replaces_the_same_persons_last():
    life = reviewed(reviewed(in_department(), PLANNER, G.POOR), PLANNER, G.EXCELLENT)
    assert [(each.grade, each.round, each.node, each.name) for each in life.table.reviews] == [
        ("excellent", 1, "department_finance", PLANNER.name)]
    assert life.approved(PLANNER).table.stage == Stage.FINANCE_APPROVAL


def test_poor_ends_the_table_by_two_persons_only():
    life = reviewed(in_department(), PLANNER, G.POOR)
    seen = {"seen": life.seen(), "command_id": uuid4()}
    life.table = ask_to_end(life.journal, life.table.id, **seen, by=PLANNER, action=Action.REFUSE, reason="目标与职责无关")
    assert life.table.stage == Stage.DEPARTMENT_REVIEW
    life.table = confirm_ending(
        life.journal, life.table.id, seen=life.seen(), by=roster.DEPARTMENT_BUSINESS, command_id=uuid4())
    assert life.table.stage == Stage.REFUSED


def test_a_return_takes_the_form_away_with_the_round():
    """The old form stays readable, void; in the next round it binds nobody."""
    life = reviewed(in_department(), PLANNER, G.FAIR).returned(PLANNER, Stage.DRAFT)
    assert [(each.grade, each.void) for each in life.table.reviews] == [("fair", True)]
    life.completed().submitted().approved(roster.UNIT_HEAD)
    assert [(each.round, each.void) for each in life.table.reviews] == [(1, True)]
    assert may(life) == ["approve", "return", "refuse"]
    life.returned(PLANNER, Stage.DRAFT).completed().submitted()
    assert life.table.reviews == ()


def test_the_full_chain_demands_the_form_before_a_pass_or_a_refusal():
    """Whoever only returns need not fill it in; the demand comes from the definition."""
    life = Life(memory(), definition=shipped("full")).in_unit_review()
    life.approved(roster.SECOND_UNIT_HEAD).approved(ACCOUNTANT).approved(roster.UNIT_HEAD)
    with pytest.raises(NotAllowed) as refused:
        life.approved(roster.DEPARTMENT_BUSINESS)
    assert refused.value.rule == "G-FORM"
    reviewed(life, roster.DEPARTMENT_BUSINESS, G.EXCELLENT).approved(roster.DEPARTMENT_BUSINESS)
    life.approved(PLANNER)
    assert sorted(desk.node for desk in life.table.desks) == ["finance_business", "finance_performance"]
    life.returned(roster.FINANCE_BUSINESS, Stage.DRAFT)
    assert life.table.stage == Stage.DRAFT


def test_scoring_makes_a_key_project_that_the_leader_signs():
    """重点 opens the leader's node of the full chain; nobody reviews it qualitatively after that."""
    life = Life(memory(), definition=shipped("full")).in_unit_review()
    life.approved(roster.SECOND_UNIT_HEAD).approved(ACCOUNTANT).approved(roster.UNIT_HEAD)
    scored = {"mode": "scored", "items": all_scored(95)}
    reviewed(life, roster.DEPARTMENT_BUSINESS, G.EXCELLENT, **scored).approved(roster.DEPARTMENT_BUSINESS)
    life.approved(PLANNER)
    with pytest.raises(NotAllowed) as refused:
        reviewed(life, roster.FINANCE_BUSINESS, G.EXCELLENT)
    assert refused.value.rule == "G-KEY"
    for section in (roster.FINANCE_BUSINESS, roster.FINANCE_PERFORMANCE):
        reviewed(life, section, G.EXCELLENT, **scored).approved(section)
    assert [desk.node for desk in life.table.desks] == ["finance_leader"]
    assert refusal_in_bulk(life.table, {}).rule == "B-KEY"


def test_who_made_it_a_key_project_by_mistake_takes_that_back():
    life = reviewed(in_department(), PLANNER, G.EXCELLENT, mode="scored", items=all_scored(95))
    assert life.table.key_by == "department_finance"
    assert reviewed(life, PLANNER, G.EXCELLENT).table.key_by == ""


@pytest.mark.parametrize(("grade", "rule"), [(G.EXCELLENT, None), (G.GOOD, None), (G.FAIR, "B-GRADE"), (G.POOR, "B-GRADE")])
def test_low_grades_are_not_decided_among_many(grade, rule):
    refusal = refusal_in_bulk(reviewed(in_department(), PLANNER, grade).table, {})
    assert (refusal.rule if refusal else None) == rule


def test_the_worst_form_of_a_node_binds_all_its_signers():
    """Whoever else signs there does not pass over a colleague's 中."""
    life = in_department()
    life.table = signers.add_signer(
        life.journal, life.table.id, seen=life.seen(), by=PLANNER, command_id=uuid4(), task=life.table.desks[0].task,
        person=roster.DEPARTMENT_BUSINESS.id, how="parallel", reason="请归口处室会签",
    )  # fmt: skip
    reviewed(life, PLANNER, G.EXCELLENT)
    reviewed(life, roster.DEPARTMENT_BUSINESS, G.FAIR)
    assert may(life) == ["return"]


def test_removing_a_signer_does_not_carry_a_low_grade_on():
    life = in_department()
    life.table = signers.add_signer(
        life.journal, life.table.id, seen=life.seen(), by=PLANNER, command_id=uuid4(), task=life.table.desks[0].task,
        person=roster.DEPARTMENT_BUSINESS.id, how="after", reason="请归口处室会签",
    )  # fmt: skip
    life.approved(PLANNER)
    added = life.table.desks[0].task
    reviewed(life, roster.DEPARTMENT_BUSINESS, G.POOR)
    with pytest.raises(NotAllowed) as refused:
        signers.remove_signer(
            life.journal, life.table.id, seen=life.seen(), by=PLANNER, command_id=uuid4(), task=added, reason="不再需要会签",
        )  # fmt: skip
    assert refused.value.rule == "G-GRADE"


def test_only_a_reviewer_at_a_desk_fills_the_form_in():
    life = in_department()
    for stranger in (roster.CLERK, roster.UNIT_HEAD, roster.FINANCE_BUSINESS):
        assert decide(stranger, life.table, Action.REVIEW).allowed is False
    assert decide(roster.UNIT_HEAD, replace(life.table, stage=Stage.UNIT_REVIEW), Action.REVIEW).rule == "R-STAGE"


def test_a_repeated_command_fills_one_form_in():
    life, command = in_department(), uuid4()
    said = {"mode": "qualitative", "items": all_graded(G.GOOD), "grade": "good"}
    for _ in range(2):
        life.table = grading.score_review(
            life.journal, life.table.id, seen=life.seen(), by=PLANNER, command_id=command, **said)
    assert len([each for each in life.journal.history(life.table.id) if each.kind == "review.scored"]) == 1
    assert reviewing.grade_at(life.table, "department_finance") == G.GOOD
