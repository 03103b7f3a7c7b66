"""Folds of experts from outside: whom the table was given to, who is excluded, what each scored."""

from collections.abc import Mapping

from workflows import events as e
from workflows.folds.fold import Fold
from workflows.state.experts import EXCLUDED, SCORED, UNRELATED, Expert
from workflows.state.standing import Table, changed


def _assigned(table: Table, fact: e.ExpertAssigned, at: e.Recorded) -> Table:
    given = Expert(fact.assignment, fact.node, fact.round, fact.person, fact.name, at.actor_id, fact.until)
    return changed(table, experts=(*table.experts, given), key_by=table.key_by or fact.node)


def _declared(table: Table, fact: e.ExpertDeclared, _at: e.Recorded) -> Table:
    return _with(table, fact.assignment, state=EXCLUDED if fact.related else UNRELATED)


def _scored(table: Table, fact: e.ExpertScored, _at: e.Recorded) -> Table:
    return _with(
        table, fact.assignment, state=SCORED, items=fact.items, total=fact.total, grade=fact.grade,
        opinion=fact.opinion, content_hash=fact.content_hash,
    )  # fmt: skip


def _with(table: Table, assignment: str, **news: object) -> Table:
    experts = tuple(changed(each, **news) if each.assignment == assignment else each for each in table.experts)
    return changed(table, experts=experts)


FOLDS: Mapping[str, Fold] = {
    "expert.assigned": _assigned,
    "expert.declared": _declared,
    "expert.scored": _scored,
}
ASIDE = frozenset(FOLDS)
"""What experts say leaves the content and the desks as they were: the reviewer decides himself."""
