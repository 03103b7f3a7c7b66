"""Last year's table as this year's draft: what is carried over, what stands beside each row, what has to be new."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workflows.findings.wording import bare
from workflows.state.standing import Table
from workflows.surroundings import actuals_of

Content = Mapping[str, Any]
Rows = Mapping[str, Mapping[str, Any]]
EVALUATED, MONITORED = "自评", "监控"
NEW_ATTRIBUTE = "新增"


@dataclass(frozen=True)
class Reached:
    """What an earlier table's rows reached, by row ID, and how it is known: by self-evaluation or by monitoring."""

    actuals: Mapping[str, str]
    known_by: str = ""


@dataclass(frozen=True)
class Before:
    """The earlier table that stands beside this one: its ID, year, content in force and what its rows reached."""

    table: str
    year: int
    content: Content
    reached: Reached


@dataclass(frozen=True)
class Beside:
    """What stands beside one row: last year's target and actual, whether the target is the same, the words too."""

    year: int
    target: str
    actual: str
    known_by: str
    unchanged: bool


@dataclass(frozen=True)
class ToChange:
    """One thing that has to be new this year: where (JSON pointer) and a sentence."""

    pointer: str
    sentence: str


def reached_by(table: Table) -> Reached:
    """Return what a table's rows reached: by its self-evaluation, else by the monitoring filed last."""
    if table.evaluation:
        return Reached(actuals_of(table.evaluation.figures), EVALUATED)
    filed = [window for window in table.windows if window.figures]
    newest = max(filed, key=lambda window: window.date, default=None)
    return Reached(actuals_of(newest.figures), f"{MONITORED}·{newest.name}") if newest else Reached({})


def carried_over(content: Content, *, table: str, since: int, year: int) -> dict[str, Any]:
    """Return a new draft from a content of the year `since`: rows with IDs and weights, each with its `origin`.

    Money, spending plan, second columns, explanations and the mark of disclosure are emptied; so are the project's term
    where it names a year, and the attribute where it says 新增. Goals, purpose and targets stay, to be looked at.
    """
    rows = [
        _new_row(row, number, {"table": table, "row": row["id"], "year": since})
        for number, row in enumerate(content["indicators"], 1)
    ]  # fmt: skip
    left_out = ("key_project", "allocated", "number")
    kept = {key: value for key, value in content.items() if key not in left_out}
    fresh = {
        "fiscal_year": year, "number": None, "indicators": rows, "disclosure": None, "explanations": {},
        "budget": dict.fromkeys(content["budget"]),
        "spending_plan": [{**point, "cumulative_percent": None} for point in content["spending_plan"]],
        "period": None if re.search("20[0-9]{2}", content.get("period") or "") else content.get("period"),
        "attribute": None if NEW_ATTRIBUTE in (content.get("attribute") or "") else content.get("attribute"),
    }  # fmt: skip
    details = content.get("budget_detail")
    if details:
        fresh["budget_detail"] = {group: dict.fromkeys(boxes) for group, boxes in details.items()}
    return {**kept, **fresh}


def _new_row(row: Mapping[str, Any], number: int, origin: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as it begins anew; what the filer chose about scoring goes along."""
    return {**row, "id": f"r{number}", "origin": dict(origin)}


def beside(content: Content, before: Before) -> dict[str, Beside]:
    """Return what stands beside each row that has one, by row ID: by its origin, else by class and name."""
    old: dict[str, Mapping[str, Any]] = {row["id"]: row for row in before.content["indicators"]}
    named = {_name(row): row for row in before.content["indicators"]}
    found: dict[str, Beside] = {}
    for row in content["indicators"]:
        earlier = _earlier(row, before, old) or (named.get(_name(row)) if bare(row["level3"]) else None)
        if earlier:
            found[row["id"]] = Beside(
                before.year, earlier["target"]["raw"] or "", before.reached.actuals.get(earlier["id"], ""),
                before.reached.known_by, _said(row) == _said(earlier),
            )  # fmt: skip
    return found


def _earlier(row: Mapping[str, Any], before: Before, old: Rows) -> Mapping[str, Any] | None:
    origin = row.get("origin") or {}
    return old.get(origin.get("row", "")) if origin.get("table") == before.table else None


def _name(row: Mapping[str, Any]) -> tuple[str, str]:
    return bare(row["level2"]), bare(row["level3"])


def _said(row: Mapping[str, Any]) -> tuple[str, str]:
    return bare(row["level3"]), re.sub(r"\s+", "", row["target"]["raw"] or "")


def must_change(content: Content, before: Before, year: int) -> tuple[ToChange, ...]:
    """Return what of a draft still reads as in the earlier year, or was emptied and waits; in the form's order."""
    return tuple(_to_change(content, before, year))


def _to_change(content: Content, before: Before, year: int) -> Iterator[ToChange]:
    if not content["budget"].get("total"):
        yield ToChange("/budget/total", f"按{year}年预算填写资金总额和来源。")
    if any(point["cumulative_percent"] is None for point in content["spending_plan"]):
        yield ToChange("/spending_plan/0", f"填写{year}年各时点的支出计划。")
    for name, label in (("attribute", "项目属性"), ("period", "项目期")):
        if before.content.get(name) and not content.get(name):
            yield ToChange(f"/{name}", f"重新填写{label}（上年为“{before.content[name]}”）。")
    if not content.get("disclosure"):
        yield ToChange("/disclosure", "选择公开属性。")
    yield from _texts_of_last_year(content, before, year)
    yield from _rows_of_last_year(content, before)


def _texts_of_last_year(content: Content, before: Before, year: int) -> Iterator[ToChange]:
    if content["goals"] and [*map(bare, content["goals"])] == [*map(bare, before.content["goals"])]:
        yield ToChange("/goals", f"绩效目标与{before.year}年完全相同，请按{year}年任务改写。")
    named = f"{before.year}年"
    if any(named in goal for goal in content["goals"]):
        yield ToChange("/goals", f"绩效目标中还写着“{named}”。")
    if named in (content.get("purpose") or ""):
        yield ToChange("/purpose", f"资金用途中还写着“{named}”。")


def _rows_of_last_year(content: Content, before: Before) -> Iterator[ToChange]:
    same = sum(each.unchanged for each in beside(content, before).values())
    if same:
        yield ToChange("/indicators", f"有{same}行的指标和指标值与{before.year}年完全相同，请按任务和上年实际调整。")
    named = f"{before.year}年"
    for row in content["indicators"]:
        if named in (row["target"]["raw"] or "") or f"{before.year}-" in (row["target"]["raw"] or ""):
            yield ToChange(f"/indicators/{row['id']}/target", f"“{row['level3']}”的指标值还写着“{named}”。")
