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


class Table:
    """A table while its events pass by: as little as the rules and the final comparison need."""

    __slots__ = (
        "experts", "appraisal", "assessments", "recommendations", "components", "listed", "completed",
        *BORN, "answers", "counted", "drawn", "excused", "most", "owed", "own", "points", "rectifications", "rescores", "amended", "amendment", "answered", "key_by", "reviews", "attachments", "authors", "broken", "chain", "deciders", "copies", "desks", "disclosure", "doc_no", "ended_reason",
        "executions", "secrecy", "replied", "late_revisions", "pauses", "origin", "revision", "revision_number", "revisions", "source", "versions",
        "inquiries", "intervened", "paper", "proposal", "received", "resumptions", "run", "suspended", "threads", "trails", "aside", "evaluation", "group", "head", "held", "id", "index", "in_force", "last_at", "passed_over", "request", "returned", "running", "stopped",
        "returned_from", "returned_reason",
        "round", "self_evaluation_due", "self_evaluation_opens", "stage", "submitter", "todo", "version", "votes", "windows",
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
    running: Dict[str, str]
    stopped: Dict[str, Tuple[str, str]]

    def __init__(self, stream: str) -> None:
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
        self.threads: List[Dict[str, Any]] = NOBODY
        self.inquiries: List[Dict[str, Any]] = NOBODY
        self.copies: List[Dict[str, Any]] = NOBODY
        self.reviews: List[Dict[str, Any]] = NOBODY
        self.amended: List[Dict[str, Any]] = NOBODY
        self.drawn = self.appraisal = None
        self.rescores: List[Dict[str, Any]] = NOBODY
        self.rectifications: List[Dict[str, Any]] = NOBODY
        self.executions: List[Dict[str, Any]] = NOBODY
        self.experts = self.assessments = self.recommendations = self.components = NOBODY
        self.secrecy: Optional[Dict[str, Any]] = None
        self.replied: Optional[Dict[str, Any]] = None
        self.late_revisions: List[int] = NOBODY
        self.pauses: List[Dict[str, Any]] = NOBODY
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
        self.versions: List[Dict[str, Any]] = NOBODY
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


QUIET = frozenset({"experts", "appraisal", "assessments", "recommendations", "components", "group", "waits_for", "must", "anchor", "added_by", "claimed_by", "delegated_to", "opened_by", "behalf",
                   "returned", "answered", "passed_over", "aside", "threads", "claimed_until", "depth", "urged_at", "clock", "due_set_at", "calendar", "unassignable", "received",
                   "inquiries", "copies", "suspended", "resumptions", "intervened", "files", "rescores", "drawn", "rectifications", "reviews", "amendment", "amended", "key_by", "completed", "void",
                   "origin", "source", "revision_number", "revision", "revisions", "versions", "executions", "secrecy",
                   "replied", "late_revisions", "pauses", "escalated", "read_due", "read_by_rule", "evaluated"})  # fmt: skip
"""Fields that a state leaves out while they are empty."""


def spoken(state: Dict[str, Any]) -> Dict[str, Any]:
    """Leave the quiet fields out that are empty."""
    return {name: value for name, value in state.items() if value or name not in QUIET}


def last_place(table: Table) -> Place:
    """Return the place of a table's last event."""
    return Place(table.index, table.id, table.version, "table")
