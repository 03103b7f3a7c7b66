"""Pre-review against the same project's table of the year before and what it reached (V-H)."""

import re
from decimal import Decimal

from workflows.content.quantities import Unlike, measured, target_of
from workflows.content.targets import Way, direction
from workflows.findings.finding import Case, Hit, Hits, Row, number_of, raw_of
from workflows.findings.wording import bare, share_said

FEW_ROWS = 2


def something_changed(case: Case) -> Hits:
    """V-H1: 绩效目标，或大多数指标与指标值，与上年完全相同。"""
    before = case.around.last_year
    if before is None:
        return
    if case.goals and [*map(bare, case.goals)] == [*map(bare, before["goals"])]:
        yield Hit("/goals", "绩效目标与上年完全相同。", "请核对是否反映本年度的任务。")
    old = {_said(row) for row in before["indicators"]}
    same = sum(_said(row) in old for _, row in case.rows)
    enough = Decimal(100 * same) >= case.prereview.unchanged_share * len(case.rows)
    if len(case.rows) >= FEW_ROWS and enough:
        sentence = f"{len(case.rows)}行中有{same}行与上年完全相同。"
        yield Hit("/indicators", sentence, "请按本年度任务和上年实际调整指标值。")


def not_below_last_year(case: Case) -> Hits:
    """V-H2: 指标值低于同一指标上年实际达到的水平。"""
    before = case.around.last_year
    reached = {
        _name(row): case.around.actuals[row["id"]]
        for row in (before["indicators"] if before else ()) if row.get("id") in case.around.actuals
    }  # fmt: skip
    for at, row in case.rows:
        actual = reached.get(_name(row))
        if actual and number_of(row) is not None and _asks_for_less(row, actual):
            sentence = f"指标值“{raw_of(row)}”低于上年实际“{actual}”的水平。"
            yield Hit(f"{at}/target", sentence, "请提高指标值或说明理由。")


def no_poor_grade_unmended(case: Case) -> Hits:
    """V-H3: 同一项目以前年度的自评等级要求整改，整改销号、办结之前不得申报。"""
    title = bare(case.content["title"])
    renamed = (year for year, other in case.around.others_unmended if title and bare(other) == title)
    for year in (*case.around.unmended, *renamed):
        sentence = f"本项目{year}年度自评等级为“差”，整改尚未销号、办结。"
        yield Hit("/title", sentence, "请先完成整改并办结上一年度，再提交本表。")


def no_poor_grade_under_another_name(case: Case) -> Hits:
    """V-H4: 项目名称与本单位自评等级要求整改而尚未办结的项目相近。"""
    title = case.content["title"] or ""
    for year, other in case.around.others_unmended:
        near = max(share_said(title, other), share_said(other, title)) >= case.prereview.alike
        if near and bare(title) != bare(other):
            sentence = f"项目名称与{year}年度的“{other}”相近，该项目自评等级为“差”，整改尚未销号、办结。"
            yield Hit("/title", sentence, "请核对是否为同一项目；是同一项目的，先完成整改并办结。")


def _asks_for_less(row: Row, actual: str) -> bool:
    """Whether the target is easier than the actual; False where the two cannot be compared."""
    try:
        both = measured(row, actual)
    except Unlike:
        return False
    way = direction(target_of(row), row["level2"], row["level3"]).way
    return both.actual < both.target if way == Way.REVERSE else both.actual > both.target


def _name(row: Row) -> tuple[str, str]:
    return bare(row["level2"]), bare(row["level3"])


def _said(row: Row) -> tuple[str, str, str]:
    return (*_name(row), re.sub(r"\s+", "", raw_of(row)))
