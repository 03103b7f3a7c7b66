"""The two column-wise broken tables of Hebei's special funds: indicators, and responsibilities with activities."""

from collections.abc import Sequence
from dataclasses import replace

from workflows.content.goal_table import Activity, Indicator, Responsibility
from workflows.forms.columns import SURE, Cell, Column, Layout, place
from workflows.forms.indicator_rows import target_of
from workflows.forms.labels import LEVEL1, LEVEL2
from workflows.forms.notebook import Notebook, Sort
from workflows.forms.pieces import Piece

_SIGNS = (
    "≥",
    "≤",
    ">",
    "<",
    "＞",
    "＜",
    "=",
    "＝",
    *"0123456789",
    "不少于",
    "不低于",
    "不超过",
    "大于",
    "小于",
    "高于",
    "低于",
)
_ROW_ENDS = {"level1": 0.0, "level2": 0.0, "": 0.0}


def _ending(cost: float, again: float) -> dict[str, float]:
    return dict.fromkeys(_ROW_ENDS, cost) | {"level3": again}


INDICATORS = Layout(
    (
        Column("level1", 4, frozenset(LEVEL1)),
        Column("level2", 4, frozenset(LEVEL2)),
        Column("level3", 5),
        Column("description", 12.5, least=3),
        Column("target", 5, starts=_SIGNS),
        Column("basis", 7),
    ),
    {
        "": {"level1": 0.0, "level2": 2.0, "level3": 12.0},
        "level1": {"level2": 0.0, "level3": 9.0, "level1": 9.0, "": 9.0},
        "level2": {"level3": 0.0, "level2": 4.0, "level1": 4.0, "": 4.0},
        "level3": {"description": 0.0, "target": 9.0} | _ending(14.0, 24.0),
        "description": {"target": 0.0, "basis": 12.0} | _ending(14.0, 22.0),
        "target": {"basis": 0.0} | _ending(5.0, 9.5),
        "basis": _ending(0.0, 8.5),
    },
    reserved=frozenset(LEVEL1) | frozenset(LEVEL2),
)

DUTIES = Layout(
    (
        Column("name", 2),
        Column("description", 7, least=8),
        Column("goal", 6.5, least=6),
        Column("activity", 2),
        Column("activity_description", 20, least=10),
        Column("activity_goal", 7, least=6),
    ),
    {
        "": {"name": 0.0},
        "name": {"description": 0.0},
        "description": {"goal": 0.0, "activity": 9.0},
        "goal": {"activity": 0.0, "name": 12.0, "": 12.0},
        "activity": {"activity_description": 0.0, "activity_goal": 12.0},
        "activity_description": {"activity_goal": 0.0, "activity": 3.0, "name": 3.0, "": 3.0},
        "activity_goal": {"activity": 0.0, "name": 0.0, "": 0.0},
    },
)


def read_indicators(pieces: Sequence[Piece], widths: dict[str, float], notebook: Notebook) -> list[Indicator]:
    """Read the rows of an indicator table; uncertain cells and unfilled classes are noted."""
    indicators: list[Indicator] = []
    level1: Cell | None = None
    level2: Cell | None = None
    row: dict[str, Cell] = {}
    waiting: Cell | None = None
    for cell in placed(pieces, INDICATORS, widths, notebook):
        if cell.column in ("level1", "level2", "level3"):
            indicators += _indicator(level1, level2, row, notebook)
            row = {}
        if cell.column in ("level1", "level2"):
            _note_unfilled(waiting if waiting is not level1 or cell.column == "level1" else None, notebook)
            level1, level2, waiting = (cell, None, cell) if cell.column == "level1" else (level1, cell, cell)
        else:
            if cell.column == "level3" and waiting is None:
                notebook.note(cell.line, cell.text, "未另印二级指标，与上一行同类；分界请核对", Sort.UNCERTAIN)
            row[cell.column], waiting = cell, None
    _note_unfilled(waiting, notebook)
    return indicators + _indicator(level1, level2, row, notebook)


def _note_unfilled(label: Cell | None, notebook: Notebook) -> None:
    if label:
        notebook.note(label.line, label.text, "预印的指标类别，未填写", Sort.PLACEHOLDER)


def _indicator(level1: Cell | None, level2: Cell | None, row: dict[str, Cell], notebook: Notebook) -> list[Indicator]:
    if not row:
        return []
    texts = {name: cell.text for name, cell in row.items()}
    begin = next(iter(row.values()))
    missing = [name for name in ("level3", "description", "target") if name not in row] + ([] if level2 else ["level2"])
    if missing:
        names = "、".join(_NAMES[name] for name in missing)
        notebook.note(begin.line, begin.text, f"此行未找到{names}", Sort.UNCERTAIN)
    elif "basis" not in row and target_of(texts["target"]).op is None:
        guess = "文字指标值，且没有确定依据，请核对分栏"
        notebook.note(row["target"].line, texts["target"], guess, Sort.UNCERTAIN)
    return [
        Indicator(
            level1.text if level1 else None, level2.text if level2 else None, texts.get("level3"),
            target_of(texts.get("target")), texts.get("description"), texts.get("basis"),
        ),
    ]  # fmt: skip


def placed(pieces: Sequence[Piece], layout: Layout, widths: dict[str, float], notebook: Notebook) -> list[Cell]:
    """Place the pieces; where no order fits, everything is noted as not placed."""
    cells = place(pieces, layout, widths)
    if pieces and not cells:
        for piece in pieces:
            notebook.unplaced(piece.line, piece.text)
    for cell in cells:
        if cell.cost >= SURE:
            notebook.note(cell.line, cell.text, f"作为“{_NAMES[cell.column]}”", Sort.UNCERTAIN)
    return cells


_NAMES = {
    "level1": "一级指标", "level2": "二级指标", "level3": "三级指标", "description": "描述", "target": "指标值",
    "basis": "指标值确定依据", "name": "职责名称", "goal": "职责目标", "activity": "活动名称",
    "activity_description": "活动描述", "activity_goal": "绩效目标",
}  # fmt: skip


def _with_box(duty: Responsibility, cell: Cell) -> Responsibility:
    return replace(duty, description=cell.text) if cell.column == "description" else replace(duty, goal=cell.text)


def read_duties(pieces: Sequence[Piece], widths: dict[str, float], notebook: Notebook) -> list[Responsibility]:
    """Read the responsibilities with their activities."""
    duties: list[Responsibility] = []
    for cell in placed(pieces, DUTIES, widths, notebook):
        if cell.column == "name":
            duties.append(Responsibility(cell.text))
        elif cell.column in ("description", "goal"):
            duties[-1] = _with_box(duties[-1], cell)
        elif cell.column == "activity":
            duties[-1] = replace(duties[-1], activities=(*duties[-1].activities, Activity(cell.text)))
        else:
            *before, last = duties[-1].activities
            filled = replace(last, **{cell.column.removeprefix("activity_"): cell.text})
            duties[-1] = replace(duties[-1], activities=(*before, filled))
    return duties
