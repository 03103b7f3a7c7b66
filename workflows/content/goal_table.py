"""A budget performance-goal table and the document it stands in: frozen values in the shape of the corpus README."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from workflows.content.targets import Target

Json = dict[str, Any]


YUAN_PER_WAN = Decimal(10_000)


def amount_of(printed: str | None) -> Decimal | None:
    """Read a printed amount ("11,961,500.0") as an exact number; None where it is empty or no number."""
    try:
        return Decimal((printed or "").replace(",", "").strip())
    except InvalidOperation:
        return None


def amount_in_wan(content: Mapping[str, Any]) -> Decimal | None:
    """Return a table content's total budget in 万元, None where it is unknown."""
    amount = amount_of((content.get("budget") or {}).get("total"))
    if amount is None or not amount.is_finite():
        return None
    return amount / YUAN_PER_WAN if content.get("amount_unit") == "元" else amount


@dataclass(frozen=True)
class Budget:
    """Amounts as printed, in the table's `amount_unit`; None is unknown, not zero."""

    total: str | None = None
    fiscal: str | None = None
    other: str | None = None
    carryover: str | None = None

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Take the four amounts."""
        return cls(value["total"], value["fiscal"], value["other"], value["carryover"])


@dataclass(frozen=True)
class Allocated:
    """The second set of columns of a region project: what is already allocated to the own level, with its goals."""

    total: str | None = None
    fiscal: str | None = None
    other: str | None = None
    carryover: str | None = None
    goals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checkpoint:
    """One checkpoint of the spending plan with its cumulative percentage as printed."""

    checkpoint: str
    cumulative_percent: str | None = None


@dataclass(frozen=True)
class Task:
    """One of the year's main tasks (年度主要任务)."""

    name: str
    content: tuple[str, ...] = ()


@dataclass(frozen=True)
class Indicator:
    """One row of the indicator tree."""

    level1: str | None
    level2: str | None
    level3: str | None
    target: Target
    description: str | None = None
    basis: str | None = None
    requirement: str | None = None

    def to_json(self) -> Json:
        """Spell the row in the order of the corpus README."""
        return {
            "level1": self.level1, "level2": self.level2, "level3": self.level3, "description": self.description,
            "target": asdict(self.target), "basis": self.basis, "requirement": self.requirement,
        }  # fmt: skip

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Take a row; keys that the corpus shape does not name are left alone."""
        target = value["target"]
        return cls(
            value["level1"], value["level2"], value["level3"],
            Target(target["raw"], target["op"], target["value"], target["unit"]),
            value["description"], value["basis"], value["requirement"],
        )  # fmt: skip


@dataclass(frozen=True)
class GoalTable:
    """One 绩效目标表: a project's, a unit's or a department's."""

    scope: str
    title: str | None = None
    number: int | None = None
    fiscal_year: int | None = None
    project_code: str | None = None
    supervising_department: str | None = None
    implementing_unit: str | None = None
    unit_code: str | None = None
    attribute: str | None = None
    period: str | None = None
    amount_unit: str | None = None
    budget: Budget = Budget()
    purpose: str | None = None
    spending_plan: tuple[Checkpoint, ...] = ()
    goals: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    budget_detail: Mapping[str, Mapping[str, str | None]] | None = None
    allocated: Allocated | None = None

    def to_json(self) -> Json:
        """Spell the table; the boxes that only one family has appear where they are filled."""
        value = {name: getattr(self, name) for name in _PLAIN}
        value["budget"] = asdict(self.budget)
        value["purpose"] = self.purpose
        value["spending_plan"] = [asdict(checkpoint) for checkpoint in self.spending_plan]
        value["goals"] = list(self.goals)
        value["tasks"] = [{"name": task.name, "content": list(task.content)} for task in self.tasks]
        value["indicators"] = [indicator.to_json() for indicator in self.indicators]
        if self.budget_detail is not None:
            value["budget_detail"] = {group: dict(rows) for group, rows in self.budget_detail.items()}
        if self.allocated is not None:
            value["allocated"] = asdict(self.allocated) | {"goals": list(self.allocated.goals)}
        return value

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Take a table; keys that the corpus shape does not name (`notes`) are left alone."""
        table = cls(
            **{name: value[name] for name in _PLAIN},
            budget=Budget.from_json(value["budget"]),
            purpose=value["purpose"],
            spending_plan=tuple(Checkpoint(p["checkpoint"], p["cumulative_percent"]) for p in value["spending_plan"]),
            goals=tuple(value["goals"]),
            tasks=tuple(Task(task["name"], tuple(task["content"])) for task in value["tasks"]),
            indicators=tuple(Indicator.from_json(row) for row in value["indicators"]),
            budget_detail=value.get("budget_detail"),
        )
        extra = value.get("allocated")
        return replace(table, allocated=Allocated(**(extra | {"goals": tuple(extra["goals"])}))) if extra else table


_PLAIN = (
    "scope", "title", "number", "fiscal_year", "project_code", "supervising_department", "implementing_unit",
    "unit_code", "attribute", "period", "amount_unit",
)  # fmt: skip


@dataclass(frozen=True)
class Activity:
    """What is done for a responsibility (活动)."""

    name: str | None
    description: str | None = None
    goal: str | None = None


@dataclass(frozen=True)
class Responsibility:
    """A duty of the department (职责) with its activities."""

    name: str | None
    description: str | None = None
    goal: str | None = None
    activities: tuple[Activity, ...] = ()


@dataclass(frozen=True)
class ItemisedGoal:
    """One goal of the department's itemised goals (分项绩效目标) with the names of its indicators."""

    title: str
    goal: str | None = None
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True)
class Safeguard:
    """A safeguard; without a title its text stands alone."""

    title: str | None
    text: str

    def to_json(self) -> Json | str:
        """Spell the safeguard: a text alone, or title and text."""
        return self.text if self.title is None else {"title": self.title, "text": self.text}


@dataclass(frozen=True)
class DepartmentPart:
    """The department's own part (部门整体)."""

    name: str | None = None
    overall_goals: tuple[str, ...] = ()
    responsibilities: tuple[Responsibility, ...] = ()
    itemised_goals: tuple[ItemisedGoal, ...] = ()
    long_term_goals: tuple[str, ...] = ()
    safeguards: tuple[Safeguard, ...] = ()

    def to_json(self) -> Json:
        """Spell the part in the order of the corpus README."""
        return {
            "name": self.name,
            "overall_goals": list(self.overall_goals),
            "responsibilities": [
                asdict(duty) | {"activities": [asdict(activity) for activity in duty.activities]}
                for duty in self.responsibilities
            ],
            "itemised_goals": [asdict(goal) | {"indicators": list(goal.indicators)} for goal in self.itemised_goals],
            "long_term_goals": list(self.long_term_goals),
            "safeguards": [safeguard.to_json() for safeguard in self.safeguards],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Take the part."""
        return cls(
            value["name"],
            tuple(value["overall_goals"]),
            tuple(
                Responsibility(
                    duty["name"], duty["description"], duty["goal"],
                    tuple(Activity(a["name"], a["description"], a["goal"]) for a in duty["activities"]),
                )
                for duty in value["responsibilities"]
            ),
            tuple(ItemisedGoal(g["title"], g["goal"], tuple(g["indicators"])) for g in value["itemised_goals"]),
            tuple(value["long_term_goals"]),
            tuple(Safeguard(None, s) if isinstance(s, str) else Safeguard(**s) for s in value["safeguards"]),
        )  # fmt: skip


@dataclass(frozen=True)
class FilingDocument:
    """A whole document: its family, its tables, the department's part and how many tables are kept secret."""

    source: str
    family: str
    tables: tuple[GoalTable, ...]
    department: DepartmentPart | None = None
    undisclosed_tables: int = 0

    def to_json(self) -> Json:
        """Spell the document as the corpus README does."""
        return {
            "source": self.source,
            "family": self.family,
            "tables": [table.to_json() for table in self.tables],
            "department": self.department.to_json() if self.department else None,
            "undisclosed_tables": self.undisclosed_tables,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Take a document."""
        department = value["department"]
        return cls(
            value["source"], value["family"], tuple(GoalTable.from_json(table) for table in value["tables"]),
            DepartmentPart.from_json(department) if department else None, value["undisclosed_tables"],
        )  # fmt: skip
