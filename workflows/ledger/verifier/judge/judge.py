"""The judge: what is known beside the tables, how a finding is noted, and what a rule is."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional, Set, Tuple

from workflows.ledger.verifier.events.contents import Contents
from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.posts import Posts
from workflows.ledger.verifier.events.sheets import Sheet
from workflows.ledger.verifier.evidence.bundle import Bundle
from workflows.ledger.verifier.evidence.findings import Broken, Place, Report
from workflows.ledger.verifier.judge.beside import Campaign, FiledPart, ReferredOn
from workflows.ledger.verifier.judge.desks import Desk, Todo, Word
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.law.definitions import Definition
from workflows.ledger.verifier.law.work_calendar import WorkCalendar


class Judge:
    """Follows every table through its steps; knows the posts, contents, payloads, documents and replies beside it."""

    def __init__(self, bundle: Bundle, report: Report, contents: Contents, posts: Posts) -> None:
        self.bundle, self.report, self.contents, self.posts = bundle, report, contents, posts
        # Tables, and documents by stream: place, command, number of tables, year, family, organs.
        self.tables: Dict[str, Table] = {}
        self.documents: Dict[str, Tuple[Place, str, int, int, str, Tuple[str, ...]]] = {}
        self.parts: Dict[str, FiledPart] = {}
        # Published by hash, and who proposed it; the kinds of chains that were founded; calendars, and the one in force.
        self.definitions: Dict[str, Definition] = {}
        self.published: Set[str] = set()
        self.proposers: Dict[str, Set[str]] = {}
        self.founded: Set[str] = set()
        self.calendars: Dict[str, WorkCalendar] = {}
        self.calendar_now = ""
        # By stream: campaigns, referrals, approvals of budgets and of final accounts as they read now and were asked to.
        self.campaigns: Dict[str, Campaign] = {}
        self.referrals: Dict[str, ReferredOn] = {}
        self.budgets: Dict[str, Dict[str, Any]] = {}
        self.settled: Dict[str, Dict[str, Any]] = {}
        # Until when a department discloses after its final accounts of a year.
        self.accounts: Dict[Tuple[str, int], str] = {}
        # What tables said of a document, a draw or a file that is still to come: by that document's ID, then by table.
        self.replies: Dict[str, Dict[str, Tuple[str, str, Place, str]]] = {}
        self.batches: Dict[str, Dict[str, Tuple[Dict[str, Any], Place, str]]] = {}
        self.passings: Dict[str, Dict[str, Tuple[Dict[str, Any], str, Place, Tuple[str, ...]]]] = {}
        self.draws: Dict[str, Dict[str, Tuple[str, Tuple[str, str], Place, str]]] = {}
        # Erasures that wait for their second person; the words of the event in hand, by commitment.
        self.erasures: Dict[str, Tuple[str, Tuple[Any, ...], str, str]] = {}
        self.words: Dict[str, str] = {}
        # Revisions: the command that opened one, and what became of one, until its table says the same.
        self.begun: Dict[str, str] = {}
        self.over: Dict[str, Tuple[str, Tuple[Any, ...], Any, Place]] = {}
        # For campaigns and clocks: whether and when a table was filed last, and first; classified tables by unit and year.
        self.turns: Dict[str, Tuple[bool, str]] = {}
        self.firsts: Dict[str, str] = {}
        self.stubs: Dict[Tuple[str, int], List[Tuple[int, str]]] = {}
        self.sources: Dict[Tuple[str, int], Dict[str, int]] = {}

    def blame(self, check: str, what: str, event: Event, field: str, seen: object = "", wanted: object = "") -> None:
        """Note a finding that does not stop the replay."""
        self.report.add(check, what, event.place, field, seen, wanted)

    def word(self, value: Any) -> Word:
        """Return a text as folded: the words themselves, or the commitment where they are not at hand."""
        if type(value) is not dict:
            return value
        return self.words.get(value["committed"], (value["committed"],))

    def definition(self, table: Table) -> Definition:
        """Return the definition that the table is pinned to."""
        if table.chain is None:
            raise Broken("step", "definition", "?", "a sound definition")
        return table.chain

    def sheet(self, content_hash: str, event: Event) -> Sheet:
        """Return what is kept of a table's content."""
        found = self.contents.of(content_hash)
        if not isinstance(found, Sheet):
            raise Broken("content", "data.content_hash", content_hash, "a table", check="contents")
        return found

    def pack(self, table: Table, event: Event) -> Dict[str, Any]:
        """Return the rule pack that the table is pinned to."""
        found = self.contents.of(table.pack_hash)
        if not isinstance(found, dict) or "selfeval" not in found:
            raise Broken("content", "pack_hash", table.pack_hash, "a rule pack", check="contents")
        return found

    def form(self, table: Table, event: Event) -> Dict[str, Any]:
        """Return the review form of the pack that the table is pinned to."""
        found = self.pack(table, event).get("review_form")
        if not isinstance(found, dict):
            raise Broken("step", "kind", event.kind, "a pack with a review form")
        return found


Opener = Callable[[Judge, Table, Event, Optional[Desk]], Todo]
"""What says whether an event may open a step here and now, and what must then follow."""
Effect = Callable[[Judge, Table, Event], None]
"""What an event does to its table."""
Beside = Callable[[Judge, Event], None]
"""What judges an event that stands on no table's stream."""
