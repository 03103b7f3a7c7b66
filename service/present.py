"""How values are shown: words in the reader's language, Beijing time, percentages, due dates, the rows of the form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import groupby
from typing import Any

from flask import Flask, g
from flask_babel import get_locale
from flask_babel import gettext as _

from service.organ_book import organs
from workflows.content.targets import Target, parse_target
from workflows.content.two_columns import two_columns
from workflows.errors import GoaltrailError
from workflows.organs import OrganTree
from workflows.store.top_bar import ENOUGH
from workflows.vocabulary import Grade, Stage, Word

BEIJING = timezone(timedelta(hours=8), "CST")
SIGNS = {">=": "≥", "<=": "≤", ">": "＞", "<": "＜", "=": "＝"}
STAGE_TAGS = {
    Stage.DRAFT: "", Stage.UNIT_REVIEW: "blue", Stage.DEPARTMENT_REVIEW: "blue", Stage.FINANCE_APPROVAL: "blue",
    Stage.MONITORING: "green", Stage.SELF_EVALUATION: "green", Stage.CLOSED: "", Stage.REFUSED: "red",
    Stage.VOIDED: "red", Stage.TERMINATED: "red",
}  # fmt: skip
COLOURS = {"green": "绿", "yellow": "黄", "purple": "紫", "red": "红"}
SEVERITIES = {"B": "必须改正", "W": "提示", "I": "供参考"}
SCOPES = {"project": "项目", "unit": "单位整体", "department": "部门整体"}
FAMILIES = {
    "hebei-special-fund": "河北·专项资金", "hebei-project": "河北·部门项目", "ningxia-county-project": "宁夏·县级项目",
    "henan-unit": "河南·单位整体", "ningxia-region-project": "宁夏·区级项目",
    "national-project": "全国·项目支出", "national-unit": "全国·整体支出",
}  # fmt: skip


def install(app: Flask) -> None:
    """Give the filters to the templates."""
    filters = (
        word, grade, moment, second, ago, day, due, stage_tag, stage_name, colour, severity, by_severity, scope, family,
        percent, problem, parsed, unread, many, spoken,
    )  # fmt: skip
    app.jinja_env.filters.update({each.__name__: each for each in filters})
    app.jinja_env.globals.update(organ_name=organ_name, two_columns_of=two_columns)


def word(value: Word) -> str:
    """Return a word of the trade in the reader's language."""
    locale = get_locale()
    return value.english if locale is not None and locale.language == "en" else value.chinese


def spoken(sentence: str) -> str:
    """Return a rule's sentence in the reader's language, as it is where the catalogue does not know it."""
    return str(_(sentence))


def grade(code: str) -> str:
    """Return the printed grade of its code."""
    return word(Grade(code))


def many(count: int) -> str:
    """Return a count as it is printed: exact up to where the counts above the pages end, "1000+" beyond."""
    return str(count) if count <= ENOUGH else f"{ENOUGH}+"


def organ_name(organ: str) -> str:
    """Return an organ's name, its ID where the roster has none; on a page of a past moment the name of that moment."""
    if "organs_then" in g:
        then: OrganTree = g.organs_then
        return then.spoken(organ)
    return organs().names.get(organ, organ)


def show_organs_of(at: datetime) -> None:
    """Let this request call organs what they were called at a moment."""
    g.organs_then = organs().then(at)


def moment(value: datetime | str | None) -> str:
    """Return a moment as minutes in Beijing: 2026-03-31 16:05."""
    return _beijing(value).strftime("%Y-%m-%d %H:%M") if value else ""


def second(value: datetime | str | None) -> str:
    """Return a moment as seconds in Beijing: 2026-03-31 16:05:09."""
    return _beijing(value).strftime("%Y-%m-%d %H:%M:%S") if value else ""


def ago(value: datetime, now: datetime) -> str:
    """Return how long ago a real moment was, in the one unit that fits: 12 秒前, 3 分钟前, 5 小时前, 2 天前."""
    seconds = max(0, int((now - value).total_seconds()))
    for length, name in ((86400, _("天前")), (3600, _("小时前")), (60, _("分钟前"))):
        if seconds >= length:
            return f"{seconds // length} {name}"
    return f"{seconds} {_('秒前')}"


def day(value: datetime | str | None) -> str:
    """Return the day of a moment in Beijing."""
    return _beijing(value).strftime("%Y-%m-%d") if value else ""


def _beijing(value: datetime | str) -> datetime:
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.astimezone(BEIJING)


def due(value: datetime | str | None, now: datetime) -> str:
    """Return how far a due moment is: 还有3天, 今天到期, 逾期2天 (calendar days in Beijing)."""
    if not value:
        return ""
    days = (_beijing(value).date() - now.astimezone(BEIJING).date()).days
    if _beijing(value) < now.astimezone(BEIJING):
        return str(_("已逾期") if days == 0 else _("逾期%(days)d天", days=-days))
    return str(_("今天到期") if days == 0 else _("还有%(days)d天", days=days))


def stage_tag(stage: Stage | str) -> str:
    """Return the colour class of a stage's tag."""
    return STAGE_TAGS[Stage(stage)]


def stage_name(stage: Stage | str) -> str:
    """Return a stage's name."""
    return word(Stage(stage))


def colour(code: str | None) -> str:
    """Return the printed warning colour of its code."""
    return str(_(COLOURS[code])) if code in COLOURS else code or ""


def severity(code: str) -> str:
    """Return what a finding's severity asks of the person."""
    return str(_(SEVERITIES[code]))


def by_severity(findings: Sequence[Mapping[str, str]]) -> list[tuple[str, list[Mapping[str, str]]]]:
    """Return findings shown by their severity, blocking ones first; a severity that none has is left out."""
    ordered = sorted(findings, key=lambda each: [*SEVERITIES].index(each["severity"]))
    return [(code, [*group]) for code, group in groupby(ordered, key=lambda each: each["severity"])]


def scope(code: str) -> str:
    """Return what a table covers."""
    return str(_(SCOPES.get(code, code)))


def family(code: str) -> str:
    """Return the printed name of a document family."""
    return str(_(FAMILIES.get(code, code)))


def percent(value: object) -> str:
    """Return a percentage, or a dash where there is none."""
    return "—" if value is None or value == "" else f"{value}%"


def problem(found: object) -> str:
    """Return the sentence of one thing to fill or mend."""
    return str(getattr(found, "sentence", found))


def parsed(target: Mapping[str, str | None]) -> str:
    """Return what the machine read in a printed target: ≥ 80%, or empty where it is a text."""
    op, value, unit = target["op"], target["value"], target["unit"]
    if not value:
        return ""
    return f"{SIGNS.get(op or '', '')} {value}{'' if unit in (None, 'date') else unit}"


def unread(target: Mapping[str, str | None]) -> str:
    """Return how a target without one number is judged: by words, or by hand where it prints several numbers.

    Nothing is said of an empty one.
    """
    if not target["raw"]:
        return ""
    several = any(sign.isdigit() for sign in target["raw"] or "")
    return str(_("人工评定") if several else _("定性"))


def target_json(raw: str) -> dict[str, str | None]:
    """Parse a typed target into the four fields that a content keeps."""
    target: Target = parse_target(raw)
    return {"raw": target.raw, "op": target.op, "value": target.value, "unit": target.unit}


@dataclass(frozen=True)
class Span:
    """An indicator row with how many rows its first and second level cover; 0 where an earlier row covers them."""

    row: Mapping[str, Any]
    number: int
    level1: int
    level2: int


def spans(rows: Sequence[Mapping[str, Any]]) -> list[Span]:
    """Return the rows of the official form with the row spans of the two upper levels."""
    shown: list[Span] = []
    for _level1, first in groupby(rows, key=lambda row: row["level1"]):
        whole = list(first)
        heights = [len(list(part)) for _level2, part in groupby(whole, key=lambda row: row["level2"])]
        starts = {sum(heights[:place]): height for place, height in enumerate(heights)}
        for place, row in enumerate(whole):
            shown.append(Span(row, len(shown) + 1, 0 if place else len(whole), starts.get(place, 0)))
    return shown


def facts_shown(refusal: GoaltrailError) -> list[str]:
    """Return the sentences of all problems and findings that a refusal carries."""
    found: Sequence[object] = refusal.facts.get("problems") or refusal.facts.get("findings") or ()  # type: ignore[assignment]
    return [problem(each) for each in found]
