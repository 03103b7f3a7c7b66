"""Open tasks that nobody may take: nobody holds the post, or segregation excludes everybody who does (features C8)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workflows.folds.replay import Desk, Table
from workflows.rights import permissions as may
from workflows.rights.segregation import refusal_at
from workflows.state.standing import changed
from workflows.vocabulary import Actor, Role

Holders = Callable[[Role, str], Sequence[Actor]]
"""Who holds a role in an organ now."""
NOBODY = "R-NOBODY"


@dataclass(frozen=True)
class Stranded:
    """An open task that nobody may take, and the rule: R-NOBODY, or the one that excludes its last holder."""

    desk: Desk
    rule: str


def stranded_tasks(table: Table, holders: Holders) -> tuple[Stranded, ...]:
    """Return the table's open tasks that nobody may take; a claim that will run out counts as none."""
    found = ((desk, _excluded_by(table, desk, holders)) for desk in table.desks)
    return tuple(Stranded(desk, rule) for desk, rule in found if rule)


def _excluded_by(table: Table, desk: Desk, holders: Holders) -> str:
    """Return "" where somebody may act, else the rule that keeps the last holder from it."""
    free = changed(desk, claimed_by="", delegated_to="") if desk.claimed_until or desk.delegated_to else desk
    rule = NOBODY
    posts = ((each.role, each.organ) for each in (desk, *may.handed_views(desk)))
    for person in (each for role, organ in posts for each in holders(Role(role), organ)):
        seat = may.seat_at(person, table, free)
        refusal = refusal_at(person, table, free, seat.cover) if seat else None
        if seat and refusal is None:
            return ""
        rule = refusal.rule if refusal else rule
    return rule
