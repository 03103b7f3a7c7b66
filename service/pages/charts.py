"""Bars drawn by hand: each row or column in segments, with its numbers written beside; a table always says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

LEFT, RIGHT, ROW, BAR, TOP = 152, 490, 26, 16, 6
LONGEST_NAME = 10
"""Signs of a name that fit to the left of its bar."""
BASE, HIGH = 150, 120
FULL = Decimal(100)


@dataclass(frozen=True)
class Segment:
    """A piece of a bar and the number written into it where there is room."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    text: str


@dataclass(frozen=True)
class Bar:
    """A row or column: its name, its segments, what is written at its end."""

    name: str
    x: float
    y: float
    segments: tuple[Segment, ...]
    end: str
    end_x: float


@dataclass(frozen=True)
class Chart:
    """Bars and the height of their picture."""

    bars: tuple[Bar, ...]
    height: int
    words: str


def rows_of(
    lines: Sequence[tuple[str, Sequence[int]]], fills: Sequence[str], heads: Sequence[str] = ()
) -> Chart | None:  # fmt: skip
    """Return horizontal bars in segments, to the scale of the longest; None where all is nothing."""
    most = max((sum(numbers) for _, numbers in lines), default=0)
    if not most:
        return None
    bars = tuple(_row(place, name, numbers, fills, most) for place, (name, numbers) in enumerate(lines))
    said = "；".join(f"{name}：{_told(numbers, heads)}" for name, numbers in lines)
    return Chart(bars, TOP * 2 + ROW * len(bars), said)


def _told(numbers: Sequence[int], heads: Sequence[str]) -> str:
    named = zip(heads, numbers, strict=True) if heads else (("", n) for n in numbers)
    return "，".join(f"{head}{n}" for head, n in named)


def _row(place: int, name: str, numbers: Sequence[int], fills: Sequence[str], most: int) -> Bar:
    y, x, segments = TOP + ROW * place, float(LEFT), []
    for number, fill in zip(numbers, fills, strict=True):
        width = (RIGHT - 30 - LEFT) * number / most
        if number:
            text = str(number) if len(numbers) > 1 and width > 9 * len(str(number)) + 4 else ""
            segments.append(Segment(x, y, width, BAR, fill, text))
        x += width
    return Bar(_short(name), LEFT - 8, y + 13, tuple(segments), str(sum(numbers)), x + 6)


def percents_of(lines: Sequence[tuple[str, Decimal | None]], fill: str) -> Chart:
    """Return horizontal bars of percents, a hundred at the right; what is more stops there, its number beside."""
    bars = []
    for place, (name, percent) in enumerate(lines):
        y, told = TOP + ROW * place, "—" if percent is None else f"{percent}%"
        width = float((RIGHT - 56 - LEFT) * min(max(percent or Decimal(0), Decimal(0)), FULL) / FULL)
        bars.append(
            Bar(_short(name), LEFT - 8, y + 13, (Segment(LEFT, y, width, BAR, fill, ""),), told, LEFT + width + 6)
        )
    words = "；".join(f"{bar.name}：{bar.end}" for bar in bars)
    return Chart(tuple(bars), TOP * 2 + ROW * len(bars), words)


def columns_of(lines: Sequence[tuple[str, int]], fill: str) -> Chart | None:
    """Return upright columns, to the scale of the highest; None where all is nothing."""
    most = max((number for _, number in lines), default=0)
    if not most:
        return None
    step = (RIGHT - 10) / len(lines)
    bars = []
    for place, (name, number) in enumerate(lines):
        height, middle = HIGH * number / most, 5 + step * place + step / 2
        segment = Segment(middle - step * 0.32, BASE - height, step * 0.64, height, fill, "")
        bars.append(Bar(name, middle, BASE - height - 5, (segment,), str(number), middle))
    return Chart(tuple(bars), BASE + 26, "；".join(f"{name}：{number}" for name, number in lines))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
