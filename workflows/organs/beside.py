"""Which reorganisations belong into a table's history: those of its unit and department, and of their successors."""

from collections.abc import Sequence
from datetime import datetime

from workflows.events import OrganClosed, OrganMerged, OrganMoved, OrganRenamed, Recorded
from workflows.organs.tree import Organ, tree_at


def reorganisations_beside(
    told: Sequence[Recorded], unit: str, department: str, since: datetime, until: datetime
) -> tuple[Recorded, ...]:
    """Return what happened to a table's organs from its first to some moment, oldest first."""
    concerned, found = {unit, department}, []
    for recorded in told:
        fact = recorded.fact
        if isinstance(fact, OrganMerged):
            touched = bool(concerned & {*fact.organs})
            concerned |= {fact.successor} if touched else set()
        elif isinstance(fact, OrganMoved):
            touched = fact.organ == unit
        else:
            touched = isinstance(fact, OrganRenamed | OrganClosed) and fact.organ in concerned
        if touched and since <= recorded.at <= until:
            found.append(recorded)
    return tuple(found)


def called_then(today: Sequence[Organ], told: Sequence[Recorded], organ: str, at: datetime) -> str:
    """Return what an organ was called at a moment, and behind it what its heir is called now where that is another."""
    if not told:
        return next((each.name for each in today if each.id == organ), organ)
    then, now = tree_at(today, told, at), tree_at(today, told)
    name, heir = then.spoken(organ), now.name(now.heir(organ))
    return name if then.name(then.heir(organ)) == heir else f"{name}（今{heir}）"
