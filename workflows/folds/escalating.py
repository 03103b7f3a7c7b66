"""Folds of what time brings about by a chain: superiors told or let in, copies that count as read."""

from collections.abc import Mapping
from typing import Any

from workflows import events as e
from workflows.folds.fold import Fold
from workflows.state.standing import Table, changed


def _escalated(table: Table, fact: e.TaskEscalated, _at: e.Recorded) -> Table:
    rung = (fact.rung, fact.do, fact.role, fact.organ)
    return changed(table, desks=tuple(
        changed(desk, escalated=(*desk.escalated, rung)) if desk.task == fact.task and rung not in desk.escalated
        else desk for desk in table.desks
    ))  # fmt: skip


def _of_copy(table: Table, copy: str, person: str | None = None, **news: Any) -> Table:
    return changed(table, copies=tuple(
        changed(each, **news) if each.copy == copy and person in (None, each.person) else each for each in table.copies
    ))  # fmt: skip


def _term_set(table: Table, fact: e.CopyTermSet, _at: e.Recorded) -> Table:
    return _of_copy(table, fact.copy, read_due=fact.read_at)


def _deemed_read(table: Table, fact: e.CopyDeemedRead, at: e.Recorded) -> Table:
    return _of_copy(table, fact.copy, fact.person, read_at=at.at.isoformat(), read_by_rule=fact.rule)


FOLDS: Mapping[str, Fold] = {
    "task.escalated": _escalated,
    "copy.term_set": _term_set,
    "copy.deemed_read": _deemed_read,
}
ASIDE = frozenset({"task.escalated", "copy.term_set", "copy.deemed_read"})
