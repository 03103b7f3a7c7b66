"""A finding, the place where it stands, and the report that gathers what one pass found."""

from __future__ import annotations

import decimal
import zipfile
import zlib
from typing import List, NamedTuple, Optional, Set, Tuple

from workflows.ledger.verifier.evidence.checks import MOST_FINDINGS, MOST_KEPT, ORDER
from workflows.ledger.verifier.evidence.sentences import SENTENCES


def clean(value: object, most: int = 80) -> str:
    """Return a value as one harmless line: nothing that a terminal would obey."""
    text = value if isinstance(value, str) else repr(value)
    text = "".join(char if char.isprintable() else "?" for char in text[: most + 1])
    return text if len(text) <= most else text[:most] + "…"


class Place(NamedTuple):
    """Where something stands: log index, stream, version; whatever is unknown is None or empty."""

    event: Optional[int] = None
    stream: str = ""
    version: Optional[int] = None
    subject: str = ""


NOWHERE = Place()


class Finding(NamedTuple):
    """One thing that is not as it must be: which check, which sentence, where, which field."""

    check: str
    what: str
    place: Place
    field: str
    seen: str
    wanted: str

    @property
    def code(self) -> int:
        """The exit code that it leads to."""
        return SENTENCES[self.what][0]

    def said(self, language: int) -> str:
        """Say it: language 1 is Chinese, 2 English."""
        _, chinese, english = SENTENCES[self.what]
        return (chinese if language == 1 else english).format(seen=self.seen, wanted=self.wanted)

    def sort_key(self) -> Tuple[int, int, int]:
        """First what has a place in the log, by index, then shown states, then the rest; at one place by the checks."""
        rank = 2 if self.place.event is None else int(self.check == "state")
        return (rank, self.place.event or 0, ORDER[self.check])


class Flaw(Exception):
    """Something that ends the check in hand; it carries its finding."""

    def __init__(self, check: str, what: str, place: Place = NOWHERE, field: str = "", seen: object = "", wanted: object = "") -> None:
        super().__init__(what)
        self.finding = Finding(check, what, place, field, clean(seen), clean(wanted))


class Report:
    """What one pass found, which checks it carried out, and remarks that are no findings."""

    def __init__(self) -> None:
        self.findings: List[Finding] = []
        self.more = 0
        self.done: Set[str] = set()
        self.remarks: List[Tuple[str, str]] = []

    def add(self, check: str, what: str, place: Place = NOWHERE, field: str = "", seen: object = "", wanted: object = "") -> None:
        self.take(Finding(check, what, place, field, clean(seen), clean(wanted)))

    def take(self, finding: Finding) -> None:
        if len(self.findings) < MOST_KEPT:
            self.findings.append(finding)
        else:
            self.more += 1

    def join(self, other: Report) -> None:
        for finding in other.findings:
            self.take(finding)
        self.more += other.more
        self.done |= other.done
        self.remarks += other.remarks

    def remark(self, chinese: str, english: str) -> None:
        if len(self.remarks) < MOST_FINDINGS:
            self.remarks.append((chinese, english))


MALFORMED = (
    OSError, EOFError, ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RuntimeError,
    MemoryError, zipfile.BadZipFile, zlib.error, decimal.DecimalException,
)
"""What reading somebody else's bytes may raise; each becomes a finding, none a crash."""


def note_broken(report: Report, wrong: BaseException) -> None:
    """Make a finding of what stopped a pass: the machine's fault leaves the check incomplete, anything else is the bundle's."""
    what = "unreadable" if isinstance(wrong, (OSError, MemoryError)) else "malformed"
    report.add("members", what, seen=f"{type(wrong).__name__}: {wrong}")


class Broken(Exception):
    """A step that cannot be followed any further."""

    def __init__(self, what: str, field: str = "", seen: object = "", wanted: object = "", check: str = "steps") -> None:
        super().__init__(what)
        self.what, self.field, self.seen, self.wanted, self.check = what, field, seen, wanted, check
