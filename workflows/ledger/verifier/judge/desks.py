"""The parts of a table's state: desks, windows, votes, and the trail that a decision leaves."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional, Set, Tuple

from workflows.ledger.verifier.events.sheets import shared
from workflows.ledger.verifier.evidence.moments import beijing_day
from workflows.ledger.verifier.law.work_calendar import published_calendar

Word = Any
"""A text, or the commitment (hex, in a tuple) of words that were not at hand when the event passed by."""
Todo = List[Tuple[str, Dict[str, Any]]]
"""The events that must follow within a step: kind and the values of its data."""
NO_ANSWERS: Dict[str, bool] = {}
"""What all tables share of which no condition was weighed; it is never changed, only replaced."""
NOBODY: List[Any] = []
"""The list that all desks and tables share that have nothing of a kind; it is never changed, only replaced."""


class Desk:
    """An active node."""

    __slots__ = (
        "added_by", "anchor", "base", "calendar", "claimed_by", "claimed_until", "clock", "delegated_to", "depth", "due_at", "due_set_at", "entered_at", "escalated", "group", "level", "must", "node", "opened_by",
        "organ", "overdue", "person", "provisional", "role", "round", "stage", "task", "unassignable", "urged_at", "waits_for",
    )

    node: str
    stage: str
    round: int
    task: str
    role: str
    organ: str
    person: Optional[str]
    level: str
    due_at: Optional[str]
    provisional: bool
    waits_for: List[str]
    opened_by: List[str]
    escalated: List[List[str]]

    def __init__(self, data: Dict[str, Any], at: str) -> None:
        for name in ("node", "stage", "round", "task", "role", "organ", "person", "level", "due_at", "provisional"):
            setattr(self, name, shared(data[name]))
        self.entered_at, self.overdue, self.must = at, False, False
        self.group = self.anchor = self.added_by = self.claimed_by = self.delegated_to = self.claimed_until = self.urged_at = self.due_set_at = ""
        self.calendar = published_calendar(data.get("calendar"))
        self.base = ("entered", beijing_day(at)) if "calendar" in data else ("", "")
        self.depth = self.clock = 0
        self.unassignable = False
        self.waits_for = self.opened_by = self.escalated = NOBODY

    def handed(self, role: str, organ: str) -> bool:
        """Whether the ladder let whoever holds this post decide here beside the task's own holder."""
        return any(rung[1:] == ["hand", role, organ] for rung in self.escalated)


class Window:
    """A monitoring checkpoint; of the figures their hash and the erasable words are kept."""

    __slots__ = ("colour", "date", "deviation", "execution_rate", "figures", "filed_by", "name", "planned_percent", "returned_reason",
                 "source", "state", "window", "words")

    window: str
    name: str
    date: str
    planned_percent: Optional[str]
    source: str
    colour: Any
    execution_rate: Any
    deviation: Any
    filed_by: Any
    returned_reason: Any

    def __init__(self, data: Dict[str, Any]) -> None:
        for name in ("window", "name", "date", "planned_percent", "source"):
            setattr(self, name, shared(data[name]))
        self.state = "planned"
        self.words: Tuple[Tuple[str, Word], ...] = ()
        self.figures: Optional[bytes] = None
        self.colour = self.execution_rate = self.deviation = self.filed_by = self.returned_reason = None


class Vote(NamedTuple):
    """A decision of this round that still counts."""

    node: str
    stage: str
    level: str
    person: str
    outcome: str
    content_hash: str
    round: int
    group: str = ""
    must: bool = False
    behalf: str = ""


class Decider(NamedTuple):
    """Who decided where in this round, and for whom."""

    person: str
    level: str
    node: str
    behalf: str = ""


class Trail:
    """What a decision left behind, as long as its maker may take it back: what it closed, opened and passed over."""

    __slots__ = ("behalf", "closed", "command", "desk", "opened", "paper", "passed", "touched")

    def __init__(self, desk: Desk, command: str, closed: List[Desk], opened: Set[str], behalf: str, paper: bool) -> None:
        self.desk, self.command, self.closed, self.opened, self.behalf, self.paper = desk, command, closed, opened, behalf, paper
        self.passed: List[str] = []
        self.touched = False
