"""Folds of disclosure: a secrecy review decides which mark counts, one of the self-evaluation stands beside it."""

from collections.abc import Mapping
from dataclasses import replace

from workflows import events as e
from workflows.folds.fold import Fold
from workflows.state.disclosures import FIT, INTERNAL_MARK, PUBLIC_MARK, Secrecy
from workflows.state.standing import Table, changed


def _reviewed(table: Table, fact: e.DisclosureReviewed, at: e.Recorded) -> Table:
    if fact.content_hash != table.in_force and table.secrecy:
        spoken = (fact.outcome, fact.content_hash, at.actor_id, at.actor_name)
        return changed(table, secrecy=replace(table.secrecy, evaluated=spoken))
    mark = PUBLIC_MARK if fact.outcome == FIT else INTERNAL_MARK
    evaluated = table.secrecy.evaluated if table.secrecy else ()
    said = Secrecy(fact.outcome, fact.content_hash, at.actor_id, at.actor_name, evaluated)
    return changed(table, disclosure=mark, secrecy=said)


FOLDS: Mapping[str, Fold] = {"disclosure.reviewed": _reviewed}
