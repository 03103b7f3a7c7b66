"""Folds of hand-overs: the table, and what waits for its clerk, pass into other hands."""

from collections.abc import Mapping

from workflows import events as e
from workflows.folds.fold import Fold
from workflows.state.standing import Table, changed


def _handed_over(table: Table, fact: e.TableHandedOver, _at: e.Recorded) -> Table:
    desks = tuple(
        changed(desk, person=fact.successor) if desk.person == fact.owner and desk.level == "filing" else desk
        for desk in table.desks
    )
    submitter = fact.successor if table.submitter == fact.owner else table.submitter
    return changed(table, owner=fact.successor, submitter=submitter, desks=desks)


FOLDS: Mapping[str, Fold] = {"table.handed_over": _handed_over}
