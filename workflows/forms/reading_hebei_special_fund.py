"""Reads Hebei special-fund tables extracted from PDF: a department part, then one broken table per fund."""

import re
from collections.abc import Sequence

from workflows.content.goal_table import DepartmentPart, FilingDocument, GoalTable, Safeguard
from workflows.forms.broken_tables import DUTIES, INDICATORS, read_duties, read_indicators
from workflows.forms.columns import fitted_widths
from workflows.forms.hebei_department import listed
from workflows.forms.notebook import Notebook, Sort
from workflows.forms.pieces import Gap, Piece, is_page_number, pieces_of
from workflows.forms.source_text import Line, folded, tight
from workflows.forms.special_fund_head import read_head

FAMILY = "hebei-special-fund"
LABELS = ("专项资金名称", "项目编码", "预算规模", "绩效指标描述", "指标值确定依据")
_HEADER = folded("一级指标二级指标三级指标绩效指标描述指标值指标值确定依据")
_DUTY_HEADER = "职责名称职责描述职责目标活动名称活动描述绩效目标"
_ORDINAL = re.compile(r"^[一二三四五六七八九十]{1,2}[、.．]")
_PLAIN_HEADINGS = ("第一部分", "第二部分", "部门整体绩效目标", "专项资金绩效目标")
_SECTIONS = {
    "总体绩效目标": "overall",
    "分项绩效目标": "duties",
    "工作保障措施": "safeguards",
    "保障措施": "safeguards",
}
_TITLE_BEGIN = re.compile(r"^\s*\d{1,3}\s*[、.．]")
_SECRET = re.compile(r"^(?:\d{1,3}[、.．])?不予公开(?:的)?(?:涉密)?项目绩效目标表(?P<count>\d+)个")
_LEARNED_FROM = 40


def read(lines: Sequence[Line], source: str, notebook: Notebook) -> FilingDocument:
    """Read the department part, every fund's table and the count of undisclosed ones."""
    printed = [line for index, line in enumerate(lines) if line.blank or not is_page_number(lines, index)]
    printed, secret = _without_secret(printed)
    starts = _table_starts(printed)
    department = _department(printed[: starts[0]] if starts else printed, notebook)
    blocks = [printed[begin:end] for begin, end in zip(starts, [*starts[1:], len(printed)], strict=True)]
    return FilingDocument(source, FAMILY, tuple(_tables(blocks, notebook)), department, secret)


def _without_secret(lines: Sequence[Line]) -> tuple[list[Line], int]:
    kept, count = [], 0
    left_out: set[int] = set()
    for index, line in enumerate(lines):
        for length in (1, 2, 3):
            found = _SECRET.match(folded("".join(part.text for part in lines[index : index + length])))
            if found and not line.blank:
                count += int(found["count"])
                left_out |= set(range(index, index + length))
                break
        if index not in left_out:
            kept.append(line)
    return kept, count


def _table_starts(lines: Sequence[Line]) -> list[int]:
    """A table begins at its title: the nearest numbered line above 项目编码, and names 绩效目标表."""
    starts = []
    for index, line in enumerate(lines):
        if tight(line.text).startswith("项目编码"):
            above = range(index - 1, max(-1, index - 9), -1)
            title = next((at for at in above if "绩效目标表" in tight(lines[at].text)), index)
            begin = next(
                (at for at in range(title, max(-1, title - 4), -1) if _TITLE_BEGIN.match(lines[at].text)), title
            )
            starts.append(begin)
    return starts


def _tables(blocks: Sequence[Sequence[Line]], notebook: Notebook) -> list[GoalTable]:
    cut = [_at_header(block) for block in blocks]
    bodies = [_without_header(pieces_of(body), _HEADER) for _, body in cut]
    widths = fitted_widths(bodies[:_LEARNED_FROM], INDICATORS)
    return [
        read_head(head, tuple(read_indicators(body, widths, notebook)), notebook)
        for (head, _), body in zip(cut, bodies, strict=True)
    ]


def _at_header(block: Sequence[Line]) -> tuple[Sequence[Line], Sequence[Line]]:
    at = next((i for i, line in enumerate(block) if tight(line.text).startswith("一级指标")), len(block))
    return block[:at], block[at:]


def _without_header(pieces: Sequence[Piece], header: str) -> list[Piece]:
    """Leave out every printing of the column heads, broken over pieces as it may be."""
    kept: list[Piece] = []
    index = 0
    while index < len(pieces):
        text, end = "", index
        while end < len(pieces) and header.startswith(text + folded(pieces[end].text)) and text != header:
            text += folded(pieces[end].text)
            end += 1
        if text == header:
            index = end
            if index < len(pieces) and pieces[index].gap is not Gap.NEXT_LINE:
                continue
        else:
            kept.append(pieces[index])
            index += 1
    return kept


def _department(lines: Sequence[Line], notebook: Notebook) -> DepartmentPart | None:
    sections: dict[str, list[Line]] = {}
    name = ""
    for line in lines:
        heading = _ORDINAL.sub("", folded(line.text))
        if heading in _SECTIONS and (name == "" or heading != "总体绩效目标" or name == "overall"):
            name = _SECTIONS[heading]
            sections.setdefault(name, [])
        elif heading in _PLAIN_HEADINGS:
            name = name if heading == "部门整体绩效目标" else ""
        elif name:
            sections[name].append(line)
        elif not line.blank:
            notebook.note(line.number, line.text.strip(), None, Sort.UNPLACED)
    if not sections:
        return None
    duties = _without_header(pieces_of(sections.get("duties", [])), _DUTY_HEADER)
    return DepartmentPart(
        overall_goals=tuple(_listed(sections.get("overall", []))),
        responsibilities=tuple(read_duties(duties, fitted_widths([duties], DUTIES), notebook)),
        safeguards=tuple(Safeguard(None, text) for text in _listed(sections.get("safeguards", []))),
    )


def _listed(lines: Sequence[Line]) -> list[str]:
    return listed([line for line in lines if not line.blank])
