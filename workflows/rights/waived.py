"""Which decisions stand under a waiver (S12): two desks of one small unit signed by one person, openly marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from workflows.events import Recorded, TaskDecided


@dataclass(frozen=True)
class Signed:
    """A waiver as it was signed: for whom, by whom, from when until when (the end does not belong to it)."""

    person: str
    person_name: str
    signed_by_name: str
    reason: str
    signed_at: datetime
    until: datetime

    def holds(self, at: datetime) -> bool:
        """Whether the waiver is in force at a moment."""
        return self.signed_at <= at < self.until


def waived_decisions(history: Iterable[Recorded], waivers: Sequence[Signed]) -> frozenset[int]:
    """Return the versions of a table's decisions inside the unit that only a waiver made possible."""
    if not waivers:
        return frozenset()
    found: set[int] = set()
    first: dict[tuple[str, int], str] = {}
    for each in history:
        fact = each.fact
        if not isinstance(fact, TaskDecided) or fact.level.partition("_")[0] != "unit":
            continue
        node = first.setdefault((each.actor_id, fact.round), fact.node)
        if node != fact.node and any(one.person == each.actor_id and one.holds(each.at) for one in waivers):
            found.add(each.version)
    return frozenset(found)
