"""Who has filed what a campaign asks for: unit by unit from the facts of the log, in time, late, or missing (I3)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from workflows.campaigns.standing import Campaign, Declaration, Purpose
from workflows.vocabulary import Word

FILED_BY: Mapping[Purpose, str] = {
    Purpose.GOAL_FILING: "table.submitted",
    Purpose.MONITORING: "monitoring.filed",
    Purpose.SELF_EVALUATION: "selfeval.filed",
}
TAKEN_BACK_BY = {Purpose.GOAL_FILING: "table.withdrawn"}
"""What undoes a filing: the unit's own taking back. A return does not: the table was filed."""


class Standing(Word):
    """How a unit or a table stands in a campaign."""

    FILED = "filed", "已报", "filed"
    LATE = "late", "迟报", "late"
    MISSING = "missing", "未报", "missing"
    NOTHING = "nothing", "无须报", "nothing to file"


@dataclass(frozen=True)
class Owed:
    """A table that a campaign asks for, and since when it has been filed (UTC); None while it has not."""

    table: UUID
    title: str
    unit: str
    filed_at: datetime | None = None
    closed: str = ""


@dataclass(frozen=True)
class Stubs:
    """How many classified projects a unit registered by number alone, and since when it has been that many or more."""

    count: int
    at: datetime


def registered(marks: Iterable[tuple[str, int, datetime]]) -> Stubs | None:
    """Return a unit's classified projects from what was registered, oldest first: source, number, when; None for none.

    A source is the unit's own register, or an imported file; its newest number counts. Taking some back is no filing:
    what was registered in time stays so.
    """
    newest: dict[str, int] = {}
    sums = []
    for source, number, at in marks:
        newest[source] = number
        sums.append((sum(newest.values()), at))
    since = None
    for total, at in sums:
        since = (since or at) if total >= sums[-1][0] else None
    return Stubs(sums[-1][0], since) if since and sums[-1][0] else None


@dataclass(frozen=True)
class Sums:
    """What a unit's tables come to: filed in time, late, missing, and when the last one was filed."""

    filed: int = 0
    late: int = 0
    missing: int = 0
    last: datetime | None = None


@dataclass(frozen=True)
class UnitStands:
    """One unit in a campaign: `at` is when what it owes was complete; numbers count tables, stubs among the filed."""

    unit: str
    department: str
    standing: Standing
    filed: int
    late: int
    missing: int
    stubs: int
    closes: datetime
    at: datetime | None
    urged_at: datetime | None
    declared: Declaration | None
    tables: tuple[Owed, ...] = ()


@dataclass(frozen=True)
class Counted:
    """Units by how they stand, and tables: filed in time, late, missing; stubs are among the tables filed."""

    units: int
    filed_units: int
    late_units: int
    missing_units: int
    nothing: int
    filed: int
    late: int
    missing: int
    stubs: int

    @property
    def share(self) -> str:
        """Return the share of units that filed, of those that owe something, in whole percent rounded down."""
        owing = self.units - self.nothing
        return f"{(self.filed_units + self.late_units) * 100 // owing}%" if owing else "—"


def filed_since(marks: Iterable[tuple[str, datetime]], purpose: Purpose) -> datetime | None:
    """Return since when a table has been filed, from the kinds and moments of its events in their order."""
    since = None
    for kind, at in marks:
        if kind == FILED_BY[purpose]:
            since = since or at
        elif kind == TAKEN_BACK_BY.get(purpose):
            since = None
    return since


def coverage(
    campaign: Campaign, owed: Iterable[Owed], stubs: Mapping[str, Stubs]
) -> tuple[UnitStands, ...]:  # fmt: skip
    """Return every unit asked, by department and unit, with its tables; tables of other units do not count."""
    tables: dict[str, list[Owed]] = {unit: [] for unit in campaign.scope}
    for each in owed:
        if each.unit in tables:
            tables[each.unit].append(each)
    sums = {unit: summed(campaign, mine) for unit, mine in tables.items()}
    found = coverage_by_sums(campaign, sums, stubs)
    return tuple(
        replace(each, tables=tuple(sorted(tables[each.unit], key=lambda one: (one.title, one.table))))
        for each in found
    )  # fmt: skip


def coverage_by_sums(
    campaign: Campaign, sums: Mapping[str, Sums], stubs: Mapping[str, Stubs]
) -> tuple[UnitStands, ...]:  # fmt: skip
    """Return every unit asked, by department and unit, without its tables: from what they come to."""
    counted = stubs if campaign.purpose == Purpose.GOAL_FILING else {}
    found = [_unit(campaign, unit, _with(campaign, sums.get(unit, Sums()), counted.get(unit)), counted.get(unit))
             for unit in campaign.scope]
    return tuple(sorted(found, key=lambda each: (each.department, each.unit)))


def summed(campaign: Campaign, owed: Sequence[Owed]) -> Sums:
    """Return what a unit's tables come to."""
    times = [each.filed_at for each in owed if each.filed_at]
    late = sum(at >= campaign.closes for at in times)
    return Sums(len(times) - late, late, len(owed) - len(times), max(times, default=None))


def _with(campaign: Campaign, sums: Sums, stubs: Stubs | None) -> Sums:
    """Count in the classified projects that were registered by number alone."""
    if stubs is None:
        return sums
    late = stubs.count if stubs.at >= campaign.closes else 0
    last = max(stubs.at, sums.last) if sums.last else stubs.at
    return replace(sums, filed=sums.filed + stubs.count - late, late=sums.late + late, last=last)


def _unit(campaign: Campaign, unit: str, sums: Sums, stubs: Stubs | None) -> UnitStands:
    said = campaign.declared.get(unit)
    at = _complete_at(campaign, sums, said)
    return UnitStands(
        unit, campaign.scope[unit], _standing(campaign, sums, at), sums.filed, sums.late, sums.missing,
        stubs.count if stubs else 0, campaign.closes_for(unit), at, campaign.urged.get(unit), said,
    )  # fmt: skip


def _complete_at(campaign: Campaign, sums: Sums, said: Declaration | None) -> datetime | None:
    """Return when a unit had filed all: by its own word, or once nothing is missing and enough was filed."""
    if said:
        return said.at
    enough = max(campaign.least, 1) if campaign.purpose == Purpose.GOAL_FILING else 1
    return sums.last if not sums.missing and sums.filed + sums.late >= enough else None


def _standing(campaign: Campaign, sums: Sums, at: datetime | None) -> Standing:
    if at is None:
        nothing = campaign.purpose != Purpose.GOAL_FILING and not (sums.filed or sums.late or sums.missing)
        return Standing.NOTHING if nothing else Standing.MISSING
    return Standing.LATE if at >= campaign.closes else Standing.FILED


def counted(units: Iterable[UnitStands]) -> Counted:
    """Return the sums over units."""
    found = tuple(units)

    def number(standing: Standing) -> int:
        return sum(each.standing == standing for each in found)

    return Counted(
        len(found), number(Standing.FILED), number(Standing.LATE), number(Standing.MISSING), number(Standing.NOTHING),
        sum(each.filed for each in found), sum(each.late for each in found), sum(each.missing for each in found),
        sum(each.stubs for each in found),
    )  # fmt: skip


def by_department(units: Iterable[UnitStands]) -> dict[str, tuple[UnitStands, ...]]:
    """Return the units of every department, departments in order."""
    found: dict[str, list[UnitStands]] = {}
    for each in units:
        found.setdefault(each.department, []).append(each)
    return {department: tuple(found[department]) for department in sorted(found)}


def table_standing(owed: Owed, campaign: Campaign) -> Standing:
    """Return how one table stands."""
    if owed.filed_at is None:
        return Standing.MISSING
    return Standing.LATE if owed.filed_at >= campaign.closes else Standing.FILED
