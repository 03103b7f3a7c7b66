"""The made-up town of a measurement: one bureau, twenty departments, two hundred units, each with its people."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from service.demo.city import City, Organ
from workflows.commands.importing import Home
from workflows.vocabulary import Actor, Post, Role

BUREAU = "bench-bureau"
UNITS, DEPARTMENTS = 200, 20
PASSWORD = "bench-2026"  # noqa: S105 - of accounts that live a few minutes in a folder of their own


@dataclass(frozen=True)
class House:
    """One unit with its department and its people; every word of it has the same length as in any other."""

    number: int

    @property
    def unit(self) -> str:
        """Return the unit's ID."""
        return f"unit-{self.number:04}"

    @property
    def department(self) -> str:
        """Return the department's ID."""
        return f"dept-{self.number % DEPARTMENTS:04}"

    @property
    def clerk(self) -> Actor:
        """Return who fills in."""
        return _person(f"clerk-{self.number:04}", Role.CLERK, self.unit)

    @property
    def head(self) -> Actor:
        """Return the unit's head."""
        return _person(f"head-{self.number:04}", Role.UNIT_HEAD, self.unit)

    @property
    def planner(self) -> Actor:
        """Return the department's planner."""
        return _person(f"planner-{self.number % DEPARTMENTS:04}", Role.DEPARTMENT_FINANCE, self.department)

    @property
    def home(self) -> Home:
        """Return whose its tables are."""
        return Home(BUREAU, self.department, self.unit, self.clerk.id)

    def tokens(self) -> dict[bytes, bytes]:
        """Return what differs between tables of two houses, by the word of the first house."""
        first, mine = House(0), self
        words = ("unit", "department")
        people = ("clerk", "head", "planner")
        return (
            {getattr(first, word).encode(): getattr(mine, word).encode() for word in words}
            | {getattr(first, each).id.encode(): getattr(mine, each).id.encode() for each in people}
        )


def _person(name: str, role: Role, organ: str) -> Actor:
    return Actor(name, "王小明", (Post(role, organ),))


@cache
def town() -> City:
    """Return the town, for the same planting as the demonstration's city."""
    return City("基准市", PASSWORD, "bench.example", tuple(_organs()), tuple(_people()), ())


def _organs() -> Iterator[Organ]:
    yield Organ(BUREAU, "基准市财政局", "bureau", None, "200")
    for number in range(DEPARTMENTS):
        house = House(number)
        yield Organ(house.department, f"第{number}主管部门", "department", BUREAU, f"{number:03}")
    for number in range(UNITS):
        house = House(number)
        yield Organ(house.unit, f"第{number}预算单位", "unit", house.department, f"{number:06}")


def _people() -> Iterator[Actor]:
    yield _person("security", Role.SECURITY_ADMIN, BUREAU)
    for number, role in enumerate((Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE, Role.FINANCE_BUDGET)):
        yield _person(f"bureau-{number}", role, BUREAU)
    for number in range(UNITS):
        house = House(number)
        yield house.clerk
        yield house.head
        if number < DEPARTMENTS:
            yield house.planner
