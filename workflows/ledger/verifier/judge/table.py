"""A table while its events pass by: as little as the rules and the final comparison need."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Dict, List, Optional, Sequence, Set, Tuple

from workflows.ledger.verifier.evidence.findings import Place
from workflows.ledger.verifier.judge.desks import NO_ANSWERS, NOBODY, Decider, Desk, Todo, Trail, Vote, Window
from workflows.ledger.verifier.law.definitions import Definition
from workflows.ledger.verifier.law.limits import GRADES

BORN = ("document", "ordinal", "bureau", "department", "unit", "owner", "year", "title", "family", "scope", "definition",
        "definition_hash", "pack", "pack_hash", "content_hash")


ROWS = (
    "experts", "assessments", "recommendations", "components", "threads", "inquiries", "copies", "reviews",
    "amended", "rescores", "rectifications", "executions", "pauses", "versions",
)  # fmt: skip
"""What most tables have none of, row by row."""


class Table:
    """A table while its events pass by: as little as the rules and the final comparison need."""

    __slots__ = (
        *BORN, *ROWS, "amendment", "answered", "answers", "appraisal", "aside", "attachments", "authors",
        "broken", "chain", "completed", "counted", "deciders", "desks", "disclosure", "doc_no", "drawn",
        "ended_reason", "evaluation", "excused", "group", "head", "held", "id", "in_force", "index",
        "intervened", "key_by", "last_at", "late_revisions", "listed", "most", "origin", "owed", "own", "paper",
        "passed_over", "points", "proposal", "received", "replied", "request", "resumptions", "returned",
        "returned_from", "returned_reason", "revision", "revision_number", "revisions", "round", "run",
        "running", "secrecy", "self_evaluation_due", "self_evaluation_opens", "source", "stage", "stopped",
        "submitter", "suspended", "todo", "trails", "version", "votes", "windows",
    )

    document: str
    ordinal: int
    bureau: str
    department: str
    unit: str
    owner: str
    year: int
    title: str
    family: str
    scope: str
    pack: str
    pack_hash: str
    content_hash: str
    submitter: Any
    disclosure: Any
    in_force: Any
    returned_reason: Any
    returned_from: Any
    request: Any
    doc_no: Any
    self_evaluation_opens: Any
    self_evaluation_due: Any
    evaluation: Any
    ended_reason: Any
    drawn: Optional[Dict[str, Any]]
    appraisal: Optional[Dict[str, Any]]
    experts: List[Dict[str, Any]]
    assessments: List[Dict[str, Any]]
    recommendations: List[Dict[str, Any]]
    components: List[Dict[str, Any]]
    threads: List[Dict[str, Any]]
    inquiries: List[Dict[str, Any]]
    copies: List[Dict[str, Any]]
    reviews: List[Dict[str, Any]]
    amended: List[Dict[str, Any]]
    rescores: List[Dict[str, Any]]
    rectifications: List[Dict[str, Any]]
    executions: List[Dict[str, Any]]
    pauses: List[Dict[str, Any]]
    versions: List[Dict[str, Any]]
    running: Dict[str, str]
    stopped: Dict[str, Tuple[str, str]]

    def __init__(self, stream: str) -> None:
        for name in ROWS:
            setattr(self, name, NOBODY)
        self.index: Optional[int] = None
        self.id, self.version, self.head, self.last_at, self.stage, self.round = stream, 0, b"", "", "", 0
        self.desks: List[Desk] = []
        self.votes: List[Vote] = []
        self.deciders: List[Decider] = []
        self.authors: Set[str] = set()
        self.windows: List[Window] = []
        self.attachments: List[Dict[str, Any]] = []
        self.todo: Todo = []
        self.chain: Optional[Definition] = None
        self.broken = self.held = False
        self.group: Optional[Tuple[Any, ...]] = None
        self.returned: Optional[Dict[str, Any]] = None
        self.answered: Optional[Dict[str, Any]] = None
        self.answers = NO_ANSWERS
        self.passed_over: List[str] = NOBODY
        self.drawn = self.appraisal = None
        self.secrecy: Optional[Dict[str, Any]] = None
        self.replied: Optional[Dict[str, Any]] = None
        self.late_revisions: List[int] = NOBODY
        self.points: Dict[str, Decimal] = {}
        self.own, self.most = self.points, self.points
        self.owed: Set[str] = set()
        self.excused: Set[str] = set()
        self.counted: Tuple[str, str] = ("", "")
        self.amendment: Optional[Dict[str, Any]] = None
        self.key_by = ""
        self.suspended: Optional[Dict[str, Any]] = None
        self.run: Tuple[str, str, int] = ("", "", 0)
        self.trails: Dict[Tuple[str, str], Trail] = {}
        self.proposal: Dict[str, Any] = {}
        self.paper: Dict[str, Any] = {}
        self.origin = self.source = self.revision = ""
        self.revision_number = self.revisions = 0
        self.aside, self.resumptions, self.received, self.intervened, self.running, self.stopped = 0, 0, False, False, {}, {}
        self.listed: Tuple[str, ...] = ()
        self.completed = False
        self.submitter = self.disclosure = self.in_force = self.returned_reason = self.returned_from = self.request = None
        self.doc_no = self.self_evaluation_opens = self.self_evaluation_due = self.evaluation = self.ended_reason = None

    def desk(self, node: str) -> Optional[Desk]:
        return next((desk for desk in self.desks if desk.node == node), None)

    def task(self, task: Any) -> Optional[Desk]:
        return next((desk for desk in self.desks if desk.task == task), None)

    def done(self, stage: str) -> Set[str]:
        """Return the nodes that need no visit any more in this round: decided in this stage, or passed over."""
        decided = {vote.node for vote in self.votes if vote.stage == stage}
        return decided.union(self.passed_over).difference(desk.node for desk in self.desks)

    def window(self, key: str) -> Optional[Window]:
        return next((window for window in self.windows if window.window == key), None)

    def in_force_on(self, day: str) -> Any:
        """Return the hash of the content that was in force on a Beijing day."""
        begun = [each["content_hash"] for each in self.versions if each["effective_from"] <= day]
        return begun[-1] if begun else self.in_force

    def grade(self, node: str) -> str:
        """Return the worst grade of a node's review forms for the content as it stands, "" where there is none."""
        forms = (each for each in self.reviews if each["node"] == node and each["round"] == self.round and speaks_of(each, self.content_hash))
        return max((each["grade"] for each in forms), key=GRADES.index, default="")

    def forms_gone(self, nodes: Sequence[str]) -> None:
        """Forms of these nodes are void, and nothing waits for the unit any more."""
        self.reviews = [{**each, "void": True} if each["node"] in nodes else each for each in self.reviews]
        self.amendment = None


def speaks_of(form: Dict[str, Any], content_hash: str) -> bool:
    """Whether a review form was filled in for this content, or for the one that it was completed from."""
    return not form.get("void") and content_hash in (form["content_hash"], form.get("completed"))


QUIET = frozenset({
    "added_by", "amended", "amendment", "anchor", "answered", "appraisal", "aside", "assessments", "behalf",
    "calendar", "claimed_by", "claimed_until", "clock", "completed", "components", "copies", "delegated_to",
    "depth", "drawn", "due_set_at", "escalated", "evaluated", "executions", "experts", "files", "first_on",
    "group", "inquiries", "intervened", "key_by", "late_revisions", "must", "opened_by", "origin",
    "passed_over", "pauses", "read_by_rule", "read_due", "received", "recommendations", "rectifications",
    "replied", "rescores", "resumptions", "returned", "reviews", "revision", "revision_number", "revisions",
    "secrecy", "source", "suspended", "threads", "unassignable", "urged_at", "versions", "void", "waits_for",
})  # fmt: skip
"""Fields that a state leaves out while they are empty."""


def spoken(state: Dict[str, Any]) -> Dict[str, Any]:
    """Leave the quiet fields out that are empty."""
    return {name: value for name, value in state.items() if value or name not in QUIET}


def last_place(table: Table) -> Place:
    """Return the place of a table's last event."""
    return Place(table.index, table.id, table.version, "table")
