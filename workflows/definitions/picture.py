"""A chain as a picture: SVG of its own, without script, style or font from elsewhere; also with a table's progress."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape

from workflows.definitions.chain import Chain, Node
from workflows.definitions.picture_layout import BOX, GAP, MARGIN, TITLE, Box, Column, Layout, layout, people_of
from workflows.state.signoff import words_of

MARKS = {"done": "✓ 已办理", "here": "● 办理中", "to_come": "○ 待办理", "skipped": "－ 不需办理"}
INK, QUIET, LINE, ALERT = "#1f2937", "#4b5563", "#64748b", "#8a4b00"
FILLS = {"done": "#e3f4e8", "here": "#dbeafe", "to_come": "#ffffff", "skipped": "#f1f5f9", "": "#ffffff"}
EDGES = {"done": "#2f7d4a", "here": "#1d4ed8", "to_come": LINE, "skipped": "#94a3b8", "": "#475569"}
WRITING = {"title": INK, "who": QUIET, "rule": QUIET, "when": ALERT, "mark": INK}


def svg_of(chain: Chain, marks: Mapping[str, str] | None = None) -> str:
    """Return the SVG of a chain; `marks` says of a node "done", "here", "to_come" or "skipped"."""
    return _svg(chain, tuple((marks or {}).items()))


@lru_cache(maxsize=128)
def _svg(chain: Chain, marked: tuple[tuple[str, str], ...]) -> str:
    """Draw a chain with these marks; many tables stand at the same place of the same chain."""
    marks = dict(marked)
    drawn = layout(chain, {node: MARKS[mark] for node, mark in marks.items()})
    name = escape(chain.name)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(drawn.width)} {_n(drawn.height)}" role="img" '
        f'aria-labelledby="chain-{name}-title chain-{name}-desc" font-family="sans-serif" lang="zh-CN">'
    )
    return "\n".join([
        opening,
        f'<title id="chain-{name}-title">{escape(chain.title)}</title>',
        f'<desc id="chain-{name}-desc">{escape(told(chain, marks))}</desc>',
        f'<rect width="{_n(drawn.width)}" height="{_n(drawn.height)}" fill="#ffffff"/>',
        *_columns(drawn), *_arrows(drawn), *(_box(box, marks.get(box.node.node, "")) for box in drawn.boxes.values()),
        "</svg>\n",
    ])  # fmt: skip


def told(chain: Chain, marks: Mapping[str, str]) -> str:
    """Return the picture in words, for those who hear it."""
    return "".join(f"{node.stage.chinese}：{_said(chain, node, marks.get(node.node))}。" for node in chain.nodes)


def _said(chain: Chain, node: Node, mark: str | None) -> str:
    after = "、".join(each.title for each in chain.of_stage(node.stage) if each.node in node.after)
    parts = [node.title, words_of(node.rule, people_of(node)) if node.shared else "", node.clock]
    parts += [f"在{after}之后" if after else "", f"仅当{node.when.in_chinese()}" if node.when else ""]
    return "，".join(part for part in (*parts, MARKS[mark][2:] if mark else "") if part)


def _columns(drawn: Layout) -> Iterator[str]:
    for number, column in enumerate(drawn.columns):
        yield (
            f'<rect x="{_n(column.left)}" y="{GAP / 2:g}" width="{_n(column.width)}" height="{_n(drawn.height - GAP)}" '
            'rx="10" fill="#f8fafc" stroke="#cbd5e1"/>'
        )
        yield _text(column.left + column.width / 2, GAP / 2 + 28, TITLE + 1, INK, column.stage.chinese, bold=True)
        if number:
            yield _head_arrow(drawn.columns[number - 1], column)


def _head_arrow(left: Column, right: Column) -> str:
    return _path([(left.left + left.width + 3, GAP / 2 + 23), (right.left - 3, GAP / 2 + 23)], LINE, right=True)


def _arrows(drawn: Layout) -> Iterator[str]:
    for box in drawn.boxes.values():
        for name in box.node.after:
            before = drawn.boxes.get(name)
            if before is None or before.top >= box.top:
                continue
            dashed = bool(box.node.when or before.node.when)
            between = any(before.bottom < each.top < box.top for each in _column_of(drawn, box))
            yield _around(before, box, dashed=dashed) if between else _down(before, box, dashed=dashed)


def _column_of(drawn: Layout, box: Box) -> list[Box]:
    return [each for each in drawn.boxes.values() if each.node.stage == box.node.stage]


def _down(before: Box, box: Box, *, dashed: bool) -> str:
    """Draw an arrow to the next row: down, across in the gap, down."""
    turn = (before.bottom + box.top) / 2
    entry = box.middle + max(-1, min(1, (before.middle - box.middle) / BOX)) * BOX / 4
    points = [(before.middle, before.bottom), (before.middle, turn), (entry, turn), (entry, box.top - 2)]
    return _path(points, LINE, dashed=dashed)


def _around(before: Box, box: Box, *, dashed: bool) -> str:
    """Draw an arrow past the rows between: down the outer edge, then in from the side."""
    left = before.middle <= box.middle
    x = (before.left + 14) if left else (before.left + BOX - 14)
    if abs(before.middle - box.middle) < BOX / 2:
        x = before.left - MARGIN / 2
        start = [(before.left, before.top + 16), (x, before.top + 16)]
    else:
        start = [(x, before.bottom)]
    y = box.top + box.height / 2
    end = box.left - 2 if left else box.left + BOX + 2
    return _path([*start, (x, y), (end, y)], LINE, dashed=dashed, right=left, flat=True)


def _path(
    points: list[tuple[float, float]], colour: str, *, dashed: bool = False, right: bool = False, flat: bool = False
) -> str:
    """Draw a line through the points with a head at its end; it points down unless it comes in flat."""
    (x, y), line = points[-1], " ".join(f"{_n(px)},{_n(py)}" for px, py in points)
    if flat or right:
        back = -8 if right else 8
        head = f"{_n(x)},{_n(y)} {_n(x + back)},{_n(y - 5)} {_n(x + back)},{_n(y + 5)}"
    else:
        head = f"{_n(x)},{_n(y)} {_n(x - 5)},{_n(y - 8)} {_n(x + 5)},{_n(y - 8)}"
    dash = ' stroke-dasharray="6 4"' if dashed else ""
    return (
        f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.6"{dash}/>'
        f'<polygon points="{head}" fill="{colour}"/>'
    )


def _box(box: Box, mark: str) -> str:
    dash = ' stroke-dasharray="6 4"' if box.node.when else ""
    frame = (
        f'<rect x="{_n(box.left)}" y="{_n(box.top)}" width="{BOX}" height="{_n(box.height)}" rx="8" '
        f'fill="{FILLS[mark]}" stroke="{EDGES[mark]}" stroke-width="{3 if mark == "here" else 1.6}"{dash}/>'
    )
    drawn, y = [frame], box.top + 6
    for line in box.lines:
        y += line.size * 1.4
        bold = line.kind in ("title", "mark")
        drawn.append(_text(box.middle, y, line.size, WRITING[line.kind], line.text, bold=bold))
    return "".join(drawn)


def _text(x: float, y: float, size: float, colour: str, text: str, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-size="{size:g}" text-anchor="middle" fill="{colour}"{weight}>'
        f"{escape(text)}</text>"
    )


def _n(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
