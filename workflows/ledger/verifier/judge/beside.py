"""What stands beside the tables: campaigns, parts of documents, referrals."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional, Set, Tuple

from workflows.ledger.verifier.evidence.moments import moment_of
from workflows.ledger.verifier.judge.table import Table


class Campaign:
    """A campaign while its events pass by: its terms, the units asked, until when each may file, and what they said."""

    __slots__ = ("closes", "declared", "ended", "terms", "units", "urged")

    def __init__(self, terms: Dict[str, Any], units: List[str]) -> None:
        self.terms, self.units, self.ended = terms, frozenset(units), False
        self.closes: Dict[str, str] = dict.fromkeys(units, moment_of(terms["closes"]))
        self.declared: Set[str] = set()
        self.urged: Dict[str, str] = {}

    def over(self, unit: str, at: str) -> bool:
        """Whether the time of a unit is over: it was ended, or the moment has come."""
        return self.ended or at >= self.closes[unit]


class FiledGoals(NamedTuple):
    """What a unit had filed of its goals: at least and at most so many tables, and so many begun and surely not filed."""

    least: int
    most: int
    unfiled: int


class FiledPart(NamedTuple):
    """A document's department part as it stands: its organs, its tables' number, the version, who wrote it, whose turn it is.

    `passed` names who found this very version good; `since` is when the turn came, `due` until when by which calendar.
    """

    organs: Tuple[str, ...]
    tables: int
    number: int
    content_hash: Optional[str]
    author: str
    turn: str
    passed: Tuple[str, ...] = ()
    since: str = ""
    due: str = ""
    calendar: str = ""
    late: bool = False


class ReferredOn(NamedTuple):
    """A referral as it stands: the table (None where it is not in the bundle), its bureau, who made it, who receives it, whether it is open."""

    table: Optional[Table]
    bureau: str
    by: str
    receiver: str
    open: bool = True
