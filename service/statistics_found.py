"""What the statistics page, its lists and its files are about: the year and organs asked for, counted once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from flask_babel import gettext as _

from service.access_list import moment_meant
from service.context import STATISTICS_READERS, person, transaction
from service.organ_book import organs
from service.pages.posted import asked, year_of
from workflows.errors import NotAllowed
from workflows.measures.statistics import Line, Statistics, statistics_of
from workflows.measures.tallies import Tally
from workflows.measures.unit_loop import Rate, joined, loop_of
from workflows.store.queries import Filters
from workflows.store.stubs import stubs_counted
from workflows.store.tallies import tallies_for, tallies_then, years_counted
from workflows.vocabulary import BUREAU_ROLES, Actor
from workflows.workdays import beijing_date


def may_read_statistics(actor: Actor) -> bool:
    """Whether the person oversees somebody: the bureau, a department, or the own unit."""
    return actor.holds_any(STATISTICS_READERS)


@dataclass(frozen=True)
class Asked:
    """What was asked for; `moment` is a past moment (UTC), None for now, `typed` as it was typed.

    `years` are those that have tables to count, newest first.
    """

    year: int
    department: str
    unit: str
    moment: datetime | None
    typed: str
    years: tuple[int, ...] = ()

    def address(self, **more: str) -> dict[str, str]:
        """Return the words of an address that asks for the same, and more."""
        named = {"year": str(self.year), "department": self.department, "unit": self.unit, "as_of": self.typed}
        return {name: value for name, value in (named | more).items() if value}


@dataclass(frozen=True)
class Found:
    """The ratios and statistics of what was asked for, all together and by organ; `late` tallies are not of today."""

    asked: Asked
    day: str
    loop: tuple[Rate, ...]
    by_organ: Mapping[str, tuple[Rate, ...]]
    statistics: Statistics
    departments: tuple[str, ...]
    units: tuple[str, ...]
    late: int
    tables: int
    at: datetime

    def parts(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield every number of the page as (its key, the tables behind it)."""
        for organ, rates in {"": self.loop, **self.by_organ}.items():
            for rate in rates:
                for side, part in (("above", rate.above), ("below", rate.below), ("due", rate.due)):
                    if part:
                        yield f"loop:{organ}:{rate.key}:{side}", part.tables
        for name, lines in self.lines():
            for line in lines:
                for place, tables in enumerate(line.tables):
                    yield f"{name}:{line.key}:{place}", tables
        yield "moved", self.statistics.moved.tables
        yield "gap", self.statistics.gap.tables

    def lines(self) -> tuple[tuple[str, tuple[Line, ...]], ...]:
        """Return the kinds of numbers by name."""
        told = self.statistics
        return (
            ("grades", told.grades), ("colours", told.colours), ("reasons", told.reasons), ("scores", (told.scores,)),
            ("patterns", told.patterns),
        )  # fmt: skip


def what_is_asked() -> Asked:
    """Return what the address asks for; by default the newest year that has tables, all organs of one's scope, now."""
    now, years = transaction().now(), years_counted(transaction(), person())
    typed = asked("as_of")
    return Asked(
        year_of(asked("year")) or next(iter(years), beijing_date(now).year), asked("department"), asked("unit"),
        min(moment_meant(typed), now) if typed else None, typed, years,
    )  # fmt: skip


def found_now() -> Found:
    """Return what the address asks for, counted; NotAllowed for whoever oversees nobody."""
    if not may_read_statistics(person()):
        raise NotAllowed(_("统计由财政部门、主管部门和单位负责人查看。"), rule="R-ROLE")
    return counted(what_is_asked(), person())


def counted(wanted: Asked, by: Actor) -> Found:
    """Count what somebody asks for, within his scope."""
    tx = transaction()
    filters = Filters(year=wanted.year, department=wanted.department or None, unit=wanted.unit or None)
    found = tallies_then(tx, by, filters, wanted.moment) if wanted.moment else tallies_for(tx, by, filters)
    at = wanted.moment or tx.now()
    heir = cache(organs().then(at).heir)
    stubs: dict[tuple[str, str], int] = {}
    for (department, unit), number in stubs_counted(tx, by, wanted.year, wanted.moment).items():
        whose = (heir(department), heir(unit))
        if wanted.department in ("", whose[0]) and wanted.unit in ("", whose[1]):
            stubs[whose] = stubs.get(whose, 0) + number
    day, wide = beijing_date(at).isoformat(), not wanted.department and by.holds_any(BUREAU_ROLES)
    groups: dict[str, list[Tally]] = {}
    for each in found.tallies:
        groups.setdefault(heir(each.department if wide else each.unit), []).append(each)
    known = dict.fromkeys(sorted({*groups, *(whose[0 if wide else 1] for whose in stubs)}))
    by_organ = {
        organ: loop_of(groups.get(organ, ()), stubs=_of(stubs, organ, 0 if wide else 1), day=day) for organ in known
    }
    return Found(
        asked=wanted, day=day, by_organ=by_organ,
        loop=joined(list(by_organ.values())) if by_organ else loop_of((), stubs=0, day=day),
        statistics=statistics_of(
            found.tallies, by=lambda each: heir(each.department if wide else each.unit), day=day
        ),
        departments=tuple(sorted({heir(each.department) for each in found.tallies})),
        units=tuple(sorted({heir(each.unit) for each in found.tallies})), late=found.late,
        tables=sum(each.project for each in found.tallies), at=at,
    )  # fmt: skip


def _of(stubs: Mapping[tuple[str, str], int], organ: str, place: int) -> int:
    return sum(number for whose, number in stubs.items() if whose[place] == organ)
