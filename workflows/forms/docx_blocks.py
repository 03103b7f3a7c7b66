"""A Word document's body as blocks: its paragraphs, and its tables with merged cells as grids."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from workflows.forms.office_package import WORD_PART
from workflows.forms.page_cells import Block, Grid, GridCell, Paragraph
from workflows.forms.refusals import DocumentBroken, DocumentSwells

MOST_CELLS = 100_000
WIDEST = 100
DEEPEST = 100
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WRAPPERS = {f"{_W}{name}" for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "hyperlink", "fldSimple")}
_BREAKS = {f"{_W}br", f"{_W}cr"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOT_SHOWN = {f"{_W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "rPr", "pPr")} | {_FALLBACK}


def docx_blocks(parts: Mapping[str, bytes]) -> list[Block]:
    """Return the blocks of a Word file's parts in reading order; raises DocumentBroken, DocumentSwells."""
    try:
        root = parse_xml(parts[WORD_PART])
    except SyntaxError as problem:
        raise DocumentBroken from problem
    body = root.find(f"{_W}body")
    if body is None:
        raise DocumentBroken
    line, blocks = 1, list[Block]()
    for element in _unwrapped(body):
        if element.tag == f"{_W}p":
            blocks += [Paragraph(line, text)] if (text := _paragraph(element)).strip() else []
            line += 1
        elif element.tag == f"{_W}tbl":
            grid = _Table(line).read(element)
            blocks.append(grid)
            line += max(1, grid.height)
    return blocks


def _unwrapped(element: BaseOxmlElement, depth: int = 0) -> Iterator[BaseOxmlElement]:
    """The children, with those of content controls and other wrappers in their place."""
    if depth > DEEPEST:
        raise DocumentSwells
    for child in element:
        if child.tag in _WRAPPERS:
            yield from _unwrapped(child, depth + 1)
        else:
            yield child


def _paragraph(paragraph: BaseOxmlElement) -> str:
    return "".join(_texts(paragraph))


def _texts(element: BaseOxmlElement, depth: int = 0) -> Iterator[str]:
    """What is shown: text, tabs and line breaks; what was struck out by a tracked change is not."""
    if depth > DEEPEST:
        raise DocumentSwells
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield "\n"
        elif child.tag == f"{_W}tab":
            yield "\t"
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif child.tag not in _NOT_SHOWN and isinstance(child.tag, str):
            yield from _texts(child, depth + 1)


def _number(element: BaseOxmlElement | None, default: int) -> int:
    value = (element.get(f"{_W}val") if element is not None else None) or ""
    return int(value) if value.isdecimal() and len(value) < 5 else default


@dataclass
class _Box:
    row: int
    column: int
    columns: int
    text: str
    rows: int = 1


@dataclass
class _Table:
    """Reads one table; nested tables give their texts to the cell that they stand in."""

    line: int
    boxes: list[_Box] = field(default_factory=list)
    open: dict[int, _Box] = field(default_factory=dict)

    def read(self, table: BaseOxmlElement) -> Grid:
        for number, row in enumerate(each for each in _unwrapped(table) if each.tag == f"{_W}tr"):
            self._row(number, row)
        cells = tuple(GridCell(box.row, box.column, box.text, box.rows, box.columns) for box in self.boxes)
        return Grid(self.line, cells)

    def _row(self, number: int, row: BaseOxmlElement) -> None:
        column = _number(row.find(f"{_W}trPr/{_W}gridBefore"), 0)
        for cell in _unwrapped(row):
            if cell.tag != f"{_W}tc":
                continue
            span = max(1, _number(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1))
            self._cell(number, column, span, cell)
            column += span
            if column > WIDEST or len(self.boxes) > MOST_CELLS:
                raise DocumentSwells

    def _cell(self, number: int, column: int, span: int, cell: BaseOxmlElement) -> None:
        merge = cell.find(f"{_W}tcPr/{_W}vMerge")
        goes_on = merge is not None and merge.get(f"{_W}val", "continue") != "restart"
        above = self.open.get(column)
        text = _cell_text(_unwrapped(cell))
        if goes_on and above and above.row + above.rows == number and above.columns == span:
            above.rows += 1
            above.text += f"\n{text}" if text else ""
            return
        box = _Box(number, column, span, text)
        self.boxes.append(box)
        self.open[column] = box


def _cell_text(elements: Iterable[BaseOxmlElement]) -> str:
    lines: list[str] = []
    for element in elements:
        if element.tag == f"{_W}p":
            lines.append(_paragraph(element))
        elif element.tag == f"{_W}tbl":
            lines += [cell.text for cell in _Table(0).read(element).cells]
    return "\n".join(lines).strip("\n")
