"""The made-up city as data: organs, people with their posts, sample documents and whose they are."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from workflows.commands.importing import Home
from workflows.vocabulary import Actor, Post, Role


@dataclass(frozen=True)
class Organ:
    """An organ: kind is bureau, department, unit or outside; `parent` is its superior's id."""

    id: str
    name: str
    kind: str
    parent: str | None
    code: str


@dataclass(frozen=True)
class Sample:
    """A shipped document: its file, its fiscal year, its unit (some tables' others by printed code) and its clerks."""

    file: str
    year: int
    unit: str
    units_by_code: Mapping[str, str]
    owners: tuple[str, ...]


@dataclass(frozen=True)
class City:
    """The whole city."""

    name: str
    password: str
    mail_domain: str
    organs: tuple[Organ, ...]
    people: tuple[Actor, ...]
    samples: tuple[Sample, ...]

    def organ(self, organ_id: str) -> Organ:
        """Return an organ by its id; KeyError if the city has none."""
        return {organ.id: organ for organ in self.organs}[organ_id]

    def person(self, person_id: str) -> Actor:
        """Return a person by id; KeyError if the city has none."""
        return {person.id: person for person in self.people}[person_id]

    def clerks_of(self, unit: str) -> tuple[Actor, ...]:
        """Return the clerks of a unit in the order of the data."""
        return tuple(person for person in self.people if person.holds(Role.CLERK, unit))

    def units(self) -> tuple[Organ, ...]:
        """Return every unit that has a clerk."""
        return tuple(organ for organ in self.organs if organ.kind == "unit" and self.clerks_of(organ.id))

    def home(self, unit: str, owner: str) -> Home:
        """Return the home of a table: its unit, the department above it and the bureau above that."""
        department = self.organ(unit).parent or unit
        return Home(self.organ(department).parent or department, department, unit, owner)

    def homes_of(self, sample: Sample, tables: tuple[Mapping[str, Any], ...]) -> tuple[Home, ...]:
        """Return a home for each table: by its printed unit code where the sample says so; its clerks in turn."""
        homes = []
        for number, table in enumerate(tables):
            unit = sample.units_by_code.get(table["unit_code"] or "", sample.unit)
            own = [clerk.id for clerk in self.clerks_of(unit)]
            owners = [owner for owner in sample.owners if owner in own] or own
            homes.append(self.home(unit, owners[number % len(owners)]))
        return tuple(homes)


@cache
def shipped_city() -> City:
    """Return the city that ships with the product."""
    data: dict[str, Any] = json.loads((files("service.demo") / "city.json").read_text(encoding="utf-8"))
    return City(
        name=data["city"], password=data["password"], mail_domain=data["mail_domain"],
        organs=tuple(Organ(**organ) for organ in data["organs"]),
        people=tuple(_person(person) for person in data["persons"]),
        samples=tuple(
            Sample(each["file"], each["year"], each["unit"], each.get("units_by_code", {}), tuple(each["owners"]))
            for each in data["documents"]
        ),
    )  # fmt: skip


def _person(data: Mapping[str, Any]) -> Actor:
    posts = tuple(Post(Role(post["role"]), post["organ"]) for post in data["posts"])
    return Actor(data["id"], data["name"], posts)


def sample_bytes(sample: Sample) -> bytes:
    """Return a shipped document."""
    return (files("service.demo") / "documents" / sample.file).read_bytes()
