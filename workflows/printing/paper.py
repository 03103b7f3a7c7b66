"""Everything that the official forms of one table are printed from: values only, read by a command."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from workflows.content.naming import BY_CODE, Called
from workflows.definitions import Chain
from workflows.events import Recorded
from workflows.organs import Organ, called_then, reorganisations_beside
from workflows.packs.pack import Help
from workflows.packs.review_form import ReviewForm
from workflows.rights.waived import Signed
from workflows.state.standing import Table
from workflows.workdays import BEIJING

BLANK = "　"
YEAR_LINE = "（{year}年度）"


@dataclass(frozen=True)
class Paper:
    """A table, its content and its log, and what their codes are called. `foot` goes to the foot of every page.

    `told` are the reorganisations of organs, `today` the organs as they left them.
    `earlier` holds by row ID the targets that a revision changed before the content came into force; `helps` is the
    pack's 填报说明 while the table is drafted; `codes` are the organs' codes, of those that have one.
    """

    table: Table
    content: Mapping[str, Any]
    history: Sequence[Recorded]
    chain: Chain
    organs: Mapping[str, str]
    called: Called = BY_CODE
    waivers: Sequence[Signed] = ()
    review_form: ReviewForm | None = None
    foot: str = ""
    earlier: Mapping[str, Sequence[str]] = field(default_factory=dict)
    helps: Mapping[str, Help] | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    today: Sequence[Organ] = ()
    told: Sequence[Recorded] = ()

    def organ(self, code: str) -> str:
        """Return an organ's name, its code where nobody named it."""
        return self.organs.get(code, code)

    def organ_then(self, code: str, at: datetime) -> str:
        """Return what an organ was called at a moment, with today's name behind where it is another."""
        return called_then(self.today, self.told, code, at) if self.told else self.organ(code)

    @property
    def beside(self) -> tuple[Recorded, ...]:
        """Return what happened to the table's organs since its first event."""
        table, now = self.table, datetime.max.replace(tzinfo=UTC)
        return reorganisations_beside(self.told, table.unit, table.department, self.history[0].at, now)

    @property
    def year(self) -> str:
        """Return the line under the title."""
        return YEAR_LINE.format(year=self.table.year or self.content.get("fiscal_year") or BLANK * 4)

    @property
    def department(self) -> str:
        """Return the supervising department as the form prints it, else the organ's name."""
        return self.content.get("supervising_department") or self.organ(self.table.department)

    @property
    def coded_department(self) -> str:
        """Return 主管部门及代码: the department with its code, where the form names it as the organ is called."""
        code = self.codes.get(self.table.department, "")
        own = self.department == self.organ(self.table.department)
        return f"{self.department}（{code}）" if code and own else self.department

    @property
    def unit(self) -> str:
        """Return the implementing unit as the form prints it, else the organ's name, with its code."""
        code = self.content.get("unit_code")
        name = self.content.get("implementing_unit") or self.organ(self.table.unit)
        return f"{name}（{code}）" if code else name

    @property
    def unit_of_money(self) -> str:
        """Return the unit of the amounts."""
        return self.content.get("amount_unit") or "万元"

    @property
    def rows(self) -> Sequence[Mapping[str, Any]]:
        """Return the indicator rows."""
        rows: Sequence[Mapping[str, Any]] = self.content["indicators"]
        return rows


def moment(at: datetime | str | None) -> str:
    """Return a moment in Beijing to the minute: 2026-03-31 16:05; nothing of nothing."""
    if not at:
        return ""
    value = datetime.fromisoformat(at) if isinstance(at, str) else at
    return value.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def chinese_day(at: datetime | str | None) -> str:
    """Return a day in Beijing as forms print it: 2026年3月31日; blanks to fill where there is none."""
    if not at:
        return f"{BLANK * 4}年{BLANK * 2}月{BLANK * 2}日"
    value = (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(BEIJING)
    return f"{value.year}年{value.month}月{value.day}日"


def numbered(texts: Iterable[str]) -> str:
    """Return goals as a numbered list, one alone without a number."""
    found = list(texts)
    return found[0] if len(found) == 1 else "\n".join(f"{at}、{text}" for at, text in enumerate(found, 1))
