"""Reads the department's own part from paragraphs and from the grid of responsibilities and activities."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from workflows.content.goal_table import Activity, DepartmentPart, Json, Responsibility, Safeguard
from workflows.forms.cell_rows import text_under
from workflows.forms.cell_words import label_of
from workflows.forms.hebei_department import begins_section, listed, read_department, sections_of, tasks_in
from workflows.forms.notebook import Notebook
from workflows.forms.page_cells import GridRow, Paragraph
from workflows.forms.source_text import Line, cell_or_none, folded

SPECIAL_FUND = "hebei-special-fund"
PARTS = frozenset({"第一部分", "第二部分", "专项资金绩效目标"})
DUTY_HEADS = ("职责名称", "职责描述", "职责目标", "活动名称", "活动描述", "绩效目标")


@dataclass
class DepartmentReader:
    """Gathers the lines below the printed headings of the part, and its grid."""

    family: str
    notebook: Notebook
    inside: bool = False
    lines: list[Line] = field(default_factory=list)
    found: list[Responsibility] = field(default_factory=list)

    def take(self, block: Paragraph) -> bool:
        """Take a paragraph that belongs to the part; whether it does."""
        if folded(block.text) in PARTS:
            self.inside = False
            return True
        self.inside = self.inside or begins_section(block.text)
        if self.inside:
            self.lines += [Line(block.line, text) for text in block.text.split("\n")]
        return self.inside

    def leave(self) -> None:
        """A table begins: what follows is no longer the department's."""
        self.inside = False

    def duties(self, rows: Sequence[GridRow]) -> bool:
        """Read the grid of responsibilities; whether it is one."""
        first = rows[0].cells if rows else ()
        heads = {label_of(cell.text): (cell.column, cell.column + cell.columns) for cell in first}
        if not {"职责名称", "活动名称"} <= heads.keys():
            return False
        for row in rows[1:]:
            texts = [cell_or_none(text_under(row, heads[name])) if name in heads else None for name in DUTY_HEADS]
            begins = any(cell.column == heads["职责名称"][0] and cell.text for cell in row.begun)
            if begins:
                self.found.append(Responsibility(texts[0], texts[1], texts[2]))
            if any(texts[3:]) and self.found:
                last = self.found[-1]
                activity = Activity(texts[3], texts[4], texts[5])
                self.found[-1] = Responsibility(last.name, last.description, last.goal, (*last.activities, activity))
        return True

    def part(self) -> Json | None:
        """Return the part's JSON, None where nothing of it is printed."""
        read = read_department(self.lines, self.notebook)
        if read is None and not self.found:
            return None
        part = read or DepartmentPart()
        safeguards = part.safeguards
        if self.family == SPECIAL_FUND:
            printed = sections_of(self.lines, self.notebook).get("safeguards", [])
            safeguards = tuple(Safeguard(None, text) for text in listed(printed))
        printed_part = DepartmentPart(
            part.name, part.overall_goals, tuple(self.found), part.itemised_goals, part.long_term_goals, safeguards
        ).to_json()
        tasks = tasks_in(sections_of(self.lines, Notebook()).get("tasks", []), self.notebook)
        return {**printed_part, "tasks": tasks} if tasks else printed_part

