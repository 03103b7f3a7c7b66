"""Which acts of a history a superior did at a task that a ladder had handed to him: they are shown as 升级办理."""

from collections.abc import Sequence

from workflows.definitions.ladders import Deed
from workflows.events import Recorded, TaskEscalated

SHOWN = "升级办理"


def handed_acts(history: Sequence[Recorded]) -> frozenset[int]:
    """Return the versions of the acts that were done at a handed task under the superior's post."""
    handed: dict[str, set[tuple[str, str]]] = {}
    found = set()
    for each in history:
        fact = each.fact
        if isinstance(fact, TaskEscalated):
            if fact.do == Deed.HAND:
                handed.setdefault(fact.task, set()).add((fact.role, fact.organ))
        elif (str(each.role), each.organ) in handed.get(str(getattr(fact, "task", "")), ()):
            found.add(each.version)
    return frozenset(found)
