"""N5: a revision walks the chain again while the approved version stays in force; what is read is what was in force then."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from tests.support import roster
from tests.support.life import Life, memory
from workflows.commands import adjusting, drafting, ending, evaluating, monitoring
from workflows.commands.recipe import Seen
from workflows.errors import FieldsInvalid, NotAllowed, NotOpenNow
from workflows.folds.replay import Table, replay
from workflows.state.revisions import Trigger
from workflows.vocabulary import SYSTEM, Action, Stage


@dataclass
class Revised:
    """A table in monitoring and the revision that was opened of it."""

    first: Life
    second: Life

    def parent(self) -> Table:
        return self.first.journal.lock_table(self.first.table.id)


def seen(table: Table) -> Seen:
    return Seen(table.version, table.content_hash)


def opened(trigger: Trigger = Trigger.BUDGET, life: Life | None = None) -> Revised:
    life = life or Life(memory()).in_monitoring()
    life.table = adjusting.open_revision(
        life.journal, life.table.id, seen=life.seen(), by=roster.CLERK, command_id=uuid4(), trigger=trigger,
        reason="预算追加，目标随资金调整",
    )  # fmt: skip
    return Revised(life, Life(life.journal, life.journal.lock_table(UUID(life.table.revision))))


def changed(life: Life, **news) -> Life:
    """Keep a draft with some fields otherwise and every warning explained."""
    draft = drafting.content_in_work(life.journal, life.table)
    content = {**draft.content, **news}
    found = drafting.findings_of(life.journal, life.table, content)
    content["explanations"] = {drafting.finding_key(f): "已核实，情况属实" for f in found if f.severity == "W"}
    drafting.save_draft(
        life.journal, life.table.id, seen=life.seen(), draft_version=draft.version, content=content,
        reasons={"": "随预算调整"}, by=roster.CLERK, command_id=uuid4(),
    )  # fmt: skip
    return life


def more_money(life: Life) -> dict[str, object]:
    """Twice the money, in every part."""
    budget = drafting.content_in_work(life.journal, life.table).content["budget"]
    return {name: str(float(value) * 2) if value else value for name, value in budget.items()}


def through_the_chain(life: Life) -> Life:
    life.submitted().approved(roster.UNIT_HEAD).approved(roster.DEPARTMENT_FINANCE)
    return life.approved(roster.FINANCE_BUSINESS).approved(roster.FINANCE_PERFORMANCE)


def replied(revised: Revised, doc_no: str = "清财预调〔2026〕1号") -> Revised:
    life = revised.second
    life.table = adjusting.reply_to_revision(
        life.journal, life.table.id, seen=life.seen(), by=roster.FINANCE_BUDGET, command_id=uuid4(), doc_no=doc_no
    )
    revised.first.table = revised.parent()
    return revised


def test_the_approved_version_stays_in_force_until_the_reply_to_its_revision():
    revised = opened()
    before = revised.first.table.in_force
    changed(revised.second, budget=more_money(revised.second))
    through_the_chain(revised.second)
    assert (revised.parent().in_force, revised.parent().stage) == (before, Stage.MONITORING)
    replied(revised)
    parent, child = revised.parent(), revised.second.table
    assert (parent.in_force, parent.content_hash, parent.revision) == (child.content_hash, child.content_hash, "")
    assert (child.stage, child.desks, child.in_force) == (Stage.CLOSED, (), None)
    assert [(each.number, each.content_hash) for each in parent.versions] == [(0, before), (1, child.content_hash)]
    for table in (parent, child):
        assert replay(table.id, revised.first.journal.history(table.id)) == table


def test_one_open_revision_at_a_time_and_the_next_gets_the_next_number():
    revised = opened()
    with pytest.raises(NotAllowed) as refused:
        opened(life=revised.first)
    assert refused.value.rule == "G-REVISION"
    changed(revised.second, budget=more_money(revised.second))
    replied(Revised(revised.first, through_the_chain(revised.second)))
    again = opened(life=revised.first)
    assert again.second.table.revision_number == 2


def test_after_the_cut_off_the_unit_opens_no_revision():
    life = Life(memory()).in_monitoring().on("2026-11-01")
    with pytest.raises(NotOpenNow) as refused:
        opened(life=life)
    assert refused.value.rule == "G-CUTOFF"
    assert life.journal.lock_table(life.table.id).version == life.table.version


def test_on_the_last_day_it_does():
    assert opened(life=Life(memory()).in_monitoring().on("2026-10-31")).second.table.stage == Stage.DRAFT


@pytest.mark.parametrize("trigger", [Trigger.BUDGET, Trigger.POLICY])
def test_a_revision_must_hold_what_its_reason_says(trigger):
    life = changed(opened(trigger).second, purpose="改为采购同类设备")
    with pytest.raises(FieldsInvalid) as refused:
        life.submitted()
    assert refused.value.facts["rule"] == "G-TRIGGER"


def test_a_revision_of_content_leaves_the_money_alone():
    life = opened(Trigger.SCOPE).second
    with pytest.raises(FieldsInvalid) as refused:
        changed(life, budget=more_money(life)).submitted()
    assert refused.value.facts["rule"] == "G-TRIGGER"


def test_weights_are_frozen_by_the_reply_unless_the_indicators_change():
    life = opened().second
    rows = [dict(row) for row in drafting.content_in_work(life.journal, life.table).content["indicators"]]
    first, second = [row for row in rows if row["level1"] == rows[0]["level1"]][:2]
    first["weight"], second["weight"] = str(float(first["weight"]) + 1), str(float(second["weight"]) - 1)
    with pytest.raises(FieldsInvalid) as refused:
        changed(life, budget=more_money(life), indicators=rows).submitted()
    assert refused.value.facts["rule"] == "G-WEIGHTS"


def test_monitoring_reads_the_version_that_was_in_force_on_the_day_of_its_window():
    life = Life(memory()).in_monitoring().window_opened()
    before = life.table.in_force
    revised = opened(life=life.on("2026-10-20"))
    changed(revised.second, budget=more_money(revised.second))
    replied(Revised(life, through_the_chain(revised.second)))
    first, *later = life.table.windows
    assert life.table.in_force_on(first.date) == before
    assert life.table.in_force_on("2026-10-19") == before
    assert life.table.in_force_on("2026-10-20") == revised.second.table.content_hash
    figures = {"executed": "0", "rows": {}}
    old = monitoring.measure_window(life.journal, life.table, first, figures)
    assert old.execution_rate is not None
    assert [window.date > first.date for window in later] == [True] * len(later)


def test_the_year_does_not_end_over_an_open_revision():
    revised = opened()
    life = revised.first.on(revised.first.table.self_evaluation_opens)
    with pytest.raises(NotAllowed) as refused:
        evaluating.open_self_evaluation(
            life.journal, life.table.id, seen=life.seen(), by=SYSTEM, command_id=uuid4()
        )
    assert refused.value.rule == "G-REVISION"


def test_a_revision_that_the_unit_gives_up_frees_the_table():
    revised = opened()
    life = revised.second
    life.table = ending.ask_to_end(
        life.journal, life.table.id, action=Action.VOID, seen=life.seen(), by=roster.CLERK, command_id=uuid4(),
        reason="预算不再追加，撤销调整",
    )  # fmt: skip
    life.table = ending.confirm_ending(
        life.journal, life.table.id, seen=life.seen(), by=roster.UNIT_HEAD, command_id=uuid4()
    )
    history = revised.first.journal.history(revised.first.table.id)
    assert (history[-1].kind, revised.parent().revision, life.table.stage) == ("revision.abandoned", "", Stage.VOIDED)
    revised.first.table = revised.parent()
    assert opened(life=revised.first).second.table.revision_number == 2


def test_repeating_a_command_opens_and_replies_once():
    life = Life(memory()).in_monitoring()
    command, at = uuid4(), life.seen()
    said = {"by": roster.CLERK, "command_id": command, "trigger": Trigger.BUDGET, "reason": "预算追加，目标随资金调整"}
    first = adjusting.open_revision(life.journal, life.table.id, seen=at, **said)
    again = adjusting.open_revision(life.journal, life.table.id, seen=at, **said)
    assert (first, len(life.journal.history(UUID(first.revision)))) == (again, 2)


def test_a_revision_is_not_replied_to_as_a_new_table():
    revised = opened()
    changed(revised.second, budget=more_money(revised.second))
    life = through_the_chain(revised.second)
    with pytest.raises(NotAllowed) as refused:
        life.replied()
    assert refused.value.rule == "G-REVISES"
