"""Events become the table as it stands: stage, round, desks, votes, the version in force, windows, evaluation."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from workflows import events as e
from workflows.vocabulary import ENDED, Outcome, Stage


@dataclass(frozen=True)
class Desk:
    """An active node: one desk that holds the table now, with its one open task. `due_at` is UTC ISO text."""

    node: str
    stage: Stage
    round: int
    task: str
    role: str
    organ: str
    person: str | None
    level: str
    entered_at: str
    due_at: str | None
    provisional: bool
    overdue: bool = False


@dataclass(frozen=True)
class Vote:
    """A decision of this round that still counts."""

    node: str
    stage: Stage
    level: str
    person: str
    outcome: Outcome
    content_hash: str
    round: int


@dataclass(frozen=True)
class Decider:
    """Who decided where in this round; a return takes the votes away, but not the memory of who cast them (S2, S4)."""

    person: str
    level: str
    node: str


@dataclass(frozen=True)
class Request:
    """A step that waits for its second person; who asked, under which post."""

    id: str
    action: str
    reason: str
    by: str
    role: str
    organ: str


@dataclass(frozen=True)
class Window:
    """One monitoring checkpoint: planned, open, filed, accepted; figures and colour once filed."""

    window: str
    name: str
    date: str
    planned_percent: str | None
    source: str
    state: str = "planned"
    colour: str | None = None
    execution_rate: str | None = None
    deviation: str | None = None
    figures: Mapping[str, Any] | None = None
    filed_by: str | None = None
    returned_reason: str | None = None


@dataclass(frozen=True)
class Evaluation:
    """The self-evaluation as last filed."""

    total: str
    grade: str
    figures: Mapping[str, Any]
    scores: tuple[Mapping[str, str | None], ...]
    execution_points: str
    filed_by: str
    returned_reason: str | None = None


@dataclass(frozen=True)
class Attachment:
    """A file put to the table, bound by its salted commitment; `erased` once two persons had it go."""

    attachment: str
    name: str
    media_type: str
    size: int
    commitment: str
    for_step: str
    by: str
    erased: bool = False


@dataclass(frozen=True)
class Table:
    """A goal table's life as it stands after `version` events."""

    id: UUID
    version: int = 0
    head: str = "00" * 32
    last_at: str = ""
    document: str = ""
    ordinal: int = 0
    bureau: str = ""
    department: str = ""
    unit: str = ""
    owner: str = ""
    year: int = 0
    title: str = ""
    family: str = ""
    scope: str = ""
    definition: str = ""
    definition_hash: str = ""
    pack: str = ""
    pack_hash: str = ""
    stage: Stage = Stage.DRAFT
    round: int = 0
    desks: tuple[Desk, ...] = ()
    votes: tuple[Vote, ...] = ()
    deciders: tuple[Decider, ...] = ()
    authors: frozenset[str] = frozenset()
    submitter: str | None = None
    content_hash: str = ""
    disclosure: str | None = None
    in_force: str | None = None
    returned_reason: str | None = None
    returned_from: str | None = None
    request: Request | None = None
    doc_no: str | None = None
    windows: tuple[Window, ...] = ()
    self_evaluation_opens: str | None = None
    self_evaluation_due: str | None = None
    evaluation: Evaluation | None = None
    ended_reason: str | None = None
    attachments: tuple[Attachment, ...] = ()
    held: bool = False

    @property
    def ended(self) -> bool:
        """Whether the table's life is over."""
        return self.stage in ENDED

    @property
    def attachments_hash(self) -> str:
        """Return the fingerprint of the files that accompany the table: SHA-256 over their commitments, one a line."""
        lines = "\n".join(each.commitment for each in self.attachments if not each.erased)
        return sha256(lines.encode()).hexdigest()

    def attachment(self, key: str) -> Attachment | None:
        """Return the attachment of that ID."""
        return next((each for each in self.attachments if each.attachment == key), None)

    def desk(self, node: str) -> Desk | None:
        """Return the desk of that name if it holds the table now."""
        return next((desk for desk in self.desks if desk.node == node), None)

    def window(self, key: str) -> Window | None:
        """Return the monitoring window of that key."""
        return next((window for window in self.windows if window.window == key), None)


def _imported(table: Table, fact: e.TableImported, at: e.Recorded) -> Table:
    born = {key: value for key, value in fact.data().items() if key in Table.__dataclass_fields__}
    return replace(table, **born, stage=Stage.DRAFT, authors=frozenset({at.actor_id}))


def _entered(table: Table, fact: e.NodeEntered, at: e.Recorded) -> Table:
    desk = Desk(
        node=fact.node, stage=Stage(fact.stage), round=fact.round, task=fact.task, role=fact.role, organ=fact.organ,
        person=fact.person, level=fact.level, entered_at=at.at.isoformat(), due_at=fact.due_at,
        provisional=fact.provisional,
    )  # fmt: skip
    return replace(table, desks=(*table.desks, desk), stage=desk.stage)


def _left(table: Table, fact: e.NodeCompleted | e.NodeSuperseded, _at: e.Recorded) -> Table:
    return replace(table, desks=tuple(desk for desk in table.desks if desk.node != fact.node))


def _submitted(table: Table, fact: e.TableSubmitted, at: e.Recorded) -> Table:
    return replace(
        table, round=fact.round, content_hash=fact.content_hash, submitter=at.actor_id, votes=(), deciders=(),
        title=fact.title, disclosure=fact.disclosure,
        authors=table.authors | {at.actor_id, *fact.editors}, returned_reason=None, returned_from=None,
    )  # fmt: skip


def _decided(table: Table, fact: e.TaskDecided, at: e.Recorded) -> Table:
    stage = next(desk.stage for desk in table.desks if desk.node == fact.node)
    vote = Vote(fact.node, stage, fact.level, at.actor_id, Outcome(fact.outcome), fact.content_hash, fact.round)
    decider = Decider(at.actor_id, fact.level, fact.node)
    return replace(table, votes=(*table.votes, vote), deciders=(*table.deciders, decider))


def _withdrawn(table: Table, _fact: e.TableWithdrawn, _at: e.Recorded) -> Table:
    return replace(table, stage=Stage.DRAFT)


def _returned(table: Table, fact: e.TableReturned, _at: e.Recorded) -> Table:
    order = list(Stage)
    target = order.index(Stage(fact.to))
    kept = tuple(vote for vote in table.votes if order.index(vote.stage) < target)
    return replace(table, votes=kept, returned_reason=fact.reason, returned_from=fact.node)


def _replied(table: Table, fact: e.TableReplied, _at: e.Recorded) -> Table:
    return replace(
        table, stage=Stage.MONITORING, doc_no=fact.doc_no, in_force=fact.content_hash, votes=(), deciders=(),
        windows=tuple(Window(**window) for window in fact.windows),  # type: ignore[arg-type]
        self_evaluation_opens=fact.self_evaluation_opens, self_evaluation_due=fact.self_evaluation_due,
    )  # fmt: skip


def _ended(stage: Stage) -> Callable[[Table, Any, e.Recorded], Table]:
    def end(table: Table, fact: Any, _at: e.Recorded) -> Table:
        return replace(table, stage=stage, request=None, ended_reason=getattr(fact, "reason", None))

    return end


def _requested(table: Table, fact: e.ConfirmationRequested, at: e.Recorded) -> Table:
    return replace(table, request=Request(fact.request, fact.action, fact.reason, at.actor_id, at.role, at.organ))


def _request_over(table: Table, _fact: e.ConfirmationGiven | e.ConfirmationRefused, _at: e.Recorded) -> Table:
    return replace(table, request=None)


def _overdue(table: Table, fact: e.TaskOverdue, _at: e.Recorded) -> Table:
    marked = tuple(replace(desk, overdue=True) if desk.task == fact.task else desk for desk in table.desks)
    return replace(table, desks=marked)


def _with_window(table: Table, key: str, **news: Any) -> Table:
    return replace(table, windows=tuple(replace(w, **news) if w.window == key else w for w in table.windows))


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
    return replace(table, stage=Stage.SELF_EVALUATION, votes=(), deciders=())


def _evaluated(table: Table, fact: e.SelfEvaluationFiled, at: e.Recorded) -> Table:
    evaluation = Evaluation(fact.total, fact.grade, fact.figures, fact.scores, fact.execution_points, at.actor_id)
    return replace(table, evaluation=evaluation, votes=(), deciders=())


def _evaluation_accepted(table: Table, fact: e.SelfEvaluationAccepted, at: e.Recorded) -> Table:
    vote = Vote(
        fact.node, Stage.SELF_EVALUATION, fact.level, at.actor_id, Outcome.PASS, table.in_force or "", table.round
    )
    decider = Decider(at.actor_id, fact.level, fact.node)
    return replace(table, votes=(*table.votes, vote), deciders=(*table.deciders, decider))


def _evaluation_returned(table: Table, fact: e.SelfEvaluationReturned, _at: e.Recorded) -> Table:
    evaluation = replace(table.evaluation, returned_reason=fact.reason) if table.evaluation else None
    return replace(table, evaluation=evaluation, votes=())


def _attached(table: Table, fact: e.AttachmentAdded, at: e.Recorded) -> Table:
    return replace(table, attachments=(*table.attachments, Attachment(**fact.data(), by=at.actor_id)))


def _taken_back(table: Table, fact: e.AttachmentWithdrawn, _at: e.Recorded) -> Table:
    return replace(table, attachments=tuple(a for a in table.attachments if a.attachment != fact.attachment))


def _redacted(table: Table, fact: e.AttachmentRedacted, _at: e.Recorded) -> Table:
    return replace(
        table,
        attachments=tuple(
            replace(each, name=e.ERASED, erased=True) if each.attachment == fact.attachment else each
            for each in table.attachments
        ),
    )


def _words_erased(table: Table, _fact: e.PayloadErased, _at: e.Recorded) -> Table:
    return table


def _hold(*, held: bool) -> Callable[[Table, Any, e.Recorded], Table]:
    def mark(table: Table, _fact: Any, _at: e.Recorded) -> Table:
        return replace(table, held=held)

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
    return replace(after, version=recorded.version, head=recorded.leaf_hash.hex(), last_at=recorded.at.isoformat())


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
    return Table(**{**e.frozen(dict(state)), **_nested(state)})


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
