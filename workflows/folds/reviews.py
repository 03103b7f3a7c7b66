"""Folds of the review form and of direct completion: a form stands beside the table, a completion changes it."""

from collections.abc import Collection, Mapping

from workflows import events as e
from workflows.folds.fold import Fold
from workflows.state.reviews import Amended, Amendment, Review, ReviewMode
from workflows.state.standing import Table, changed


def _scored(table: Table, fact: e.ReviewScored, at: e.Recorded) -> Table:
    desk = next(desk for desk in table.desks if desk.task == fact.task)
    form = Review(
        node=fact.node, level=desk.level, round=fact.round, person=at.actor_id, name=at.actor_name, mode=fact.mode,
        items=fact.items, total=fact.total, grade=fact.grade, opinion=fact.opinion, content_hash=fact.content_hash,
        at=at.at.isoformat(), behalf=at.behalf.id if at.behalf else "",
    )  # fmt: skip
    before = (form.node, form.person, form.round)
    others = tuple(each for each in table.reviews if (each.node, each.person, each.round) != before)
    return changed(table, reviews=(*others, form), key_by=_key_by(table, fact))


def _key_by(table: Table, fact: e.ReviewScored) -> str:
    """Return the node that made the table a key project (重点): scoring does; whoever did takes it back alone."""
    if fact.mode == ReviewMode.SCORED:
        return table.key_by or fact.node
    return "" if table.key_by == fact.node else table.key_by


def _proposed(table: Table, fact: e.AmendmentProposed, at: e.Recorded) -> Table:
    desk = next(desk for desk in table.desks if desk.task == fact.task)
    asked = Amendment(
        amendment=fact.amendment, node=fact.node, level=desk.level, person=at.actor_id, name=at.actor_name,
        role=at.role, organ=at.organ, base=fact.base, content_hash=fact.content_hash, changes=fact.changes,
        changed=fact.changed, opinion=fact.opinion, proposed_at=at.at.isoformat(), due_at=fact.due_at,
        provisional=fact.provisional, behalf=at.behalf.id if at.behalf else "",
    )  # fmt: skip
    return changed(table, amendment=asked)


def _confirmed(table: Table, fact: e.AmendmentConfirmed, _at: e.Recorded) -> Table:
    asked = table.amendment
    who = Amended(asked.person, asked.node, table.round, asked.behalf) if asked else None
    reviews = tuple(
        changed(each, completed=fact.content_hash) if each.node == fact.node and each.covers(fact.base) else each
        for each in table.reviews
    )
    return changed(
        table, content_hash=fact.content_hash, amendment=None, reviews=reviews,
        amended=(*table.amended, who) if who else table.amended,
    )  # fmt: skip


def _rejected(table: Table, _fact: e.AmendmentRejected, _at: e.Recorded) -> Table:
    return changed(table, amendment=None)


def without_forms(table: Table, nodes: Collection[str]) -> Table:
    """Return the table with the forms of these nodes void, nothing waiting for the unit: a return took them away."""
    if not table.reviews and table.amendment is None:
        return table
    reviews = tuple(changed(each, void=True) if each.node in nodes else each for each in table.reviews)
    return changed(table, reviews=reviews, amendment=None)


def with_last_round(table: Table) -> Table:
    """Return the table, handed in anew, with the forms of the round before as void ones; older ones lie in the log."""
    if not table.reviews and table.amendment is None and not table.amended:
        return table
    kept = tuple(changed(each, void=True) for each in table.reviews if each.round == table.round - 1)
    return changed(table, reviews=kept, amendment=None, amended=())


FOLDS: Mapping[str, Fold] = {
    "review.scored": _scored,
    "amendment.proposed": _proposed,
    "amendment.confirmed": _confirmed,
    "amendment.rejected": _rejected,
}
ASIDE = frozenset({"review.scored"})
"""A form leaves the content and the desks as they were; what it allows is asked when somebody decides."""
