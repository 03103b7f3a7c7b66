"""Facts of experts from outside: a table was given to one, he declared a relation or none, he scored it (S11)."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class ExpertAssigned(Event):
    """A reviewer gave the table to an expert until the end of a Beijing day (ISO); it is a key project from then on."""

    kind = "expert.assigned"
    assignment: str
    node: str
    task: str
    round: int
    person: str
    name: str
    until: str


@dataclass(frozen=True)
class ExpertDeclared(Event):
    """The expert declared, before seeing it, whether he is related to unit or project (回避): then he is excluded."""

    kind = "expert.declared"
    erasable = ("reason",)
    assignment: str
    related: bool
    reason: str


@dataclass(frozen=True)
class ExpertScored(Event):
    """The expert filled the review form in with points: `items` by sub-item, total of 100, grade of its band."""

    kind = "expert.scored"
    erasable = ("opinion",)
    assignment: str
    items: Mapping[str, Mapping[str, str]]
    total: str
    grade: str
    opinion: str
    pack: str
    pack_hash: str
    content_hash: str
