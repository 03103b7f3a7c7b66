"""Reads a grid of no known family by columns that a person named: the rest goes the way of every document."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflows.errors import FieldsInvalid
from workflows.forms.cell_families import NATIONAL_PROJECT, NATIONAL_UNIT
from workflows.forms.cell_heads import TableHead, goals_of
from workflows.forms.cell_rows import GridIndicators, text_under
from workflows.forms.cell_words import ROW_HEADS, label_of
from workflows.forms.notebook import Notebook
from workflows.forms.page_cells import Grid, GridRow
from workflows.forms.reading import Reading, office_blocks
from workflows.forms.source_text import clean

COLUMN_NAMES = {
    "level1": "一级指标", "level2": "二级指标", "level3": "三级指标", "target": "指标值", "description": "指标描述",
    "basis": "确定依据", "requirement": "填报要求", "weight": "分值",
}  # fmt: skip
TEXT_FIELDS = (
    "title", "project_code", "supervising_department", "implementing_unit", "attribute", "period", "purpose",
)  # fmt: skip
NEEDED = ("level3", "target")
_LIKE = {
    "指标名称": "level3", "绩效指标": "level3", "指标": "level3", "指标内容": "level3", "年度目标值": "target",
    "目标": "target", "计划值": "target", "年度值": "target", "指标类型": "level1", "类别": "level1", "分类": "level1",
    "说明": "description", "依据": "basis", "备注": "description", "要求": "requirement", "权重(%)": "weight",
}  # fmt: skip


@dataclass(frozen=True)
class Columns:
    """What a person named: which grid (from 0), its first row of indicators (from 0), the column of each key."""

    grid: int
    first_row: int
    columns: Mapping[str, int]
    fields: Mapping[str, str] = field(default_factory=dict)
    scope: str = "project"


def grids_of(data: bytes, notebook: Notebook | None = None) -> list[Grid]:
    """Return the grids of a Word or Excel file that may hold indicators: three columns and two rows at least."""
    blocks = office_blocks(data, notebook or Notebook())
    return [block for block in blocks if isinstance(block, Grid) and block.width > 2 and block.height > 1]


def proposal(grids: Sequence[Grid]) -> Columns:
    """Guess the columns from the words of the heads, the boxes above them from their labels."""
    best = Columns(0, 1, {})
    for number, grid in enumerate(grids):
        for row in grid.rows():
            found = _guessed(row)
            if len(found) > len(best.columns):
                best = Columns(number, row.number + 1, found)
    if not grids:
        return best
    head = TableHead.begin(Notebook(), "project", amount_unit="万元")
    for row in list(grids[best.grid].rows())[: max(0, best.first_row - 1)]:
        head.read(row)
    fields = {name: head.content[name] or "" for name in TEXT_FIELDS}
    fields["goals"] = "\n".join(head.content["goals"])
    fields["total"] = head.content["budget"]["total"] or ""
    return Columns(best.grid, best.first_row, best.columns, fields)


def _guessed(row: GridRow) -> dict[str, int]:
    found: dict[str, int] = {}
    for cell in row.cells:
        key = ROW_HEADS.get(label_of(cell.text)) or _LIKE.get(label_of(cell.text))
        if key and key not in found:
            found[key] = cell.column
    return found


def read_mapped(data: bytes, name: str, columns: Columns) -> Reading:
    """Read a file's indicators by the named columns. FieldsInvalid where level 3 or the target has no column."""
    notebook = Notebook()
    grids = grids_of(data, notebook)
    missing = [COLUMN_NAMES[key] for key in NEEDED if key not in columns.columns]
    if not 0 <= columns.grid < len(grids):
        raise FieldsInvalid("请选择含有指标的表格。", field="columns")
    if missing:
        raise FieldsInvalid(f"请指明“{'”“'.join(missing)}”所在的列。", field="columns")
    if not columns.fields.get("title"):
        raise FieldsInvalid("请填写项目或单位的名称。", field="title")
    heads = {key: (at, at + 1) for key, at in columns.columns.items()}
    reader = GridIndicators(heads, notebook)
    for row in grids[columns.grid].rows():
        if row.number >= columns.first_row:
            reader.read(row)
            _note_rest(row, heads, notebook)
    if not reader.found:
        raise FieldsInvalid("按所选的列没有读到任何指标。", field="columns")
    family = NATIONAL_PROJECT if columns.scope == "project" else NATIONAL_UNIT
    document = {
        "source": name, "family": family, "tables": [_content(columns, reader.found)], "department": None,
        "undisclosed_tables": 0,
    }  # fmt: skip
    return Reading(document, notebook.findings, hashlib.sha256(data).hexdigest())


def _note_rest(row: GridRow, heads: Mapping[str, tuple[int, int]], notebook: Notebook) -> None:
    """What stands in columns that nobody named is not dropped silently."""
    taken = {cell for head in heads.values() for cell in range(*head)}
    for cell in row.begun:
        if cell.column not in taken and clean(cell.text) and text_under(row, (cell.column, cell.column + 1)):
            notebook.unplaced(row.line, clean(cell.text))


def _content(columns: Columns, rows: list[dict[str, Any]]) -> dict[str, Any]:
    head = TableHead.begin(Notebook(), columns.scope, amount_unit="万元")
    content = head.content
    content |= {key: clean(columns.fields.get(key) or "") or None for key in TEXT_FIELDS}
    content["goals"] = goals_of(columns.fields.get("goals") or "")
    content["budget"] |= {"total": clean(columns.fields.get("total") or "") or None}
    return content | {"indicators": rows}
