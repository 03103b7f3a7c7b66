"""What keeps a returned table from the straight way back (直达, A13): conditions, files, explanations, rows moved."""

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.chains import standard_but
from tests.support.forms import all_scored
from tests.support.life import Life, memory
from workflows.commands import attaching, drafting, grading
from workflows.commands.recipe import Work
from workflows.commands.routing import keeps_the_promise
from workflows.state.standing import DIRECT, changed
from workflows.vocabulary import Stage


def sent_back(*fields, definition=None):
    """A table that the bureau has sent back for these places, to come straight back."""
    life = Life(memory(), definition=definition).in_unit_review().approved(roster.UNIT_HEAD)
    if life.table.desk("department_finance"):
        life.approved(roster.DEPARTMENT_FINANCE)
    return life.returned(roster.FINANCE_BUSINESS, Stage.DRAFT, mode=DIRECT, fields=fields)


def answered_with(life, **changes):
    draft = drafting.content_in_work(life.journal, life.table)
    drafting.save_draft(
        life.journal, life.table.id, seen=life.seen(), draft_version=draft.version, content={**draft.content, **changes},
        reasons={"": "按退回意见修改"}, by=roster.CLERK, command_id=uuid4(),
    )  # fmt: skip
    return [desk.node for desk in life.submitted().table.desks]


STRAIGHT, LONG = ["finance_business", "finance_performance"], ["unit_head"]


@pytest.mark.parametrize(("when", "key", "way"), [
    ("重点", True, LONG), ("重点", False, STRAIGHT), ("not 重点", True, LONG), ("not 重点", False, STRAIGHT),
    ("年度 == 2026", True, STRAIGHT), ("年度 > 2026", True, STRAIGHT),
])  # fmt: skip
def test_straight_back_passes_over_no_node_whose_condition_answers_otherwise_now(when, key, way):
    life = sent_back("/key_project", definition=standard_but("department_finance", when=when))
    assert answered_with(life, key_project=key) == way


def test_the_condition_of_a_node_that_is_not_passed_over_bars_nobody():
    life = sent_back("/key_project", definition=standard_but("finance_performance", when="重点"))
    assert "finance_performance" in life.table.returned.done
    other = Life(memory(), definition=standard_but("finance_business", when="not 重点")).in_finance_approval()
    other.returned(roster.FINANCE_BUSINESS, Stage.DRAFT, mode=DIRECT, fields=("/key_project",))
    assert (answered_with(life, key_project=True), answered_with(other, key_project=True)) == (LONG, STRAIGHT)


def put(life, name="说明.pdf", data=b"%PDF-1.7 more"):
    life.table = attaching.attach_file(
        life.journal, life.table.id, seen=life.seen(), by=roster.CLERK, command_id=uuid4(), name=name, data=data
    )
    return life.table.attachments[-1].attachment


def taken_away(life, attachment):
    life.table = attaching.withdraw_attachment(
        life.journal, life.table.id, seen=life.seen(), by=roster.CLERK, command_id=uuid4(), attachment=attachment
    )


def test_files_put_to_a_table_while_it_was_back_force_the_long_way():
    life = sent_back("/goals")
    put(life)
    assert answered_with(life, goals=["维护道路12公里。"]) == LONG


def test_a_file_taken_away_again_forces_nothing():
    life = sent_back("/goals")
    taken_away(life, put(life))
    assert answered_with(life, goals=["维护道路12公里。"]) == STRAIGHT


def test_a_file_that_was_there_and_is_taken_away_forces_the_long_way():
    life = Life(memory()).imported().completed()
    file = put(life)
    life.submitted().approved(roster.UNIT_HEAD).approved(roster.DEPARTMENT_FINANCE)
    life.returned(roster.FINANCE_BUSINESS, Stage.DRAFT, mode=DIRECT, fields=("/goals",))
    taken_away(life, file)
    assert answered_with(life) == LONG


@pytest.mark.parametrize(("fields", "key", "way"), [
    (("/indicators/r2",), "V-T5@/indicators/1/target", STRAIGHT), (("/indicators/r2",), "V-K1@/indicators/1", STRAIGHT),
    (("/goals",), "V-M3@/goals", STRAIGHT), (("/indicators",), "V-T1@/indicators", STRAIGHT),
    (("/indicators/r2",), "V-T5@/indicators/2/target", LONG), (("/indicators/r2",), "V-T5@/indicators/r2", LONG),
    (("/indicators/r2",), "V-T1@/indicators", LONG), (("/goals", "/explanations"), "V-M7@/budget", LONG),
    (("/goals", "/explanations"), "return", LONG), (("/indicators/r2",), "V-T5@/indicators/99/target", LONG),
    (("/goals",), "V-X9@", LONG), (("/explanations/V-M7@/budget",), "V-M7@/budget", STRAIGHT),
])  # fmt: skip
def test_straight_back_explanations_change_at_the_ticked_places_alone(fields, key, way):
    life = sent_back(*fields)
    said = drafting.content_in_work(life.journal, life.table).content["explanations"]
    assert answered_with(life, explanations={**said, key: "参照上年实际完成值"}) == way


def test_straight_back_rows_that_nobody_ticked_stay_where_their_explanations_are():
    for fields, way in ((("/indicators/r1", "/indicators/r2"), STRAIGHT), (("/indicators/r1",), LONG)):
        life = sent_back(*fields)
        one, two, *rest = drafting.content_in_work(life.journal, life.table).content["indicators"]
        assert answered_with(life, indicators=[two, one, *rest]) == way


def test_a_node_that_scoring_made_necessary_is_not_passed_over_again():
    """The department was passed over, the bureau's scoring made the table 重点, and the return asks for the goals alone."""
    life = Life(memory(), definition=standard_but("department_finance", when="重点")).in_unit_review().approved(roster.UNIT_HEAD)
    life.table = grading.score_review(
        life.journal, life.table.id, seen=life.seen(), by=roster.FINANCE_BUSINESS, command_id=uuid4(), mode="scored",
        items=all_scored(60), node="finance_business",
    )  # fmt: skip
    life.returned(roster.FINANCE_BUSINESS, Stage.DRAFT, mode=DIRECT, fields=("/goals",))
    assert answered_with(life, goals=["维护道路12公里。"]) == LONG


def test_the_node_that_a_return_went_to_lets_it_straight_back_over_nothing_that_its_scoring_made_necessary():
    """The business section was passed over; the department's scoring makes the table 重点: it opens beside who returned it."""
    checked = standard_but("finance_business", when="重点")
    life = Life(memory(), definition=checked).in_unit_review().approved(roster.UNIT_HEAD).approved(roster.DEPARTMENT_FINANCE)
    life.returned(
        roster.FINANCE_PERFORMANCE, Stage.DEPARTMENT_REVIEW, to_node="department_finance", mode=DIRECT, fields=("/goals",)
    )
    life.table = grading.score_review(
        life.journal, life.table.id, seen=life.seen(), by=roster.DEPARTMENT_FINANCE, command_id=uuid4(), mode="scored",
        items=all_scored(95), node="department_finance",
    )  # fmt: skip
    assert [desk.node for desk in life.approved(roster.DEPARTMENT_FINANCE).table.desks] == STRAIGHT


def test_a_table_that_was_completed_at_the_node_it_was_returned_to_goes_step_by_step():
    life = Life(memory()).in_finance_approval()
    life.returned(roster.FINANCE_BUSINESS, Stage.UNIT_REVIEW, to_node="unit_head", mode=DIRECT)
    before, completed = life.table, changed(life.table, content_hash="f" * 64)
    work = Work(life.journal, before, roster.UNIT_HEAD, uuid4(), done=False)
    assert keeps_the_promise(work, before.returned, "unit_head")
    assert not keeps_the_promise(replace(work, table=completed), before.returned, "unit_head")
    assert not keeps_the_promise(work, before.returned, "department_finance")
