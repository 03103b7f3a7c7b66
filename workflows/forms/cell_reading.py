"""Reads a document from its blocks, whatever file they came from: headings, tables, the department's part."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflows.forms import reading_hebei_project, reading_hebei_special_fund, reading_henan_unit, supplement
from workflows.forms.cell_department import DepartmentReader
from workflows.forms.cell_heads import TableHead
from workflows.forms.cell_mending import mended
from workflows.forms.cell_rows import GridIndicators, Heads, HenanIndicators, heads_of
from workflows.forms.cell_words import SIDE, STARTS, is_known, label_of
from workflows.forms.families import FAMILIES
from workflows.forms.notebook import Notebook, Sort
from workflows.forms.page_cells import Block, Grid, GridCell, GridRow, Paragraph
from workflows.forms.reading_hebei_project import budget_in_purpose
from workflows.forms.source_text import clean, folded, tight

Json = dict[str, Any]
NATIONAL_UNIT = "national-unit"
FAMILY_NAMES = frozenset({family.name for family in FAMILIES})
_UNIT_SCOPE = (reading_henan_unit.FAMILY, NATIONAL_UNIT)
_YEAR = re.compile(r"^\(?(?P<year>20\d\d)年(?:度)?\)?$")
_YEAR_BEFORE = re.compile(r"^(?P<year>20\d\d)年.{0,40}表$")
_AMOUNT_UNIT = re.compile(r"^(?:金额)?单位[:：](?P<unit>万元|元)$")
_NUMBERED = re.compile(r"^(?P<number>\d{1,3})\s*[、.．]\s*(?P<title>.+?)绩效目标表$")
_ORGAN = re.compile(r"^\s*(?P<code>\d{6,9})\s+(?P<name>\S.{1,60})$")
_SECRET = re.compile(r"^(?:\d{1,3}[、.．])?不予公开(?:的)?(?:涉密)?项目绩效目标表(?P<count>\d{1,9})个")
_ATTACHMENT = re.compile(r"^附(?:件|表)\d{0,2}$")
_KNOWN_TITLES = re.compile(
    r"^(?:20\d\d年)?(?:.{0,12}(?:部门)?项目支出(?:预算)?绩效目标(?:申报)?表|部门预算项目绩效目标表|.{0,6}(?:部门\(单位\))?整体(?:支出)?绩效目标(?:申报)?表)$",
)


@dataclass
class _Open:
    """The table being read: its head, then its rows under one or two sets of columns."""

    head: TableHead
    heads: list[Heads] = field(default_factory=list)
    width: int = 0
    rows: list[GridIndicators | HenanIndicators] = field(default_factory=list)

    def finished(self, family: str) -> Json:
        """Return the content as read."""
        content = self.head.content
        if self.rows:
            content["indicators"] = self.rows[-1].found
            if len(self.rows) > 1 and self.rows[0].found:
                content["mid_term_indicators"] = self.rows[0].found
        if family == reading_hebei_project.FAMILY and content["purpose"]:
            content.update(budget_in_purpose(content["purpose"]) or {})
        return content


def read_blocks(blocks: Sequence[Block], family: str, source: str, notebook: Notebook) -> Json:
    """Read a document of a known family; what has no place goes to the notebook."""
    reader = _Reader(family, notebook)
    for block in blocks:
        reader.take(block)
    document: Json = {
        "source": source, "family": family, "tables": reader.tables(), "department": reader.department.part(),
        "undisclosed_tables": reader.secret,
    }  # fmt: skip
    supplement.apply(document, reader.own_places)
    own = {table.get("family") for table in document["tables"]}
    if len(own) == 1 and own <= FAMILY_NAMES:
        document["family"] = own.pop()
    return document


@dataclass
class _Reader:
    family: str
    notebook: Notebook
    open: _Open | None = None
    done: list[Json] = field(default_factory=list)
    printed: Json = field(default_factory=dict)
    organ: Json = field(default_factory=dict)
    below: str = ""
    own_places: list[tuple[str, str]] = field(default_factory=list)
    secret: int = 0

    def __post_init__(self) -> None:
        self.department = DepartmentReader(self.family, self.notebook)

    def tables(self) -> list[Json]:
        """Close the last table and return all."""
        self._close()
        return self.done

    def _close(self) -> None:
        if self.open:
            self.done.append(self.open.finished(self.family))
        self.open = None

    def take(self, block: Block) -> None:
        """Place one block; below a form stand places and values that are taken as they are."""
        block = block if self.below and isinstance(block, Grid) else mended(block, self.notebook)
        if isinstance(block, Paragraph):
            self.paragraph(block)
        else:
            self.grid(block)

    def paragraph(self, block: Paragraph) -> None:
        """Place one paragraph: a heading of a table, its year or unit, a count, or the department's own words."""
        flat = folded(block.text)
        if flat in (folded(supplement.OF_TABLE), folded(supplement.OF_DOCUMENT)):
            self._close()
            self.below = flat
        elif self._heading(block, flat) or self.department.take(block):
            return
        elif self.open and is_known(block.text):
            self._row(GridRow(block.line, 0, (GridCell(0, 0, block.text),)))
        else:
            self.notebook.unplaced(block.line, clean(block.text))

    def _heading(self, block: Paragraph, flat: str) -> bool:
        numbered, organ = _NUMBERED.match(clean(block.text)), _ORGAN.match(block.text)
        year, unit = _YEAR.match(flat) or _YEAR_BEFORE.match(flat), _AMOUNT_UNIT.match(flat)
        secret = _SECRET.match(flat)
        known = bool(_KNOWN_TITLES.match(flat) or _ATTACHMENT.match(flat)) or tight(flat).endswith("绩效目标表")
        if secret:
            self.secret += int(secret["count"])
        elif numbered and self.family == reading_hebei_special_fund.FAMILY:
            self._begin_page({"number": int(numbered["number"]), "title": numbered["title"]})
        elif organ and self.family == reading_hebei_project.FAMILY:
            self._begin_page({})
            self.organ = {"unit_code": organ["code"], "implementing_unit": clean(organ["name"])}
        elif unit:
            self.printed["amount_unit"] = unit["unit"]
        elif year or known:
            self._begin_page({"fiscal_year": int(year["year"])} if year else {})
            if not (_KNOWN_TITLES.match(flat) or _ATTACHMENT.match(flat) or year):
                self._titled(block)
        else:
            return False
        return True

    def _titled(self, block: Paragraph) -> None:
        if self.family == reading_hebei_special_fund.FAMILY:
            self.printed["title"] = clean(block.text).removesuffix("绩效目标表")
        else:
            self.notebook.note(block.line, clean(block.text), "文件标题", Sort.UNPLACED)

    def _begin_page(self, printed: Json) -> None:
        self._close()
        self.below = ""
        self.department.leave()
        self.printed |= printed

    def grid(self, grid: Grid) -> None:
        """Read one grid row by row."""
        rows = list(grid.rows())
        if self.below:
            self._below(rows)
        elif not self.department.duties(rows):
            self._widths(grid, rows)
            for row in rows:
                self._row(row)

    def _widths(self, grid: Grid, rows: Sequence[GridRow]) -> None:
        """A table that goes on in a grid of another width, without heads, has the same columns from the right."""
        opened = self.open
        if opened and len(opened.heads) == 1 and grid.width != opened.width and not any(map(heads_of, rows)):
            keys = sorted(opened.heads[0], key=lambda key: opened.heads[0][key])
            first = grid.width - len(keys)
            if first >= 0:
                self._under([{key: (first + at, first + at + 1) for at, key in enumerate(keys)}])
        if self.open:
            self.open.width = grid.width

    def _below(self, rows: Sequence[GridRow]) -> None:
        first = tuple(cell.text for cell in rows[0].begun)
        if self.below == folded(supplement.OF_DOCUMENT):
            self.own_places += supplement.pairs_of(rows, self.notebook)
        elif self.done and first == supplement.ROW_HEADS:
            supplement.apply_rows(self.done[-1], rows, self.notebook)
        elif self.done:
            supplement.apply(self.done[-1], supplement.pairs_of(rows, self.notebook))

    def _row(self, row: GridRow) -> None:
        filled = [cell.text for cell in row.begun if clean(cell.text)]
        if len(filled) == 1 and len(row.cells) == len(row.begun) and self._is_heading(filled[0]):
            self.paragraph(Paragraph(row.line, filled[0]))
            return
        labels = {label_of(text) for text in filled}
        heads = heads_of(row)
        if labels & STARTS and not heads and self._begins(labels):
            self._begin()
        if self.open is None:
            for cell in row.begun:
                if clean(cell.text):
                    self.notebook.unplaced(row.line, cell.text)
        elif heads:
            self._under(heads)
        elif self.open.rows:
            self._indicator(row)
        else:
            self.open.head.read(row)

    def _is_heading(self, text: str) -> bool:
        """Whether the only text of a row is a form's title or its year, as a sheet without borders prints them."""
        flat = folded(text)
        patterns = (_YEAR, _YEAR_BEFORE, _AMOUNT_UNIT, _KNOWN_TITLES, _ATTACHMENT)
        return any(pattern.match(flat) for pattern in patterns)

    def _begins(self, labels: set[str]) -> bool:
        return self.open is None or bool(self.open.rows) or bool(labels & STARTS & self.open.head.seen)

    def _begin(self) -> None:
        self._close()
        self.department.leave()
        scope = "unit" if self.family in _UNIT_SCOPE else "project"
        unit = "元" if self.family == reading_henan_unit.FAMILY else "万元"
        if self.family != reading_hebei_special_fund.FAMILY:
            self.printed.pop("title", None)
        printed = {"amount_unit": unit} | self.printed | self.organ
        self.printed = {key: value for key, value in self.printed.items() if key == "amount_unit"}
        self.open = _Open(TableHead.begin(self.notebook, scope, **printed))

    def _under(self, heads: list[Heads]) -> None:
        """Rows follow under these heads; the classes of rows before go on over a page break."""
        opened = self.open
        if opened is None:
            return
        if not opened.rows:
            make = HenanIndicators if self.family == reading_henan_unit.FAMILY else GridIndicators
            opened.rows = [make(each, self.notebook) for each in heads]
        for rows, each in zip(opened.rows, heads, strict=False):
            rows.heads = each
        opened.heads = heads

    def _indicator(self, row: GridRow) -> None:
        opened = self.open
        if opened is None:
            return
        for rows in opened.rows:
            rows.read(row)
        for cell in _left(row, opened.heads):
            if not SIDE.match(folded(cell.text)):
                self.notebook.unplaced(row.line, cell.text)


def _left(row: GridRow, sets: Sequence[Heads]) -> Iterator[GridCell]:
    """The filled boxes of a row that stand under none of the heads."""
    covered = [head for heads in sets for head in heads.values()]
    for cell in row.begun:
        if clean(cell.text) and not any(begin <= cell.column < end for begin, end in covered):
            yield cell
