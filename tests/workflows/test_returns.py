"""Returns to any earlier node, step by step or straight back: what counts afterwards, and who has to act again (A11-A13)."""

import pytest

from tests.support import roster
from tests.support.invariants import check_table
from tests.support.life import Life, memory
from workflows.commands import drafting
from workflows.errors import FieldsInvalid
from workflows.state.standing import DIRECT
from workflows.vocabulary import Stage


def in_finance() -> Life:
    return Life(memory()).in_finance_approval()


def checked(life: Life) -> Life:
    check_table(life.table, life.journal.history(life.table.id))
    return life


def edited(life: Life, change) -> Life:
    draft = drafting.content_in_work(life.journal, life.table)
    content = change(dict(draft.content))
    drafting.save_draft(
        life.journal, life.table.id, seen=life.seen(), draft_version=draft.version, content=content,
        reasons={"": "按退回意见修改"}, by=roster.CLERK, command_id=life.table.id,
    )  # fmt: skip
    return life


def nodes(life: Life) -> list[str]:
    return [desk.node for desk in life.table.desks]


def test_a12_a_return_to_a_node_keeps_what_lay_before_it():
    life = in_finance().returned(roster.FINANCE_BUSINESS, Stage.DEPARTMENT_REVIEW, to_node="department_finance")
    assert (nodes(checked(life)), [vote.node for vote in life.table.votes]) == (["department_finance"], ["unit_head"])
    checked(life.approved(roster.DEPARTMENT_FINANCE))
    assert sorted(nodes(life)) == ["finance_business", "finance_performance"]


def test_a12_a_return_inside_a_stage_keeps_the_parallel_branch():
    life = in_finance().approved(roster.FINANCE_BUSINESS).approved(roster.FINANCE_PERFORMANCE)
    checked(life.returned(roster.FINANCE_BUDGET, Stage.FINANCE_APPROVAL, to_node="finance_business"))
    assert nodes(life) == ["finance_business"]
    assert "finance_performance" in {vote.node for vote in life.table.votes}
    checked(life.approved(roster.FINANCE_BUSINESS))
    assert nodes(life) == ["reply"]


@pytest.mark.parametrize("aim", [
    {"to": Stage.DEPARTMENT_REVIEW, "to_node": "reply"}, {"to": Stage.FINANCE_APPROVAL},
    {"to": Stage.FINANCE_APPROVAL, "to_node": "finance_performance"},
    {"to": Stage.UNIT_REVIEW, "to_node": "department_finance"}, {"to": Stage.DRAFT, "mode": "随便"},
    {"to": Stage.UNIT_REVIEW, "mode": DIRECT},
])  # fmt: skip
def test_a12_a_return_only_aims_at_what_was_complete_in_this_round(aim):
    life = in_finance()
    before = life.table
    with pytest.raises(FieldsInvalid):
        life.returned(roster.FINANCE_BUSINESS, **aim)
    assert life.journal.lock_table(before.id) == before


def test_a13_straight_back_to_a_node_passes_over_what_was_complete():
    life = in_finance().returned(roster.FINANCE_BUSINESS, Stage.UNIT_REVIEW, to_node="unit_head", mode=DIRECT)
    checked(life.approved(roster.UNIT_HEAD))
    assert sorted(nodes(life)) == ["finance_business", "finance_performance"]
    assert (life.table.passed_over, life.table.returned) == (("department_finance",), None)
    assert life.table.desk("finance_business").person == "business"


def test_a13_straight_back_from_drafting_where_only_the_listed_place_was_mended():
    life = in_finance().approved(roster.FINANCE_PERFORMANCE)
    life.returned(roster.FINANCE_BUSINESS, Stage.DRAFT, mode=DIRECT, fields=("/goals",))
    checked(edited(life, lambda content: {**content, "goals": [*content["goals"], "补充一条。"]}).submitted())
    assert (life.table.stage, nodes(life)) == (Stage.FINANCE_APPROVAL, ["finance_business"])
    assert set(life.table.passed_over) == {"unit_head", "department_finance", "finance_performance"}
    checked(life.approved(roster.FINANCE_BUSINESS))
    assert nodes(life) == ["reply"]


def test_a13_step_by_step_is_forced_where_something_else_was_changed():
    life = in_finance().returned(roster.FINANCE_BUSINESS, Stage.DRAFT, mode=DIRECT, fields=("/goals",))
    checked(edited(life, lambda content: {**content, "title": content["title"] + "（修订）"}).submitted())
    assert (life.table.stage, nodes(life), life.table.passed_over) == (Stage.UNIT_REVIEW, ["unit_head"], ())
