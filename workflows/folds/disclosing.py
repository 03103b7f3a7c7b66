"""Folds of disclosure: a secrecy review decides which mark counts from then on."""

from collections.abc import Mapping

from workflows import events as e
from workflows.disclosures import FIT, INTERNAL_MARK, PUBLIC_MARK, Secrecy
from workflows.folds.fold import Fold
from workflows.standing import Table, changed


def _reviewed(table: Table, fact: e.DisclosureReviewed, at: e.Recorded) -> Table:
    mark = PUBLIC_MARK if fact.outcome == FIT else INTERNAL_MARK
    return changed(
        table, disclosure=mark, secrecy=Secrecy(fact.outcome, fact.content_hash, at.actor_id, at.actor_name)
    )


FOLDS: Mapping[str, Fold] = {"disclosure.reviewed": _reviewed}
