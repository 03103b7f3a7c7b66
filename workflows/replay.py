"""Events become the table as it stands: stage, round, desks, votes, the version in force, windows, evaluation."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from workflows import events as e
from workflows.standing import Attachment, Decider, Desk, Evaluation, Request, Table, Vote, Window, changed
from workflows.vocabulary import Outcome, Stage

__all__ = [
    "FOLDS", "Attachment", "Decider", "Desk", "Evaluation", "Request", "Table", "Vote", "Window", "apply", "from_json",
    "instant", "replay", "to_json",
]  # fmt: skip


def _imported(table: Table, fact: e.TableImported, at: e.Recorded) -> Table:
    born = {key: value for key, value in fact.data().items() if key in Table.__dataclass_fields__}
    return changed(table, **born, stage=Stage.DRAFT, authors=frozenset({at.actor_id}))


def _entered(table: Table, fact: e.NodeEntered, at: e.Recorded) -> Table:
    desk = Desk(
        node=fact.node, stage=Stage(fact.stage), round=fact.round, task=fact.task, role=fact.role, organ=fact.organ,
        person=fact.person, level=fact.level, entered_at=at.at.isoformat(), due_at=fact.due_at,
        provisional=fact.provisional,
    )  # fmt: skip
    return changed(table, desks=(*table.desks, desk), stage=desk.stage)


def _left(table: Table, fact: e.NodeCompleted | e.NodeSuperseded, _at: e.Recorded) -> Table:
    return changed(table, desks=tuple(desk for desk in table.desks if desk.node != fact.node))


def _submitted(table: Table, fact: e.TableSubmitted, at: e.Recorded) -> Table:
    return changed(
        table, round=fact.round, content_hash=fact.content_hash, submitter=at.actor_id, votes=(), deciders=(),
        title=fact.title, disclosure=fact.disclosure,
        authors=table.authors | {at.actor_id, *fact.editors}, returned_reason=None, returned_from=None,
    )  # fmt: skip


def _decided(table: Table, fact: e.TaskDecided, at: e.Recorded) -> Table:
    stage = next(desk.stage for desk in table.desks if desk.node == fact.node)
    vote = Vote(fact.node, stage, fact.level, at.actor_id, Outcome(fact.outcome), fact.content_hash, fact.round)
    decider = Decider(at.actor_id, fact.level, fact.node)
    return changed(table, votes=(*table.votes, vote), deciders=(*table.deciders, decider))


def _withdrawn(table: Table, _fact: e.TableWithdrawn, _at: e.Recorded) -> Table:
    return changed(table, stage=Stage.DRAFT)


def _returned(table: Table, fact: e.TableReturned, _at: e.Recorded) -> Table:
    order = list(Stage)
    target = order.index(Stage(fact.to))
    kept = tuple(vote for vote in table.votes if order.index(vote.stage) < target)
    return changed(table, votes=kept, returned_reason=fact.reason, returned_from=fact.node)


def _replied(table: Table, fact: e.TableReplied, _at: e.Recorded) -> Table:
    return changed(
        table, stage=Stage.MONITORING, doc_no=fact.doc_no, in_force=fact.content_hash, votes=(), deciders=(),
        windows=tuple(Window(**window) for window in fact.windows),  # type: ignore[arg-type]
        self_evaluation_opens=fact.self_evaluation_opens, self_evaluation_due=fact.self_evaluation_due,
    )  # fmt: skip


def _ended(stage: Stage) -> Callable[[Table, Any, e.Recorded], Table]:
    def end(table: Table, fact: Any, _at: e.Recorded) -> Table:
        return changed(table, stage=stage, request=None, ended_reason=getattr(fact, "reason", None))

    return end


def _requested(table: Table, fact: e.ConfirmationRequested, at: e.Recorded) -> Table:
    return changed(table, request=Request(fact.request, fact.action, fact.reason, at.actor_id, at.role, at.organ))


def _request_over(table: Table, _fact: e.ConfirmationGiven | e.ConfirmationRefused, _at: e.Recorded) -> Table:
    return changed(table, request=None)


def _overdue(table: Table, fact: e.TaskOverdue, _at: e.Recorded) -> Table:
    marked = tuple(changed(desk, overdue=True) if desk.task == fact.task else desk for desk in table.desks)
    return changed(table, desks=marked)


def _with_window(table: Table, key: str, **news: Any) -> Table:
    return changed(table, windows=tuple(changed(w, **news) if w.window == key else w for w in table.windows))


def _monitoring_opened(table: Table, fact: e.MonitoringOpened, _at: e.Recorded) -> Table:
    return _with_window(table, fact.window, state="open")


def _monitoring_filed(table: Table, fact: e.MonitoringFiled, at: e.Recorded) -> Table:
    words = {name: getattr(fact, name) for name in fact.erasable if getattr(fact, name)}
    return _with_window(
        table, fact.window, state="filed", colour=fact.colour, execution_rate=fact.execution_rate,
        deviation=fact.deviation, figures={**fact.figures, **words}, filed_by=at.actor_id, returned_reason=None,
    )  # fmt: skip


def _monitoring_accepted(table: Table, fact: e.MonitoringAccepted, _at: e.Recorded) -> Table:
    return _with_window(table, fact.window, state="accepted")


def _monitoring_returned(table: Table, fact: e.MonitoringReturned, _at: e.Recorded) -> Table:
    return _with_window(table, fact.window, state="open", returned_reason=fact.reason)


def _evaluation_opened(table: Table, _fact: e.SelfEvaluationOpened, _at: e.Recorded) -> Table:
    return changed(table, stage=Stage.SELF_EVALUATION, votes=(), deciders=())


def _evaluated(table: Table, fact: e.SelfEvaluationFiled, at: e.Recorded) -> Table:
    evaluation = Evaluation(fact.total, fact.grade, fact.figures, fact.scores, fact.execution_points, at.actor_id)
    return changed(table, evaluation=evaluation, votes=(), deciders=())


def _evaluation_accepted(table: Table, fact: e.SelfEvaluationAccepted, at: e.Recorded) -> Table:
    vote = Vote(
        fact.node, Stage.SELF_EVALUATION, fact.level, at.actor_id, Outcome.PASS, table.in_force or "", table.round
    )
    decider = Decider(at.actor_id, fact.level, fact.node)
    return changed(table, votes=(*table.votes, vote), deciders=(*table.deciders, decider))


def _evaluation_returned(table: Table, fact: e.SelfEvaluationReturned, _at: e.Recorded) -> Table:
    evaluation = changed(table.evaluation, returned_reason=fact.reason) if table.evaluation else None
    return changed(table, evaluation=evaluation, votes=())


def _attached(table: Table, fact: e.AttachmentAdded, at: e.Recorded) -> Table:
    return changed(table, attachments=(*table.attachments, Attachment(**fact.data(), by=at.actor_id)))


def _taken_back(table: Table, fact: e.AttachmentWithdrawn, _at: e.Recorded) -> Table:
    return changed(table, attachments=tuple(a for a in table.attachments if a.attachment != fact.attachment))


def _redacted(table: Table, fact: e.AttachmentRedacted, _at: e.Recorded) -> Table:
    return changed(
        table,
        attachments=tuple(
            changed(each, name=e.ERASED, erased=True) if each.attachment == fact.attachment else each
            for each in table.attachments
        ),
    )


def _words_erased(table: Table, _fact: e.PayloadErased, _at: e.Recorded) -> Table:
    return table


def _hold(*, held: bool) -> Callable[[Table, Any, e.Recorded], Table]:
    def mark(table: Table, _fact: Any, _at: e.Recorded) -> Table:
        return changed(table, held=held)

    return mark


FOLDS: Mapping[str, Callable[[Table, Any, e.Recorded], Table]] = {
    "table.imported": _imported,
    "table.submitted": _submitted,
    "table.withdrawn": _withdrawn,
    "table.returned": _returned,
    "table.replied": _replied,
    "table.refused": _ended(Stage.REFUSED),
    "table.voided": _ended(Stage.VOIDED),
    "table.terminated": _ended(Stage.TERMINATED),
    "table.closed": _ended(Stage.CLOSED),
    "node.entered": _entered,
    "node.completed": _left,
    "node.superseded": _left,
    "task.decided": _decided,
    "task.overdue": _overdue,
    "confirmation.requested": _requested,
    "confirmation.given": _request_over,
    "confirmation.refused": _request_over,
    "monitoring.opened": _monitoring_opened,
    "monitoring.filed": _monitoring_filed,
    "monitoring.accepted": _monitoring_accepted,
    "monitoring.returned": _monitoring_returned,
    "selfeval.opened": _evaluation_opened,
    "selfeval.filed": _evaluated,
    "selfeval.accepted": _evaluation_accepted,
    "selfeval.returned": _evaluation_returned,
    "attachment.added": _attached,
    "attachment.withdrawn": _taken_back,
    "attachment.redacted": _redacted,
    "payload.erased": _words_erased,
    "hold.placed": _hold(held=True),
    "hold.lifted": _hold(held=False),
}
"""The one place that says what an event does to a table."""


def apply(table: Table, recorded: e.Recorded) -> Table:
    """Return the table after one more event; events of other subjects raise KeyError."""
    after = FOLDS[recorded.kind](table, recorded.fact, recorded)
    return changed(after, version=recorded.version, head=recorded.leaf_hash.hex(), last_at=recorded.at.isoformat())


def replay(table_id: UUID, history: Iterable[e.Recorded]) -> Table:
    """Fold a table's whole history, oldest first."""
    table = Table(table_id)
    for recorded in history:
        table = apply(table, recorded)
    return table


def to_json(table: Table) -> dict[str, Any]:
    """Return the table's state as JSON values, for the snapshot cache."""
    state = asdict(table)
    return state | {"id": str(table.id), "authors": sorted(table.authors)}


def from_json(state: Mapping[str, Any]) -> Table:
    """Return the table from its snapshot; the inverse of `to_json`."""
    return Table(**{**state, **_nested(state)})


def _nested(state: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": UUID(state["id"]),
        "stage": Stage(state["stage"]),
        "authors": frozenset(state["authors"]),
        "desks": tuple(Desk(**{**desk, "stage": Stage(desk["stage"])}) for desk in state["desks"]),
        "votes": tuple(
            Vote(**{**vote, "stage": Stage(vote["stage"]), "outcome": Outcome(vote["outcome"])})
            for vote in state["votes"]
        ),
        "deciders": tuple(Decider(**decider) for decider in state["deciders"]),
        "request": Request(**state["request"]) if state["request"] else None,
        "windows": tuple(Window(**e.frozen(dict(window))) for window in state["windows"]),
        "attachments": tuple(Attachment(**each) for each in state["attachments"]),
        "evaluation": Evaluation(**e.frozen(dict(state["evaluation"]))) if state["evaluation"] else None,
    }


def instant(text: str) -> datetime:
    """Read a stored UTC moment."""
    return datetime.fromisoformat(text)
