"""Domain 7: self-evaluation reads what was in force on 31 December; monitoring what was on the window's day."""

import pytest

from tests.support import roster
from tests.support.life import Life, memory
from tests.workflows.test_adjusting import Revised, changed, more_money, opened, replied, through_the_chain
from workflows.commands import drafting
from workflows.commands.evaluating import contents_until, score_evaluation
from workflows.commands.printing import paper_of
from workflows.measures.target_moves import earlier_targets
from workflows.printing import FormKind
from workflows.printing.evaluation_form import evaluation_form


def revised_on(day: str) -> Revised:
    """A revision opened before the cut-off that raised one target and doubled the money, replied to on a day."""
    revised = opened(life=Life(memory()).in_monitoring().on("2026-10-30"))
    draft = revised.second
    content = drafting.content_in_work(draft.journal, draft.table).content
    rows = [dict(row) for row in content["indicators"]]
    rows[0]["target"] = {**rows[0]["target"], "raw": "≥7次", "op": ">=", "value": "7", "unit": "次"}
    changed(draft, indicators=rows, budget=more_money(draft))
    through_the_chain(draft)
    draft.on(day)
    return replied(Revised(revised.first, draft))


@pytest.mark.parametrize(("day", "counts"), [("2026-12-31", "new"), ("2027-01-02", "old")])
def test_the_self_evaluation_is_about_what_was_in_force_on_the_last_day_of_the_year(day, counts):
    table = revised_on(day).first.table
    old, new = (each.content_hash for each in table.versions)
    assert (table.in_force, table.evaluated) == (new, {"old": old, "new": new}[counts])


def test_its_money_is_that_versions_money():
    life = revised_on("2027-01-02").first
    old = life.journal.content(life.table.versions[0].content_hash)["budget"]["total"]
    assert score_evaluation(life.journal, life.table, {"rows": {}, "executed": old}).execution_rate == 100


def test_old_and_new_target_stand_side_by_side_where_a_revision_changed_it():
    life = revised_on("2026-12-31").first
    old = life.journal.content(life.table.versions[0].content_hash)["indicators"]
    earlier = earlier_targets(contents_until(life.journal, life.table))
    assert earlier == {row["id"]: () for row in old} | {old[0]["id"]: (old[0]["target"]["raw"],)}


def test_a_revision_after_the_year_is_no_earlier_target():
    life = revised_on("2027-01-02").first
    assert set(earlier_targets(contents_until(life.journal, life.table)).values()) == {()}


def test_the_printed_form_says_both():
    life = revised_on("2026-12-31").first
    old = life.journal.content(life.table.versions[0].content_hash)["indicators"][0]["target"]["raw"]
    paper = paper_of(life.journal, life.table, FormKind.EVALUATION, reader=roster.UNIT_HEAD, organs={})
    assert f"≥7次\\n（调整前：{old}）" in str(evaluation_form(paper))


def test_a_window_is_about_what_was_in_force_on_its_own_day():
    life = Life(memory()).in_monitoring().window_opened()
    before, window = life.table.in_force, life.table.windows[0]
    revised = opened(life=life.on("2026-10-20"))
    changed(revised.second, budget=more_money(revised.second))
    table = replied(Revised(life, through_the_chain(revised.second))).first.table
    assert (table.watched(window), table.in_force == before) == (before, False)
