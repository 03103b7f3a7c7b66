"""N12: a year's tables judged by two packs, per table and in sum; nothing is written, and the same pack differs in nothing."""

import copy
from decimal import Decimal

import pytest

from service.pack_replays import case_of, replayed, rules_of
from tests.support.life import Life, memory
from tests.support.many_events import whole_life
from workflows.pack_replay import Compared, compared, judged, summed
from workflows.packs import pack_content


def changed(**places):
    """The pack of the sample's family with places (section__item…) changed."""
    content = copy.deepcopy(pack_content("ningxia-county"))
    content["version"] += 1
    for place, value in places.items():
        *steps, last = [int(step) if step.isdigit() else step for step in place.split("__")]
        here = content
        for step in steps:
            here = here[step]
        here[last] = value
    return rules_of(content)


SHIPPED = rules_of(pack_content("ningxia-county"))


@pytest.fixture(scope="module")
def life() -> Life:
    return whole_life()


def replay(life, new) -> Compared:
    (found,) = replayed(life.journal, [life.table], SHIPPED, new)
    return found


def told(found):
    return {each.what: (each.old, each.new) for each in found.differences}


def test_the_same_pack_differs_in_nothing_and_nothing_is_written(life):
    before = {stream: len(log) for stream, log in life.journal.streams.items()}, len(life.journal.contents)
    found = replay(life, SHIPPED)
    assert (found.differences, found.old) == ((), found.new)
    assert ({stream: len(log) for stream, log in life.journal.streams.items()}, len(life.journal.contents)) == before


def test_under_its_own_pack_the_replay_gives_what_was_recorded(life):
    found = judged(case_of(life.journal, life.table), SHIPPED)
    assert (str(found.total), found.grade) == (life.table.evaluation.total, life.table.evaluation.grade)
    assert found.colours == {each.window: each.colour for each in life.table.windows if each.colour}
    assert not found.blocked


def test_other_points_for_the_execution_move_total_and_proposals(life):
    found = replay(life, changed(execution__weight="20", tree__level1__0__weight="40"))
    assert found.new.total != found.old.total
    assert "自评总分" in told(found)
    assert sum(found.new.weights.values(), Decimal(20)) == 100
    assert found.new.total <= 100, "its own points would make 110 with 20 for the execution: so by the proposed ones"


def test_other_bands_move_the_grade_alone(life):
    found = replay(life, changed(bands__grades__0__from="99.99"))
    assert told(found) == {"自评等级": ("优", "良")}


def test_other_thresholds_move_the_colour(life):
    rate, planned = (Decimal(each) for each in ("60.61", life.table.windows[0].planned_percent))
    found = replay(life, changed(colours__yellow_below=str(rate - planned + 5), colours__red_below="-99"))
    assert told(found) == {f"监控颜色（{life.table.windows[0].name}）": ("绿", "黄")}


def test_a_rule_that_finds_more_is_named_with_its_place():
    draft = Life(memory()).in_unit_review()
    found = compared(case_of(draft.journal, draft.table), SHIPPED, changed(review_rules__satisfaction_level=None, appraisal__threshold="1"))
    assert found.old.total is None
    assert found.differences == (), "no new project, and it has its satisfaction row"
    stricter = changed(required__fields=["title", "budget.total", "goals", "indicators", "project_code"])
    assert told(compared(case_of(draft.journal, draft.table), SHIPPED, stricter)) == {"V-C1 项目编码": ("无此意见", "必须改正")}


def test_tables_of_other_packs_are_left_out_and_sums_stand_side_by_side(life):
    assert replayed(life.journal, [life.table], rules_of(pack_content("henan-unit")), SHIPPED) == []
    sums = {each.what: (each.old, each.new) for each in summed([replay(life, changed(bands__grades__0__from="99.99"))])}
    assert (sums["自评等级“优”"], sums["自评等级“良”"]) == (("1", "0"), ("0", "1"))
    assert sums["监控“绿”"] == ("1", "1")
    assert sums["自评平均分"] == (life.table.evaluation.total,) * 2
