"""Folds of a table's own facts: it came, was submitted, returned, replied to, ended; requests for a second person."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows import events as e
from workflows.folds.fold import Fold
from workflows.folds.reviews import with_last_round, without_forms
from workflows.state.reply_terms import Replied
from workflows.state.standing import DIRECT, Request, Returned, Table, Window, changed
from workflows.vocabulary import REVIEW_STAGES, Stage
from workflows.workdays import beijing_date


def _imported(table: Table, fact: e.TableImported, at: e.Recorded) -> Table:
    born = {key: value for key, value in fact.data().items() if key in Table.__dataclass_fields__}
    return changed(table, **born, stage=Stage.DRAFT, authors=frozenset({at.actor_id}))


def _submitted(table: Table, fact: e.TableSubmitted, at: e.Recorded) -> Table:
    return with_last_round(changed(
        table, round=fact.round, content_hash=fact.content_hash, submitter=at.actor_id, votes=(),
        deciders=table.deciders if table.returned else (),
        passed_over=(), returned=None, received=False, inquiries=(), title=fact.title, disclosure=fact.disclosure,
        authors=table.authors | {at.actor_id, *fact.editors}, returned_reason=None, returned_from=None,
    ))  # fmt: skip


def _withdrawn(table: Table, _fact: e.TableWithdrawn, _at: e.Recorded) -> Table:
    gone = without_forms(table, {each.node for each in table.reviews})
    return changed(gone, stage=Stage.DRAFT, received=False, returned=None, answered=None)


def _returned(table: Table, fact: e.TableReturned, at: e.Recorded) -> Table:
    overtaken = fact.overtaken if fact.overtaken is not None else _from_stage_on(table, Stage(fact.to))
    straight = Returned(
        fact.node, at.actor_id, fact.mode, fact.fields, _done(table, fact.node), table.attachments_hash,
        fact.to_node or "", table.content_hash,
    )  # fmt: skip
    return changed(
        without_forms(table, (*overtaken, fact.node)),
        votes=tuple(vote for vote in table.votes if vote.node not in overtaken),
        passed_over=tuple(node for node in table.passed_over if node not in overtaken),
        returned_reason=fact.reason, returned_from=fact.node,
        returned=straight if fact.mode == DIRECT else None,
    )  # fmt: skip


def _from_stage_on(table: Table, to: Stage) -> frozenset[str]:
    order = list(Stage)
    return frozenset(vote.node for vote in table.votes if order.index(vote.stage) >= order.index(to))


def _done(table: Table, but: str) -> tuple[str, ...]:
    """Return every review node, but the one that returns, that need not be visited again were it not for the return."""
    return tuple(sorted({node for stage in REVIEW_STAGES for node in table.done_in(stage)} - {but}))


def _replied(table: Table, fact: e.TableReplied, at: e.Recorded) -> Table:
    return changed(
        table, stage=Stage.MONITORING, doc_no=fact.doc_no, in_force=fact.content_hash, votes=(), deciders=(),
        passed_over=(),
        windows=tuple(Window(**window) for window in fact.windows),  # type: ignore[arg-type]
        self_evaluation_opens=fact.self_evaluation_opens, self_evaluation_due=fact.self_evaluation_due,
        replied=_terms(fact, at),
    )  # fmt: skip


def _terms(fact: e.TableReplied, at: e.Recorded) -> Replied | None:
    """Return what is due after the reply; None where its pack knew no terms."""
    if not (fact.pass_on_due or fact.disclose_due):
        return None
    return Replied(fact.reply, beijing_date(at.at).isoformat(), fact.pass_on_due, fact.disclose_due)


def _ended(stage: Stage) -> Callable[[Table, Any, e.Recorded], Table]:
    def end(table: Table, fact: Any, _at: e.Recorded) -> Table:
        return changed(table, stage=stage, request=None, amendment=None, ended_reason=getattr(fact, "reason", None))

    return end


def _requested(table: Table, fact: e.ConfirmationRequested, at: e.Recorded) -> Table:
    behalf = at.behalf.id if at.behalf else ""
    asked = Request(fact.request, fact.action, fact.reason, at.actor_id, at.role, at.organ, behalf)
    return changed(table, request=asked)


def _request_over(table: Table, _fact: e.ConfirmationGiven | e.ConfirmationRefused, _at: e.Recorded) -> Table:
    return changed(table, request=None)


FOLDS: Mapping[str, Fold] = {
    "table.imported": _imported,
    "table.submitted": _submitted,
    "table.withdrawn": _withdrawn,
    "table.returned": _returned,
    "table.replied": _replied,
    "table.refused": _ended(Stage.REFUSED),
    "table.voided": _ended(Stage.VOIDED),
    "table.terminated": _ended(Stage.TERMINATED),
    "table.closed": _ended(Stage.CLOSED),
    "confirmation.requested": _requested,
    "confirmation.given": _request_over,
    "confirmation.refused": _request_over,
}
