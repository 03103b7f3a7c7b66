"""The real people that a chain is held against: who holds which post, and which units there are, with whom above."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from workflows.vocabulary import Actor, Role


@dataclass(frozen=True)
class Home:
    """A unit with the department above it and the bureau above that, by ID."""

    unit: str
    department: str
    bureau: str

    def organ(self, of: str) -> str:
        """Return the organ of a kind: unit, department or bureau; empty for any other word."""
        return {"unit": self.unit, "department": self.department, "bureau": self.bureau}.get(of, "")


@dataclass(frozen=True)
class Roster:
    """Every unit that files tables and everybody with a post; `names` are the organs' printed names by ID."""

    homes: tuple[Home, ...]
    people: tuple[Actor, ...]
    names: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _holders(self) -> Mapping[tuple[Role, str], tuple[str, ...]]:
        held: dict[tuple[Role, str], set[str]] = {}
        for person in self.people:
            for post in person.posts:
                held.setdefault((post.role, post.organ), set()).add(person.id)
        return {post: tuple(sorted(people)) for post, people in held.items()}

    def holders(self, role: Role, organ: str) -> tuple[str, ...]:
        """Return the IDs of those who hold a role in an organ, in order."""
        return self._holders.get((role, organ), ())

    def name(self, organ: str) -> str:
        """Return an organ's printed name, or its ID where none is known."""
        return self.names.get(organ, organ)

    @cached_property
    def _people(self) -> Mapping[str, str]:
        return {person.id: person.name for person in self.people}

    def person(self, person: str) -> str:
        """Return a person's name."""
        return self._people.get(person, person)
