"""Whom a rung reaches at the moment when it comes: those who hold its post, and for a hand-over may decide there."""

from collections.abc import Callable, Sequence

from workflows.definitions.ladders import Deed, Step
from workflows.folds.replay import Desk, Table
from workflows.rights.permissions import handed_views
from workflows.rights.segregation import refusal_at
from workflows.state.standing import changed
from workflows.vocabulary import Actor, Role

Holders = Callable[[Role, str], Sequence[Actor]]


def receivers(table: Table, desk: Desk, step: Step, holders: Holders) -> tuple[Actor, ...]:
    """Return who is told by a rung, by ID; nobody for a reminder, whose receivers hold the task itself.

    To decide beside the holder is offered to those alone whom segregation does not keep from it (S1-S6).
    """
    if step.role is None:
        return ()
    organ = organ_of(table, step)
    found = holders(step.role, organ)
    if step.do == Deed.INFORM:
        return tuple(found)
    handed = changed(desk, escalated=((step.at, step.do.value, step.role.value, organ),))
    (view,) = handed_views(handed)
    return tuple(each for each in found if refusal_at(each, table, view) is None)


def organ_of(table: Table, step: Step) -> str:
    """Return the organ whose post a rung goes to."""
    organs = {"unit": table.unit, "department": table.department, "bureau": table.bureau}
    return organs[step.of]
