"""Pre-review of what goals and rows say of each other: counts, bounds, dates, the department's lists (V-R)."""

import re
from collections.abc import Sequence
from decimal import Decimal

from workflows.content.targets import parse_target
from workflows.findings.finding import Case, Hit, Hits, Row, number_of, raw_of
from workflows.findings.wording import Measure, bare, bounds_in, counts_in, share_said

DATE = re.compile(
    r"(?:(?P<year>20\d\d)\s*年)?\s*(?P<month>\d{1,2}\s*月)\s*(?P<rest>\d{1,2}\s*[日号]|底|末|[上中下]旬)?"
    r"\s*(?:前|之前|以前|内)?",
)
LISTED = 6
STOPS = "、，,。；; "


def department_lists_its_rows(case: Case) -> Hits:
    """V-R2: 部门分项目标所列的指标，对应的项目表中没有。"""
    own = {bare(row["level3"]) for _, row in case.rows}
    for item in (case.around.department or {}).get("itemised_goals") or ():
        listed = {bare(name): name for name in item.get("indicators") or ()}
        shared = [name for name in listed if name in own]
        missing = [printed.strip("。") for name, printed in listed.items() if name not in own]
        if missing and Decimal(100 * len(shared)) >= case.prereview.itemised_overlap * len(listed):
            names = "、".join(missing[:LISTED])
            sentence = f"部门分项目标“{item['title']}”所列指标本表没有：{names}。"
            yield Hit("/indicators", sentence, "请使分项目标与本表的指标一致。")


def counts_agree(case: Case) -> Hits:
    """V-R3: 目标中写的数量与同一事项的指标值不同。"""
    units = case.prereview.count_units
    for at, row in case.rows:
        own = counts_in(raw_of(row), units)
        goals = _goals_about(case, row) if own else ()
        named = [count for goal in goals for count in counts_in(goal, units)]
        for count in own:
            said = {each.number: each for each in named if each.unit == count.unit}
            if said and count.number not in said:
                printed = "、".join(each.printed for each in said.values())
                yield Hit(f"{at}/target", f"目标中写“{printed}”，此行为“{raw_of(row)}”。", "请使目标与指标值一致。")


def measurable_goals_have_rows(case: Case) -> Hits:
    """V-R4: 目标中写明可衡量的要求，没有对应的指标。"""
    for number, goal in enumerate(case.goals):
        for measure in bounds_in(goal, case.prereview.count_units):
            if not any(_measures(case, row, measure) for _, row in case.rows):
                sentence = f"目标中“…{measure.said[-18:].lstrip(STOPS)}”没有对应的指标。"
                yield Hit(f"/goals/{number}", sentence, "请增设指标，或修改目标。")


def dated_goals_have_dates(case: Case) -> Hits:
    """V-R5: 目标写明日期，对应的指标值只写“完成”。"""
    for at, row in case.rows:
        raw = raw_of(row)
        if re.search(r"\d", raw) or not any(word in raw for word in case.prereview.done_words):
            continue
        for goal in _goals_about(case, row):
            found = DATE.search(goal)
            if found:
                year = found["year"] or case.fiscal_year or ""
                day = parse_target(f"{year}年{found['month']}{found['rest'] or ''}").value
                better = f"请将指标值填为“≤{day}”一类的日期。" if day else "请将指标值填为日期。"
                yield Hit(f"{at}/target", f"目标写明“{found[0].strip()}”，指标值只写“{raw}”。", better)
                break


def rows_come_from_goals(case: Case) -> Hits:
    """V-R6: 可计数的指标在绩效目标中没有提到，或只在年度主要任务中提到。"""
    tasks = [line for task in case.content.get("tasks") or () for line in (task["name"], *task["content"])]
    for at, row in case.rows:
        if not case.goals or not counts_in(raw_of(row), case.prereview.count_units):
            continue
        said = max(share_said(row["level3"], goal) for goal in case.goals)
        only_task = said < case.prereview.alike and any(
            share_said(row["level3"], line) >= case.prereview.alike > said for line in tasks
        )
        if bare(row["level3"]) and (only_task or said == 0):
            where = "只在年度主要任务中" if only_task else "目标中"
            what = "，没有对应的绩效目标" if only_task else "没有提到"
            yield Hit(at, f"“{row['level3']}”{where}{what}。", "请在绩效目标中写明，或删去此指标。")


def _goals_about(case: Case, row: Row) -> Sequence[str]:
    """Return the goals that say most of the row's name, at least as much as the pack asks for."""
    shares = [(share_said(row["level3"], goal), goal) for goal in case.goals]
    most = max((share for share, _ in shares), default=Decimal(0))
    return [goal for share, goal in shares if share == most >= case.prereview.alike]


def _measures(case: Case, row: Row, measure: Measure) -> bool:
    """Whether a row measures what a goal bounds: the same number and unit, and a name that the goal's words say."""
    numbers = {(each.number, each.unit) for each in counts_in(raw_of(row), case.prereview.count_units)}
    number = number_of(row)
    if number is not None and "%" in raw_of(row).replace("％", "%"):
        numbers.add((number, "%"))
    unit = measure.unit.replace("％", "%")
    return (measure.number, unit) in numbers and share_said(row["level3"], measure.said) >= case.prereview.alike
