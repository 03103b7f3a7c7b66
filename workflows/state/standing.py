"""How a table stands: its desks, votes, request, windows, evaluation and files; values only, made by the replay."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID

from workflows.state.appraisals import Appraisal
from workflows.state.assessments import Assessment, Component, Recommendation
from workflows.state.disclosures import Secrecy
from workflows.state.executions import Execution, executed_on, spent_since
from workflows.state.experts import Expert
from workflows.state.inquiries import Copy, Inquiry, Suspension
from workflows.state.project_pauses import ProjectPause
from workflows.state.rectifications import Drawn, Rectification, Rescore
from workflows.state.reply_terms import Replied
from workflows.state.reviews import Amended, Amendment, Review
from workflows.state.revisions import REVISION, Version, in_force_on
from workflows.vocabulary import ENDED, Outcome, Stage


@dataclass(frozen=True)
class Desk:
    """One open task at an active node; a node with several signers has several. `due_at` is UTC ISO text.

    `group` is the group of signers it signs for; `waits_for` names tasks that have to be closed first (顺签, 前加签);
    `must` marks an added signer, whose pass is needed beside the node's rule, added by `added_by` to the task `anchor`;
    `claimed_by` holds a claimed pool task; `delegated_to` is asked to act first, then it comes back; `opened_by` has
    looked at it. `depth` counts added signers upwards, `clock` how often another due moment was set, `calendar` is the
    published version by which it was counted (none: the shipped one); `escalated` holds (rung, deed, role, organ).
    """

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
    group: str = ""
    waits_for: tuple[str, ...] = ()
    must: bool = False
    anchor: str = ""
    added_by: str = ""
    claimed_by: str = ""
    delegated_to: str = ""
    opened_by: tuple[str, ...] = ()
    claimed_until: str = ""
    depth: int = 0
    urged_at: str = ""
    clock: int = 0
    due_set_at: str = ""
    unassignable: bool = False
    calendar: str = ""
    escalated: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Vote:
    """A decision of this round that still counts; `behalf` is the absent person for whom it was cast."""

    node: str
    stage: Stage
    level: str
    person: str
    outcome: Outcome
    content_hash: str
    round: int
    group: str = ""
    must: bool = False
    behalf: str = ""


@dataclass(frozen=True)
class Decider:
    """Who decided where in this round; a return takes the votes away, but not the memory of who cast them (S2, S4)."""

    person: str
    level: str
    node: str
    behalf: str = ""


@dataclass(frozen=True)
class Returned:
    """A return that is not yet answered: from which node and by whom, how it comes back, which places it is about.

    `done` are the nodes that were complete then; with the mode 直达 they are passed over on the way back. `files` is
    the fingerprint of what was attached then: with other files the table takes the long way. `to` is the node that it
    went to (none: drafting), `content_hash` what it held: completed meanwhile (直接完善), it takes the long way too.
    """

    node: str
    by: str
    mode: str
    fields: tuple[str, ...]
    done: tuple[str, ...]
    files: str = ""
    to: str = ""
    content_hash: str = ""


@dataclass(frozen=True)
class Request:
    """A step that waits for its second person; who asked, under which post, and as a deputy for whom (`behalf`)."""

    id: str
    action: str
    reason: str
    by: str
    role: str
    organ: str
    behalf: str = ""


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
class Thread:
    """A comment on a place of the table (批注): open until a reviewer of its level lays it aside, answered or not."""

    thread: str
    node: str
    level: str
    round: int
    pointer: str
    row: str
    criterion: str
    words: str
    by: str
    at: str
    answer: str = ""
    answered_by: str = ""
    resolved: bool = False

    @property
    def unanswered(self) -> bool:
        """Whether the unit still owes an answer."""
        return not self.resolved and not self.answered_by


@dataclass(frozen=True)
class Table:
    """A goal table's life as it stands after `version` events.

    `passed_over` are nodes that the round need not visit (their condition is false, or a return came back directly);
    `aside` counts the last events that left open everything one decides on (seen, urged, asked), so that whoever saw
    the table before them saw it as it is. Once `received`, the submitter takes the table back only with consent.
    `key_by` is the node whose reviewer made the table a key project (重点) by scoring it.
    """

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
    returned: Returned | None = None
    answered: Returned | None = None
    passed_over: tuple[str, ...] = ()
    aside: int = 0
    threads: tuple[Thread, ...] = ()
    intervened: bool = False
    received: bool = False
    inquiries: tuple[Inquiry, ...] = ()
    copies: tuple[Copy, ...] = ()
    suspended: Suspension | None = None
    resumptions: int = 0
    reviews: tuple[Review, ...] = ()
    amendment: Amendment | None = None
    amended: tuple[Amended, ...] = ()
    key_by: str = ""
    rescores: tuple[Rescore, ...] = ()
    drawn: Drawn | None = None
    rectifications: tuple[Rectification, ...] = ()
    origin: str = ""
    source: str = ""
    revision_number: int = 0
    revision: str = ""
    revisions: int = 0
    versions: tuple[Version, ...] = ()
    executions: tuple[Execution, ...] = ()
    secrecy: Secrecy | None = None
    assessments: tuple[Assessment, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    appraisal: Appraisal | None = None
    experts: tuple[Expert, ...] = ()
    components: tuple[Component, ...] = ()
    replied: Replied | None = None
    late_revisions: tuple[int, ...] = ()
    pauses: tuple[ProjectPause, ...] = ()

    @property
    def result(self) -> Rescore | Evaluation | None:
        """Return what counts of the self-evaluation: the points given anew last, else the unit's own."""
        return self.rescores[-1] if self.rescores else self.evaluation

    @property
    def paused(self) -> ProjectPause | None:
        """Return the pause of the project that lasts, None while the project goes on."""
        return self.pauses[-1] if self.pauses and not self.pauses[-1].until else None

    @property
    def spent_while_paused(self) -> tuple[Execution, Execution] | None:
        """Return what was known to be executed when the pause that lasts began, and more that came in since."""
        return spent_since(self.executions, self.paused.since) if self.paused else None

    @property
    def revises(self) -> str:
        """Return the ID of the table whose revision this one carries, empty for any other."""
        return self.source if self.origin == REVISION else ""

    def in_force_on(self, day: str) -> str | None:
        """Return the hash of the content that was in force on a Beijing day (ISO), None before the first reply."""
        return in_force_on(self.versions, self.in_force, day)

    @property
    def evaluated(self) -> str:
        """Return the hash of the content that the self-evaluation is about: in force on the year's last day."""
        return self.in_force_on(f"{self.year}-12-31") or self.content_hash

    def watched(self, window: Window) -> str:
        """Return the hash of the content that a monitoring window is about: in force on the window's day."""
        return self.in_force_on(window.date) or self.content_hash

    def executed_on(self, day: str) -> Execution | None:
        """Return the amount that a file brought for a day: the newest date not behind it."""
        return executed_on(self.executions, day)

    def rectification(self, key: str) -> Rectification | None:
        """Return the rectification of that key."""
        return next((each for each in self.rectifications if each.rectification == key), None)

    @property
    def open_rectifications(self) -> tuple[Rectification, ...]:
        """Return what nobody has yet agreed to be mended."""
        return tuple(each for each in self.rectifications if each.open)

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

    def thread(self, key: str) -> Thread | None:
        """Return the comment of that ID."""
        return next((each for each in self.threads if each.thread == key), None)

    @property
    def open_threads(self) -> tuple[Thread, ...]:
        """Return the comments that no reviewer has laid aside, answered or not."""
        return tuple(each for each in self.threads if not each.resolved)

    def desk(self, node: str) -> Desk | None:
        """Return the desk of that name if it holds the table now; of several signers' the first."""
        return next((desk for desk in self.desks if desk.node == node), None)

    def task(self, task: str) -> Desk | None:
        """Return the open task of that ID."""
        return next((desk for desk in self.desks if desk.task == task), None)

    def done_in(self, stage: Stage) -> frozenset[str]:
        """Return the nodes of a stage that this round need not visit any more: decided on, or passed over."""
        open_now = {desk.node for desk in self.desks}
        decided = {vote.node for vote in self.votes if vote.stage == stage}
        return frozenset((decided | {*self.passed_over}) - open_now)

    def window(self, key: str) -> Window | None:
        """Return the monitoring window of that key."""
        return next((window for window in self.windows if window.window == key), None)


STEP_BY_STEP, DIRECT = "逐级", "直达"
"""The two ways on which a returned table comes back: through every node again, or straight to whom it came from."""
QUIET = frozenset({
    "experts", "assessments", "recommendations", "components", "appraisal", "evaluated",
    "group", "waits_for", "must", "anchor", "added_by", "claimed_by", "delegated_to", "opened_by", "behalf",
    "returned", "answered", "passed_over", "aside", "threads", "intervened", "claimed_until", "depth", "urged_at",
    "clock", "due_set_at", "unassignable", "received", "inquiries", "copies", "suspended", "resumptions", "files",
    "reviews", "amendment", "amended", "key_by", "completed", "void", "read_due", "read_by_rule",
    "rescores", "drawn", "rectifications", "origin", "source", "revision_number", "revision", "revisions",
    "versions", "executions", "secrecy", "replied", "late_revisions", "calendar", "pauses", "escalated", "first_on",
})  # fmt: skip
"""Fields that a state, written down, leaves out while they are empty: most tables never need them."""


def spoken(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that a written state holds: all but the quiet ones that are empty."""
    return {name: value for name, value in fields.items() if value or name not in QUIET}


Stands = TypeVar(
    "Stands", Expert, Desk, Window, Evaluation, Attachment, Thread, Table, Inquiry, Copy, Drawn, Rectification, Review,
    Assessment, Recommendation, Appraisal, ProjectPause,
)


def changed(one: Stands, **news: object) -> Stands:
    """Return a value of this file with some fields changed: dataclasses.replace in a tenth of its time.

    Folding does this several times for every event of the log. TypeError for a field that there is not.
    """
    kind = type(one)
    if not kind.__dataclass_fields__.keys() >= news.keys():
        raise TypeError(sorted(news))
    new = object.__new__(kind)
    new.__dict__.update(one.__dict__)
    new.__dict__.update(news)
    return new
