"""The year's curves on a table's page: money and goals against the plan over the windows, with each window's colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import Blueprint

from service.context import journal
from workflows.commands.monitoring import measure_window
from workflows.folds.replay import Table, Window
from workflows.measures.watch import Colour

pages = Blueprint("curves", __name__)
LEFT, RIGHT, TOP, BOTTOM = 48, 690, 16, 216
HIGHEST = Decimal(120)
"""Percent at the upper edge; what is more is drawn there, its number stands beside."""
FILLS = {"green": "#1a7f4b", "yellow": "#c98a00", "purple": "#7a3ea1", "red": "#c0392b"}


@dataclass(frozen=True)
class Point:
    """A value at a day: where it is drawn, and its text."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Mark:
    """A window below the axis: its name, and its colour as a word and as a fill, empty before it is filed."""

    x: float
    name: str
    word: str
    fill: str


@dataclass(frozen=True)
class Curves:
    """Three lines over the year and the windows' marks; `words` say the same in a sentence each."""

    planned: tuple[Point, ...]
    money: tuple[Point, ...]
    goals: tuple[Point, ...]
    marks: tuple[Mark, ...]
    words: tuple[str, ...]

    @staticmethod
    def line(points: Sequence[Point]) -> str:
        """Return the points as an SVG polyline wants them."""
        return " ".join(f"{each.x:.1f},{each.y:.1f}" for each in points)


def curves_of(table: Table) -> Curves | None:
    """Return the curves of a table, None before its first window is filed."""
    filed = [window for window in table.windows if window.colour and window.figures is not None]
    if not filed:
        return None
    planned = [(window, _number(window.planned_percent)) for window in table.windows]
    money = [(window, _number(window.execution_rate)) for window in filed]
    goals = [(window, measure_window(journal(), table, window, window.figures or {}).realisation) for window in filed]
    start = Point(LEFT, BOTTOM, "")
    return Curves(
        (start, *_points(planned)), (start, *_points(money)), _points(goals), tuple(map(_mark, table.windows)),
        tuple(_sentence(window, dict_of(goals, window)) for window in filed),
    )  # fmt: skip


def dict_of(pairs: Sequence[tuple[Window, Decimal | None]], window: Window) -> Decimal | None:
    """Return the value that stands beside a window."""
    return next((value for each, value in pairs if each.window == window.window), None)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _points(values: Sequence[tuple[Window, Decimal | None]]) -> tuple[Point, ...]:
    return tuple(
        Point(_across(window.date), _up(value), f"{value}%") for window, value in values if value is not None
    )


def _across(day: str) -> float:
    return LEFT + (RIGHT - LEFT) * date.fromisoformat(day).timetuple().tm_yday / 366


def _up(percent: Decimal) -> float:
    return float(BOTTOM - (BOTTOM - TOP) * min(max(percent, Decimal(0)), HIGHEST) / HIGHEST)


def _mark(window: Window) -> Mark:
    word = Colour(window.colour).chinese if window.colour else ""
    return Mark(_across(window.date), window.name, word, FILLS.get(window.colour or "", ""))


def _sentence(window: Window, realisation: Decimal | None) -> str:
    colour = Colour(window.colour).chinese if window.colour else ""
    told = (("计划", window.planned_percent), ("执行率", window.execution_rate), ("目标实现程度", realisation))
    numbers = "，".join(f"{name}{value}%" for name, value in told if value is not None)
    return f"{window.name}：{numbers}，{colour}色"


@pages.app_context_processor
def _for_the_page() -> dict[str, object]:
    return {"curves_of": curves_of}
