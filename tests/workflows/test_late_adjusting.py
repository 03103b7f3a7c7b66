"""Domain 7, last row: after the cut-off the 绩效科 asks and the 分管领导 opens a revision; its lowered targets count."""

from uuid import UUID, uuid4

import pytest

from tests.support import roster
from tests.support.life import Life, memory
from tests.workflows.test_adjusting import Revised, changed, more_money, opened, replied, through_the_chain
from workflows import events as e
from workflows.commands import ending, late_adjusting
from workflows.errors import FieldsInvalid, GoaltrailError, NotAllowed, NotOpenNow, ReasonMissing
from workflows.folds.replay import replay
from workflows.measures.tallying import tally_of
from workflows.measures.target_moves import Held, lowered_rows
from workflows.state.revisions import Trigger
from workflows.vocabulary import Stage

WHY = "上级追减经费，确需调整"
LATE, LAST_DAY = "2026-11-01", "2026-10-31"


def asked(life: Life, *, by=roster.FINANCE_PERFORMANCE, trigger: str = Trigger.BUDGET, reason: str = WHY) -> Life:
    life.table = late_adjusting.ask_late_revision(
        life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(), trigger=trigger, reason=reason
    )
    return life


def confirmed(life: Life, by=roster.FINANCE_LEADER) -> Life:
    life.table = ending.confirm_ending(
        life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(), opinion="同意"
    )
    return life


def late() -> Life:
    return Life(memory()).in_monitoring().on(LATE)


def test_nothing_opens_before_the_leader_in_charge_agrees():
    life = asked(late())
    assert (life.table.revision, life.table.request.action) == ("", "adjust_late")
    assert [each.kind for each in life.journal.history(life.table.id)][-2:] == ["revision.asked", "confirmation.requested"]


def test_then_the_draft_waits_for_the_units_clerk_and_walks_the_chain():
    life = confirmed(asked(late()))
    draft = Life(life.journal, life.journal.lock_table(UUID(life.table.revision)))
    (desk,) = draft.table.desks
    assert (draft.table.stage, desk.person, draft.table.authors) == (Stage.DRAFT, "clerk", frozenset({"clerk"}))
    assert (life.table.late_revisions, life.table.request) == ((1,), None)
    changed(draft, budget=more_money(draft))
    revised = replied(Revised(life, through_the_chain(draft)))
    assert [each.number for each in revised.first.table.versions] == [0, 1]
    for table in (revised.first.table, draft.table):
        assert replay(table.id, life.journal.history(table.id)) == table


def test_the_leaders_opening_keeps_the_reason_that_was_given():
    life = confirmed(asked(late()))
    (opened,) = (each for each in life.journal.history(life.table.id) if isinstance(each.fact, e.RevisionOpened))
    assert (opened.fact.reason, opened.fact.trigger, opened.actor_id) == (WHY, Trigger.BUDGET, "leader")


def test_a_revision_of_the_unit_is_no_late_one():
    from_unit = Life(memory()).in_monitoring()
    assert from_unit.table.late_revisions == ()


def test_until_the_cut_off_the_unit_itself_asks():
    with pytest.raises(NotOpenNow) as refused:
        asked(Life(memory()).in_monitoring().on(LAST_DAY))
    assert refused.value.rule == "G-CUTOFF"


@pytest.mark.parametrize("by", [
    roster.CLERK, roster.FINANCE_LEADER, roster.FINANCE_BUDGET, roster.DEPARTMENT_FINANCE, roster.FINANCE_BUSINESS,
])  # fmt: skip
def test_only_the_performance_section_asks(by):
    with pytest.raises(NotAllowed):
        asked(late(), by=by)


@pytest.mark.parametrize("by", [roster.FINANCE_BUDGET, roster.FINANCE_PERFORMANCE, roster.FINANCE_BUSINESS, roster.CLERK])
def test_only_the_leader_in_charge_opens(by):
    life = asked(late())
    with pytest.raises(GoaltrailError):
        confirmed(life, by)


def test_one_person_with_both_posts_does_not_agree_with_himself():
    both = roster.person("performance", *((post.role, post.organ) for actor in (roster.FINANCE_PERFORMANCE,
                         roster.FINANCE_LEADER) for post in actor.posts))  # fmt: skip
    life = asked(late(), by=both)
    with pytest.raises(NotAllowed):
        confirmed(life, both)


def test_declined_it_stays_as_it_was():
    life = asked(late())
    life.table = ending.decline_ending(
        life.journal, life.table.id, seen=life.seen(), by=roster.FINANCE_LEADER, command_id=uuid4(), reason="不予调整本项"
    )
    assert (life.table.revision, life.table.request, life.table.late_revisions) == ("", None, ())


@pytest.mark.parametrize(("given", "refusal"), [({"reason": "短"}, ReasonMissing), ({"trigger": "mood"}, FieldsInvalid)])
def test_reason_and_trigger_are_asked_for(given, refusal):
    with pytest.raises(refusal):
        asked(late(), **given)


def test_the_rows_it_lowered_are_counted_from_the_versions():
    """What a page does: the contents of `versions` in order, late where the number stands in `late_revisions`."""
    life = confirmed(asked(late()))
    draft = Life(life.journal, life.journal.lock_table(UUID(life.table.revision)))
    rows, first = with_a_lower_target(life)
    changed(draft, indicators=rows, budget=more_money(draft))
    table = replied(Revised(life, through_the_chain(draft))).first.table
    held = [Held(life.journal.content(each.content_hash), each.number in table.late_revisions) for each in table.versions]
    assert lowered_rows(held) == {first}
    assert moved(life, table.id) == [1, len(rows), 1, len(rows)]


def test_a_revision_of_the_unit_lowers_rows_but_moves_no_goalpost():
    life = Life(memory()).in_monitoring()
    rows = len(life.journal.content(life.table.in_force)["indicators"])
    assert (moved(life, life.table.id, 1), moved(life, life.table.id)) == ((), [0, rows, 0, rows])
    revised = opened(life=life)
    changed(revised.second, indicators=with_a_lower_target(life)[0], budget=more_money(revised.second))
    table = replied(Revised(life, through_the_chain(revised.second))).first.table
    assert moved(life, table.id) == [0, rows, 1, rows]


def with_a_lower_target(life: Life) -> tuple[list[dict], str]:
    """The rows in force, the first target of the kind ≥ lowered to 1, and that row's ID."""
    content = life.journal.content(life.table.in_force)
    first = next(row for row in content["indicators"] if row["target"]["op"] == ">=")
    lower = {**first, "target": {**first["target"], "raw": "≥1", "value": "1", "unit": first["target"]["unit"]}}
    return [lower if row["id"] == first["id"] else row for row in content["indicators"]], first["id"]


def moved(life: Life, table: UUID, until: int | None = None) -> list[int]:
    """What the statistics count of a table's moved goalposts."""
    return tally_of(table, life.journal.history(table)[:until], life.journal.content).moved
