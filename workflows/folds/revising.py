"""Folds of 调整: the table that is revised keeps its version in force, the table that revises it walks the chain."""

from collections.abc import Mapping
from typing import Any

from workflows import events as e
from workflows.folds.fold import Fold
from workflows.state.reply_terms import Replied
from workflows.state.revisions import Version
from workflows.state.standing import Table, Window, changed
from workflows.vocabulary import Role, Stage


def _created(table: Table, fact: e.TableCreated, _at: e.Recorded) -> Table:
    born = {name: value for name, value in fact.data().items() if name in Table.__dataclass_fields__}
    return changed(
        table, **born, revision_number=fact.number, stage=Stage.DRAFT, authors=frozenset({fact.owner})
    )


def _opened(table: Table, fact: e.RevisionOpened, at: e.Recorded) -> Table:
    late = (*table.late_revisions, fact.number) if at.role == Role.FINANCE_LEADER else table.late_revisions
    return changed(table, revision=fact.revision, revisions=fact.number, late_revisions=late)


def _asked(table: Table, _fact: e.RevisionAsked, _at: e.Recorded) -> Table:
    return table


def _approved(table: Table, fact: e.RevisionApproved, _at: e.Recorded) -> Table:
    if str(table.id) == fact.revision:
        return changed(table, stage=Stage.CLOSED, doc_no=fact.doc_no, votes=(), deciders=(), passed_over=())
    first = Version(0, fact.base, "", table.doc_no or "")
    new = Version(fact.number, fact.content_hash, fact.effective_from, fact.doc_no, fact.revision)
    return changed(
        table, content_hash=fact.content_hash, in_force=fact.content_hash, title=fact.title, revision="",
        versions=(*(table.versions or (first,)), new), windows=_planned_anew(table, fact.windows),
        replied=_to_pass_on(table, fact),
    )  # fmt: skip


def _to_pass_on(table: Table, fact: e.RevisionApproved) -> Replied | None:
    """Return the reply that the department owes its unit from now on: the revision's, where it has such a term."""
    if not fact.pass_on_due:
        return table.replied
    before = table.replied or Replied("", "")
    return Replied(
        fact.revision, fact.effective_from, fact.pass_on_due, before.disclose_due, first_on=before.began,
        revision=fact.number,
    )  # fmt: skip


def _planned_anew(table: Table, plan: tuple[Mapping[str, Any], ...]) -> tuple[Window, ...]:
    """Return the windows that were opened, as they stand, and the new plan for the rest."""
    begun = tuple(window for window in table.windows if window.state != "planned")
    return (*begun, *(Window(**window) for window in plan))


def _over(table: Table, _fact: e.RevisionRefused | e.RevisionAbandoned, _at: e.Recorded) -> Table:
    return changed(table, revision="")


FOLDS: Mapping[str, Fold] = {
    "table.created": _created,
    "revision.asked": _asked,
    "revision.opened": _opened,
    "revision.approved": _approved,
    "revision.refused": _over,
    "revision.abandoned": _over,
}
