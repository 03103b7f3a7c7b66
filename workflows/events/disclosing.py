"""Facts of disclosure (公开): a table's secrecy review, and a department's released pack of a year."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class DisclosureReviewed(Event):
    """A secrecy reviewer looked at the version in force: `public` (may be disclosed) or `internal` (may not).

    `content_hash` names the version in force, or the content of the finished self-evaluation that would be disclosed.
    """

    kind = "disclosure.reviewed"
    erasable = ("reason",)
    outcome: str
    content_hash: str
    reason: str


@dataclass(frozen=True)
class DisclosureReleased(Event):
    """A department's pack of a year was made public: its tables by ID, content hash and reviewer, and what is left out.

    `undisclosed` = `internal` (tables of this system) + `stubs` (classified ones, of which only the number is known).
    `due` is the Beijing day (ISO) by which the pack is to be public, counted from the first reply or from the approval
    of the final accounts. `what` is goals or self_evaluation; of these `unfinished` public ones are not closed yet.
    """

    kind = "disclosure.released"
    shape = 2
    bureau: str
    department: str
    year: int
    tables: tuple[Mapping[str, str], ...]
    undisclosed: int
    internal: int
    stubs: int
    due: str
    what: str
    unfinished: int


@dataclass(frozen=True)
class AccountsApproved(Event):
    """The bureau approved a department's final accounts of a year (决算批复), once for each department and year.

    Days are Beijing days (ISO). `congress_on` is when the congress approved them, `finance_due` until when the bureau
    had to approve after it; both empty where nobody said. `source` is the rule that the terms come from.
    """

    kind = "accounts.approved"
    bureau: str
    department: str
    year: int
    approved_on: str
    doc_no: str
    congress_on: str
    finance_due: str
    pass_on_due: str
    disclose_due: str
    source: str


@dataclass(frozen=True)
class AccountsCorrectionAsked(Event):
    """The budget section asks that an approval of final accounts read otherwise; another has to agree.

    `instead_of`, `instead_of_no` and `instead_of_congress` are what stands there now.
    """

    kind = "accounts.correction_asked"
    erasable = ("reason",)
    bureau: str
    department: str
    year: int
    approved_on: str
    doc_no: str
    congress_on: str
    instead_of: str
    instead_of_no: str
    instead_of_congress: str
    reason: str


@dataclass(frozen=True)
class AccountsCorrected(AccountsApproved):
    """A second person agreed: from now on this approval counts, and the terms by it; what stood there stays in the log.

    `asked` is the command under which it was asked for, `instead_of` the day that stood there before.
    """

    kind = "accounts.corrected"
    asked: str
    instead_of: str
