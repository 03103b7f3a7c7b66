"""The organs as they stand at a moment: a pure function of today's organs, the reorganisations and the moment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from workflows.events import OrganClosed, OrganFounded, OrganMerged, OrganMoved, OrganRenamed, Recorded

SORTS: Mapping[str, str] = {"bureau": "财政部门", "department": "主管部门", "unit": "预算单位", "outside": "外部机构"}
"""What an organ can be, with its printed word."""


@dataclass(frozen=True)
class Organ:
    """An organ; an ended one has the moment of its end (UTC), a merged one also its successor.

    `code` is the 统一社会信用代码 or the department's budget code; an empty word says that there is none.
    """

    id: str
    name: str
    sort: str
    parent: str = ""
    code: str = ""
    ended_at: datetime | None = None
    successor: str = ""


@dataclass(frozen=True)
class OrganTree:
    """All organs of a moment, those that have ended too."""

    organs: Mapping[str, Organ]

    def organ(self, organ: str) -> Organ | None:
        """Return the organ of that ID."""
        return self.organs.get(organ)

    def lives(self, organ: str) -> bool:
        """Whether there is such an organ and it has not ended."""
        found = self.organs.get(organ)
        return found is not None and found.ended_at is None

    def heir(self, organ: str) -> str:
        """Return who decides for an organ: itself, or the last in the line of its successors."""
        found = self.organs.get(organ)
        return self.heir(found.successor) if found is not None and found.successor else organ

    def line(self, organ: str) -> tuple[str, ...]:
        """Return the organ and all that went into it, directly or through others, by ID after it."""
        return (organ, *self._predecessors.get(organ, ()))

    @cached_property
    def _predecessors(self) -> Mapping[str, tuple[str, ...]]:
        gone: dict[str, list[str]] = {}
        for each in sorted(self.organs):
            successor = self.organs[each].successor
            while successor:
                gone.setdefault(successor, []).append(each)
                successor = self.organs[successor].successor
        return {organ: tuple(found) for organ, found in gone.items()}

    def name(self, organ: str) -> str:
        """Return the name that an organ has, or had to the end; its ID where the roster has none."""
        found = self.organs.get(organ)
        return found.name if found else organ

    def spoken(self, organ: str) -> str:
        """Return how an organ is called: of a merged one its successor's name with its own behind it (原…)."""
        found = self.organs.get(organ)
        if found is None or found.ended_at is None:
            return self.name(organ)
        return f"{self.name(self.heir(organ))}（原{found.name}）" if found.successor else f"{found.name}（已撤销）"

    def children(self, organ: str) -> tuple[Organ, ...]:
        """Return the living organs right under one, by name."""
        return tuple(each for each in self.living if each.parent == organ)

    @cached_property
    def living(self) -> tuple[Organ, ...]:
        """Return the organs that have not ended, by sort and name."""
        order = [*SORTS]
        return tuple(
            sorted(
                (each for each in self.organs.values() if each.ended_at is None),
                key=lambda each: (order.index(each.sort), each.name, each.id),
            )
        )


Organs = Mapping[str, Organ]


def organs_after(organs: Organs, recorded: Recorded) -> Organs:
    """Return the organs as a reorganisation leaves them; an event of any other kind changes nothing."""
    fact = recorded.fact
    if isinstance(fact, OrganFounded):
        return {**organs, fact.organ: Organ(fact.organ, fact.name, fact.sort, fact.parent, fact.code)}
    if isinstance(fact, OrganRenamed):
        return _with(organs, [fact.organ], name=fact.name, code=fact.code)
    if isinstance(fact, OrganMoved):
        return _with(organs, [fact.organ], parent=fact.parent)
    if isinstance(fact, OrganMerged):
        return _with(organs, fact.organs, ended_at=recorded.at, successor=fact.successor)
    if isinstance(fact, OrganClosed):
        return _with(organs, [fact.organ], ended_at=recorded.at)
    return organs


def organs_before(organs: Organs, recorded: Recorded) -> Organs:
    """Return the organs as they were before a reorganisation that was the last one; what organs_after does, undone."""
    fact = recorded.fact
    if isinstance(fact, OrganFounded):
        return {organ: each for organ, each in organs.items() if organ != fact.organ}
    if isinstance(fact, OrganRenamed):
        return _with(organs, [fact.organ], name=fact.was, code=fact.code_was)
    if isinstance(fact, OrganMoved):
        return _with(organs, [fact.organ], parent=fact.was)
    if isinstance(fact, OrganMerged):
        return _with(organs, fact.organs, ended_at=None, successor="")
    if isinstance(fact, OrganClosed):
        return _with(organs, [fact.organ], ended_at=None)
    return organs


def tree_at(today: Iterable[Organ], history: Sequence[Recorded], at: datetime | None = None) -> OrganTree:
    """Return the tree of a moment (None: now) from today's organs and the reorganisations, oldest first.

    A reorganisation counts from the moment at which it was recorded: what somebody might or might not do at an earlier
    moment never changes by a later record. The first organs stand in no event; each fact says what was before it.
    """
    organs: Organs = {each.id: each for each in today}
    for recorded in reversed(history):
        if at is not None and recorded.at > at:
            organs = organs_before(organs, recorded)
    return OrganTree(organs)


def _with(organs: Organs, chosen: Iterable[str], **news: object) -> Organs:
    changed = {organ: replace(organs[organ], **news) for organ in chosen if organ in organs}  # type: ignore[arg-type]
    return {**organs, **changed}
