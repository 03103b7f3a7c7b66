"""Folds of what two persons do outside the usual way: the content in force corrected, a stuck table loosened."""

from collections.abc import Mapping
from dataclasses import replace

from workflows import events as e
from workflows.folds.fold import Fold
from workflows.folds.reviews import without_forms
from workflows.state.standing import Table, changed


def _asked(table: Table, _fact: object, _at: e.Recorded) -> Table:
    return table


def _corrected(table: Table, fact: e.CorrectionApplied, _at: e.Recorded) -> Table:
    versions = table.versions and (*table.versions[:-1], replace(table.versions[-1], content_hash=fact.content_hash))
    return changed(
        table, content_hash=fact.content_hash, in_force=fact.content_hash, title=fact.title, versions=versions
    )


def _intervened(table: Table, fact: e.AdminIntervened, _at: e.Recorded) -> Table:
    return changed(
        without_forms(table, fact.overtaken),
        votes=tuple(vote for vote in table.votes if vote.node not in fact.overtaken),
        passed_over=tuple(node for node in table.passed_over if node not in fact.overtaken), intervened=True,
        returned=None if fact.to_node else table.returned,
    )  # fmt: skip


FOLDS: Mapping[str, Fold] = {
    "correction.opened": _asked,
    "correction.applied": _corrected,
    "admin.proposed": _asked,
    "admin.intervened": _intervened,
    "paper.entered": _asked,
}
"""What was asked for stays in the log alone, under the request that waits for its second person."""
