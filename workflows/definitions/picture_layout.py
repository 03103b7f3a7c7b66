"""Where the boxes of a chain's picture lie: a column for each stage, a row for each step of waiting in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from workflows.definitions.chain import Chain, Node
from workflows.definitions.remarks import STAGES
from workflows.state.signoff import words_of
from workflows.vocabulary import Stage

BOX, GAP, ROW, MARGIN, HEAD = 150, 18, 38, 18, 46
"""Pixels: a box's width, the gap beside it, the gap below it, a column's margin, the height of its head."""
TITLE, SMALL = 15, 12.5
"""Sizes of the two writings."""
WORD = re.compile(r"[（《“‘]*(?:金额（万元）|[\x21-\x7e]+|.)[，。、；：）》”’！？]* ?", re.DOTALL)
"""What stays together in a line: a Chinese sign or a Latin word, with the marks that open before and close after it."""


@dataclass(frozen=True)
class Line:
    """One line of writing in a box."""

    text: str
    size: float
    kind: str


@dataclass(frozen=True)
class Box:
    """A node's place: its left upper corner, its height, its lines."""

    node: Node
    left: float
    top: float
    height: float
    lines: tuple[Line, ...]

    @property
    def middle(self) -> float:
        """Return the x of the middle."""
        return self.left + BOX / 2

    @property
    def bottom(self) -> float:
        """Return the y of the lower edge."""
        return self.top + self.height


@dataclass(frozen=True)
class Column:
    """A stage's place."""

    stage: Stage
    left: float
    width: float


@dataclass(frozen=True)
class Layout:
    """The whole picture in pixels."""

    width: float
    height: float
    columns: tuple[Column, ...]
    boxes: Mapping[str, Box]


def layout(chain: Chain, remarks: Mapping[str, str]) -> Layout:
    """Place every node of a chain; `remarks` are printed as the last line of a node's box."""
    columns, boxes, left = [], dict[str, Box](), float(GAP)
    for stage in STAGES:
        rows = _rows(chain.of_stage(stage))
        wide = max((len(row) for row in rows), default=0)
        if not wide:
            continue
        width = wide * BOX + (wide - 1) * GAP + 2 * MARGIN
        columns.append(Column(stage, left, width))
        boxes |= _placed(rows, left + width / 2, remarks)
        left += width + 2 * GAP
    height = max((box.bottom for box in boxes.values()), default=0) + MARGIN + GAP
    return Layout(left - GAP, height, tuple(columns), boxes)


@lru_cache(maxsize=4_096)
def wrapped(text: str, size: float, width: float = BOX - 18) -> tuple[str, ...]:
    """Break a text into as few lines as `width` pixels allow, and these into lines of about one length."""
    lines, most = _broken(text, width / size), width / size
    while most > 2 and len(tighter := _broken(text, most - 0.5)) == len(lines):
        lines, most = tighter, most - 0.5
    return tuple(lines)


def _broken(text: str, most: float) -> list[str]:
    lines = [""]
    for found in WORD.finditer(text):
        word = found[0]
        while _wide(word) > most:
            cut = max(1, int(most / 0.56))
            lines, word = [*lines, word[:cut]], word[cut:]
        if _wide((lines[-1] + word).rstrip()) > most:
            lines.append("")
        lines[-1] += word
    return [line.strip() for line in lines if line.strip()]


def _wide(text: str) -> float:
    """Return a text's width in its own size: a Chinese sign is 1, a Latin one 0.56."""
    return sum(0.56 if ord(sign) < 0x2E80 else 1.0 for sign in text)


def _rows(nodes: Sequence[Node]) -> list[list[Node]]:
    """Return a stage's nodes by how many others come one after another before them."""
    depth = {node.node: 0 for node in nodes}
    for _ in nodes:
        depth |= {node.node: max((depth.get(name, -1) + 1 for name in node.after), default=0) for node in nodes}
    capped = {name: min(number, len(nodes)) for name, number in depth.items()}
    return [[node for node in nodes if capped[node.node] == number] for number in sorted(set(capped.values()))]


def _placed(rows: Sequence[Sequence[Node]], middle: float, remarks: Mapping[str, str]) -> dict[str, Box]:
    boxes, top = dict[str, Box](), float(GAP + HEAD)
    for row in rows:
        written = [_lines(node, remarks.get(node.node, "")) for node in row]
        height = max(_height(lines) for lines in written)
        left = middle - (len(row) * BOX + (len(row) - 1) * GAP) / 2
        for node, lines in zip(row, written, strict=True):
            boxes[node.node] = Box(node, left, top, height, lines)
            left += BOX + GAP
        top += height + ROW
    return boxes


def _height(lines: Sequence[Line]) -> float:
    return sum(line.size * 1.4 for line in lines) + 18


def _lines(node: Node, remark: str) -> tuple[Line, ...]:
    """Return what a box says: title, who, rule and days, condition, mark."""
    who = [each.role.chinese + ("（每人）" if each.each else "") for each in node.signers]
    rule = words_of(node.rule, people_of(node)) if node.shared else ""
    says = [(node.title, TITLE, "title"), *((each, SMALL, "who") for each in who), (rule, SMALL, "rule")]
    says += [("须填写审核表", SMALL, "rule")] if node.review else []
    says += [(node.clock, SMALL, "rule")]
    says += [(f"仅当 {node.when.in_chinese()}", SMALL, "when")] if node.when else []
    says += [(remark, SMALL, "mark")] if remark else []
    return tuple(Line(line, size, kind) for text, size, kind in says for line in wrapped(text, size))


def people_of(node: Node) -> int | None:
    """Return how many tasks a node opens, where its definition alone says so."""
    return None if any(each.each for each in node.signers) else len(node.signers)
