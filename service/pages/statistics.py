"""统计分析: whole-unit ratios, grades, colours over the year, return reasons, scores, patterns; each to drill into."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _

from service.context import person, transaction
from service.pages.charts import Chart, columns_of, percents_of, rows_of
from service.pages.posted import asked
from service.present import organ_name
from service.statistics_found import Found, found_now
from workflows.errors import NotFound
from workflows.measures.statistics import Line, aspect_of, score_heads, summed
from workflows.measures.tallies import PATTERNS
from workflows.measures.unit_loop import ABOVE, BELOW, DUE, NAMES
from workflows.measures.watch import Colour
from workflows.state.criteria import Criterion
from workflows.store.among import tables_among
from workflows.vocabulary import Grade

pages = Blueprint("statistics", __name__)
BLUE = "#1f5fa8"
GRADE_FILLS = ("#1a7f4b", "#1f5fa8", "#c98a00", "#c0392b")
COLOUR_FILLS = ("#1a7f4b", "#c98a00", "#7a3ea1", "#c0392b", "#9aa3ad")
REASON_HEADS = ("退回", "批注")
MOST = 500
MOST_BARS = 14
"""Organs that a picture shows; the table beside it shows all."""


@pages.get("/statistics")
def show() -> str:
    """Show the statistics of a year, by default the newest that has tables."""
    found = found_now()
    return render_template(
        "statistics.html", found=found, told=found.statistics, charts=charts_of(found), heads=heads_of(),
        names={"above": ABOVE, "below": BELOW, "due": DUE, "patterns": PATTERNS}, link=partial(_link, found),
        aspect=aspect_of, criterion=lambda code: Criterion(code).chinese, sums=_sums(found),
    )  # fmt: skip


def heads_of() -> dict[str, tuple[str, ...]]:
    """Return the heads of each kind of numbers."""
    return {
        "grades": tuple(each.chinese for each in Grade), "colours": (*(each.chinese for each in Colour), "未填报"),
        "reasons": REASON_HEADS, "scores": score_heads(),
    }  # fmt: skip


def charts_of(found: Found) -> dict[str, Chart | None]:
    """Return the pictures of the page."""
    told, heads = found.statistics, heads_of()
    reasons = [(Criterion(line.key).chinese, line.numbers) for line in told.reasons]
    windows = [(line.key.partition("（")[0], line.numbers) for line in told.colours]
    return {
        "loop": percents_of([(rate.name, rate.percent) for rate in found.loop], BLUE),
        "grades": rows_of(_bars(told.grades), GRADE_FILLS, heads["grades"]),
        "colours": rows_of(windows, COLOUR_FILLS, heads["colours"]),
        "reasons": rows_of(reasons, (GRADE_FILLS[3], BLUE), heads["reasons"]),
        "scores": columns_of(list(zip(heads["scores"], told.scores.numbers, strict=True)), BLUE),
    }  # fmt: skip


def _bars(lines: tuple[Line, ...]) -> list[tuple[str, tuple[int, ...]]]:
    most = sorted(lines, key=lambda line: -line.sum)[:MOST_BARS]
    return [(organ_name(line.key), line.numbers) for line in lines if line in most]


def _sums(found: Found) -> dict[str, tuple[int, ...]]:
    told = found.statistics
    return {"grades": summed(told.grades), "reasons": summed(told.reasons)}


def _link(found: Found, of: str) -> str:
    """Return the address of the list behind a number."""
    address: dict[str, Any] = found.asked.address(of=of)
    return url_for("statistics.behind", **address)


@pages.get("/statistics/tables")
def behind() -> str:
    """List the tables behind a number of the page, as far as the person may read them."""
    found, of = found_now(), asked("of")
    parts = dict(found.parts())
    if of not in parts:
        raise NotFound(_("没有这项统计。"))
    tables = tuple(map(UUID, dict.fromkeys(parts[of])))
    rows = tables_among(transaction(), person(), tables, limit=MOST)
    address: dict[str, Any] = found.asked.address()
    back = url_for("statistics.show", **address)
    return render_template(
        "statistics_tables.html", rows=rows, found=found, what=what_is(of), all=len(tables), back=back, most=MOST,
    )  # fmt: skip


def what_is(key: str) -> str:
    """Return a number of the page in words."""
    kind, *rest = key.split(":")
    if kind == "loop":
        organ, rate, side = rest[0], rest[1], rest[2]
        words = {"above": ABOVE, "below": BELOW, "due": DUE}[side][rate]
        return f"{organ_name(organ) + ' · ' if organ else ''}{NAMES[rate]} · {words}"
    if kind in ("moved", "gap"):
        return {"moved": "调整中调低或删去的指标", "gap": "复核改分"}[kind]
    if kind == "patterns":
        return PATTERNS[rest[0]]
    name, head = ":".join(rest[:-1]), heads_of()[kind][int(rest[-1])]
    if kind == "grades":
        name = organ_name(name)
    elif kind in ("reasons", "scores"):
        name = Criterion(name).chinese if kind == "reasons" else "得分"
    return f"{name} · {head}"


@pages.app_context_processor
def _for_the_page() -> dict[str, object]:
    return {"grade_fills": GRADE_FILLS, "colour_fills": COLOUR_FILLS}
