"""Facts around the reply: the congress approved the budget; a department passed the reply on to its units."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class BudgetApproved(Event):
    """The people's congress approved a year's budget: from `approved_on` (Beijing day, ISO) finance has `days`.

    Once for each bureau and year, on a stream of its own. `due` is the last day by the rule pack, whose words `source`
    repeats; `doc_no` is the number of the congress's decision, empty where none was given.
    """

    kind = "budget.approved"
    bureau: str
    year: int
    approved_on: str
    doc_no: str
    days: int
    due: str
    source: str


@dataclass(frozen=True)
class BudgetCorrectionAsked(Event):
    """The budget section asks that the day or number of the congress's approval read otherwise; another has to agree.

    `instead_of` and `instead_of_no` are what stands there now.
    """

    kind = "budget.correction_asked"
    erasable = ("reason",)
    bureau: str
    year: int
    approved_on: str
    doc_no: str
    instead_of: str
    instead_of_no: str
    reason: str


@dataclass(frozen=True)
class BudgetCorrected(BudgetApproved):
    """A second person agreed: from now on this approval counts, and finance's term by it.

    `asked` is the command under which it was asked for, `instead_of` the day that stood there before.
    """

    kind = "budget.corrected"
    asked: str
    instead_of: str


@dataclass(frozen=True)
class ReplyPassedOn(Event):
    """A department's finance office passed replies on to its units under a number of its own (批复下达).

    One document over many tables: `tables` holds table, unit, content hash and amount (万元, None where unknown).
    """

    kind = "reply.passed_on"
    erasable = ("opinion",)
    doc_no: str
    bureau: str
    department: str
    tables: tuple[Mapping[str, str | None], ...]
    opinion: str


@dataclass(frozen=True)
class TablePassedOn(Event):
    """The reply to this table went on to its unit, in the same transaction as the document that lists it."""

    kind = "table.passed_on"
    doc_no: str
    document: str
    content_hash: str
    amount: str | None
