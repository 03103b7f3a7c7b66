"""How a clerk answers the pre-review: each blocking finding corrected with a reason, each warning explained."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from service.year.refusals import YearStuck
from service.year.rows_added import row_for
from workflows.content.targets import parse_target
from workflows.findings import Finding, review
from workflows.findings.money import PARTS, amount
from workflows.measures.weights import propose_weights
from workflows.packs import Pack
from workflows.surroundings import ALONE, Surroundings

MOST_ROUNDS = 6
MARKS = ("公开", "内部")


@dataclass
class Paper:
    """A table's content on the clerk's desk, with the reasons given so far by JSON pointer (rows by their id)."""

    content: dict[str, Any]
    year: int
    pack: Pack
    around: Surroundings = ALONE
    reasons: dict[str, str] = field(default_factory=dict)

    def findings(self, severity: str) -> tuple[Finding, ...]:
        """Return what the pre-review says of one severity."""
        found = review(self.content, fiscal_year=self.year, pack=self.pack, around=self.around)
        return tuple(finding for finding in found if finding.severity == severity)

    def row_at(self, pointer: str) -> dict[str, Any]:
        """Return the indicator row that a finding's pointer names by its place."""
        row: dict[str, Any] = self.content["indicators"][int(pointer.split("/")[2])]
        return row

    def because(self, row: Mapping[str, Any], reason: str) -> None:
        """Note a reason for everything changed in a row."""
        self.reasons[f"/indicators/{row['id']}"] = reason


def corrected(content: Mapping[str, Any], *, year: int, pack: Pack, around: Surroundings = ALONE) -> Paper:
    """Return the content as it can be submitted, with reasons; YearStuck names a finding that nobody could resolve."""
    paper = Paper(deepcopy(dict(content)), year, pack, around)
    for _ in range(MOST_ROUNDS):
        blocking = paper.findings("B")
        if not blocking:
            return _explained(paper)
        for finding in sorted(blocking, key=_last_what_follows_from_the_rest):
            _answer(paper, finding)
    left = "；".join(f"{finding.rule} {finding.pointer} {finding.sentence}" for finding in paper.findings("B"))
    raise YearStuck(f"《{content['title']}》有无法自动更正的机审问题：{left}")


def _last_what_follows_from_the_rest(finding: Finding) -> bool:
    return finding.rule in ("V-W1", "V-X2")


def _answer(paper: Paper, finding: Finding) -> None:
    answer = ANSWERS.get(finding.rule)
    if answer is None:
        raise YearStuck(f"没有更正办法的机审规则：{finding.rule} {finding.pointer} {finding.sentence}")
    answer(paper, finding)


def _explained(paper: Paper) -> Paper:
    explained: dict[str, str] = dict(paper.content.get("explanations") or {})
    for finding in paper.findings("W"):
        key = f"{finding.rule}@{finding.pointer}"
        explained.setdefault(key, f"已核对（{finding.sentence.rstrip('。')}）：按项目实际情况填报，依据留存备查。")
    paper.content["explanations"] = explained
    paper.reasons["/explanations"] = "对机审提示逐条说明"
    return paper


def _fill_cell(paper: Paper, finding: Finding) -> None:
    """V-C1: an empty cell that the form demands."""
    parts = finding.pointer.strip("/").split("/")
    if parts[0] == "indicators" and len(parts) > 2:
        return _complete_row(paper, paper.row_at(finding.pointer))
    if parts[0] == "indicators":
        return _add_rows(paper, [(level.name, level.level2[0].name) for level in paper.pack.tree if level.level2])
    fill: dict[str, Any] = {
        "title": paper.content.get("purpose") or "年度重点工作经费",
        "goals": ["完成年度预算安排的各项工作任务。"],
        "purpose": "用于完成年度预算安排的各项工作任务。",
    }
    if parts == ["budget", "total"]:
        known = [amount(paper.content["budget"][name]) or Decimal(0) for name in PARTS]
        paper.content["budget"]["total"] = str(sum(known, Decimal(0)))
    elif parts[0] in fill:
        paper.content[parts[0]] = fill[parts[0]]
    paper.reasons[f"/{parts[0]}"] = "补充表式规定的必填内容"
    return None


def _complete_row(paper: Paper, row: dict[str, Any]) -> None:
    level = next((each for each in paper.pack.tree if row["level2"] in [two.name for two in each.level2]), None)
    level = level or paper.pack.tree[0]
    row["level1"] = row["level1"] or level.name
    row["level2"] = row["level2"] or level.level2[0].name
    example = row_for(row["level2"], paper.content, paper.year)
    row["level3"] = row["level3"] or example["level3"]
    if not (row["target"].get("raw") or "").strip():
        row["target"] = example["target"]
    paper.because(row, "补全指标名称和指标值")


def _missing_classes(paper: Paper, _finding: Finding) -> None:
    """V-C2, V-C3: classes of indicators that the pack demands."""
    present = {row["level2"] for row in paper.content["indicators"]}
    needed = {two.name for level in paper.pack.tree for two in level.level2 if two.required}
    needed |= set(paper.pack.review.quantity_and_quality)
    pairs = [
        (level.name, two.name) for level in paper.pack.tree for two in level.level2
        if two.name in needed and two.name not in present
    ]  # fmt: skip
    _add_rows(paper, pairs)


def _missing_benefit(paper: Paper, _finding: Finding) -> None:
    """V-C4: no row that states an effect."""
    level = next(level for level in paper.pack.tree if level.benefit)
    social = next((two.name for two in level.level2 if "社会" in two.name), level.level2[0].name)
    _add_rows(paper, [(level.name, social)])


def _add_rows(paper: Paper, pairs: list[tuple[str, str]]) -> None:
    rows = paper.content["indicators"]
    present = {(row["level1"], row["level2"]) for row in rows}
    taken = {row["id"] for row in rows}
    names = (f"r{number}" for number in range(1, 10_000) if f"r{number}" not in taken)
    for level1, level2 in pairs:
        if (level1, level2) not in present:
            row = {**row_for(level2, paper.content, paper.year), "level1": level1, "level2": level2, "id": next(names)}
            rows.append(row)
            paper.because(row, f"按机审要求补充{level2}")


def _parts_to_total(paper: Paper, finding: Finding) -> None:
    """V-M1: the total follows from its printed parts."""
    block = paper.content[finding.pointer.split("/")[1]]
    known = [amount(block[name]) for name in PARTS]
    block["total"] = str(sum((part for part in known if part is not None), Decimal(0)))
    paper.reasons[finding.pointer] = "按各项资金来源核对更正总额"


def _clear_amount(paper: Paper, finding: Finding) -> None:
    """V-M6: text in an amount cell."""
    *way, last = finding.pointer.strip("/").split("/")
    cell = paper.content
    for step in way:
        cell = cell[step]
    cell[last] = None
    paper.reasons[finding.pointer] = "该栏误填文字，已清空"


def _even_plan(paper: Paper, _finding: Finding) -> None:
    """V-P1: a spending plan that falls or does not end at 100."""
    plan = paper.content["spending_plan"]
    for number, step in enumerate(plan, 1):
        step["cumulative_percent"] = str((Decimal(100 * number) / len(plan)).quantize(Decimal("0.01")))
    paper.reasons["/spending_plan"] = "按累计数重新填写支出计划"


def _possible_target(paper: Paper, finding: Finding) -> None:
    """V-T6: a rate over 100 %, a count below zero."""
    row = paper.row_at(finding.pointer)
    value = Decimal(row["target"]["value"])
    raw = "100%" if value >= 0 else row["target"]["raw"].replace("-", "")
    row["target"] = _target(raw)
    paper.because(row, "更正不可能达到的指标值")


def _fitting_unit(paper: Paper, finding: Finding) -> None:
    """V-U1: a rate in pieces, a count in percent."""
    row = paper.row_at(finding.pointer)
    counted = row["level3"].endswith(tuple(paper.pack.prereview.asks_for_count if paper.pack.prereview else ()))
    row["target"] = _target("≥1次" if counted else "≥90%")
    paper.because(row, "更正与指标名称不符的计量单位")


def _date_into_the_year(paper: Paper, finding: Finding) -> None:
    """V-D1: a date outside of the fiscal year."""
    row = paper.row_at(finding.pointer)
    printed = row["target"]["value"][:4]
    row["target"] = _target(row["target"]["raw"].replace(printed, str(paper.year)))
    paper.because(row, "日期更正为本预算年度")


def _take_proposed_weights(paper: Paper, _finding: Finding) -> None:
    """V-W1: the weights that the pack proposes."""
    weights = propose_weights(paper.content, paper.pack)
    for row in paper.content["indicators"]:
        row["weight"] = str(weights[row["id"]])
        paper.reasons[f"/indicators/{row['id']}/weight"] = "采用规则包建议的分值"


def _mark(paper: Paper, _finding: Finding) -> None:
    """V-X2: 内部 where the pre-review found words that ask for it, 公开 otherwise."""
    sensitive = any(finding.rule == "V-X1" for finding in paper.findings("W"))
    paper.content["disclosure"] = MARKS[sensitive]
    paper.reasons["/disclosure"] = "文中有敏感用语，先按内部处理" if sensitive else "经核对，不涉及不宜公开的内容"


def _target(raw: str) -> dict[str, Any]:
    read = parse_target(raw)
    return {"raw": raw, "op": read.op, "value": read.value, "unit": read.unit}


ANSWERS: Mapping[str, Callable[[Paper, Finding], None]] = {
    "V-C1": _fill_cell,
    "V-C2": _missing_classes,
    "V-C3": _missing_classes,
    "V-C4": _missing_benefit,
    "V-M1": _parts_to_total,
    "V-M6": _clear_amount,
    "V-P1": _even_plan,
    "V-T6": _possible_target,
    "V-D1": _date_into_the_year,
    "V-U1": _fitting_unit,
    "V-W1": _take_proposed_weights,
    "V-X2": _mark,
}
"""The one place that says how a clerk answers a blocking rule."""


def reweighted(content: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the content with half a point moved inside one class, and the reasons: what a return asked for."""
    changed = deepcopy(dict(content))
    for giver in changed["indicators"]:
        partners = [
            row for row in changed["indicators"]
            if row is not giver and row["level1"] == giver["level1"] and Decimal(row["weight"]) >= 1
        ]  # fmt: skip
        if partners and Decimal(giver["weight"]) >= 1:
            moved = Decimal("0.50")
            giver["weight"] = str(Decimal(giver["weight"]) - moved)
            partners[0]["weight"] = str(Decimal(partners[0]["weight"]) + moved)
            reason = "按规划财务处退回意见调整分值"
            return changed, {f"/indicators/{row['id']}/weight": reason for row in (giver, partners[0])}
    changed["explanations"] = {**changed["explanations"], "return": "已按退回意见核对，各指标分值不作调整。"}
    return changed, {"/explanations/return": "答复规划财务处退回意见"}
