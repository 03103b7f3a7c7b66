"""The release of a department's pack and the approval of final accounts, asked for by a program."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import Field

from service.api.answers import Shape
from service.api.asked import Asked
from service.api.bodies import Body, Reason, Word
from service.api.bodies_of_results import Release
from service.api.operation import Reply
from service.context import journal, person, transaction
from service.department_accounts import bureau_of_accounts, bureau_of_correction, refuse_unknown
from service.disclosing_packs import release_now
from workflows.commands.approving_accounts import MOST_DEPARTMENTS, accounts_of, approve_accounts
from workflows.commands.correcting_accounts import ask_accounts_correction, confirm_accounts_correction
from workflows.events import AccountsApproved


class Released(Shape):
    """A released pack: its ID and kind, how many tables are public and how many are not, the last day (ISO)."""

    pack: UUID
    year: int
    what: str
    tables: int
    internal: int
    stubs: int
    unfinished: int
    due: str
    dry_run: bool


class AccountsDay(Body):
    """On which day the final accounts of these departments were approved, and when the congress had approved them."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    departments: list[Word] = Field(min_length=1, max_length=MOST_DEPARTMENTS)
    approved_on: date
    congress_on: date | None = None
    doc_no: Annotated[str, Field(max_length=100)] = ""


class AccountsCorrection(Body):
    """How the approval of a department's accounts should read, all of it, and why it was recorded otherwise."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    department: Word
    approved_on: date
    congress_on: date | None = None
    doc_no: Annotated[str, Field(max_length=100)] = ""
    reason: Reason


class SeenAccountsCorrection(Body):
    """The correction that one agrees to, by the day that it names."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    department: Word
    approved_on: date


class DepartmentApproved(Shape):
    """One department's approval, with the last days (ISO) for its units' accounts and for disclosure."""

    department: str
    approved_on: str
    pass_on_due: str
    disclose_due: str


class AccountsDone(Shape):
    """What was recorded of a year's final accounts."""

    year: int
    departments: list[DepartmentApproved]
    dry_run: bool


def release_disclosure(asked: Asked) -> Reply:
    """Release the pack of the caller's department (N9)."""
    body: Release = asked.body
    pack = uuid5(asked.command_id, f"disclosure:{person().id}")
    fact = release_now(
        transaction(), journal(), pack, year=body.year, by=person(), command_id=asked.command_id, what=body.what
    )
    said = Released(
        pack=pack, year=fact.year, what=fact.what, tables=len(fact.tables), internal=fact.internal, stubs=fact.stubs,
        unfinished=fact.unfinished, due=fact.due, dry_run=asked.dry_run,
    )  # fmt: skip
    return Reply(said, status=201)


def record_accounts(asked: Asked) -> Reply:
    """Record that departments' final accounts were approved; from then self-evaluations are to be disclosed (N9)."""
    body: AccountsDay = asked.body
    bureau = bureau_of_accounts(person())
    refuse_unknown(transaction(), bureau, body.departments)
    facts = approve_accounts(
        journal(), bureau=bureau, departments=body.departments, year=body.year,
        approved_on=body.approved_on.isoformat(), doc_no=body.doc_no, by=person(), command_id=asked.command_id,
        congress_on=body.congress_on.isoformat() if body.congress_on else "",
    )  # fmt: skip
    return _stand(facts, body.year, dry_run=asked.dry_run)


def ask_correction_of_accounts(asked: Asked) -> Reply:
    """Ask that an approval of final accounts read otherwise; a second person agrees (N9, S10)."""
    body: AccountsCorrection = asked.body
    bureau = bureau_of_correction(person())
    refuse_unknown(transaction(), bureau, [body.department])
    ask_accounts_correction(
        journal(), bureau=bureau, department=body.department, year=body.year, doc_no=body.doc_no, reason=body.reason,
        approved_on=body.approved_on.isoformat(), congress_on=body.congress_on.isoformat() if body.congress_on else "",
        by=person(), command_id=asked.command_id,
    )  # fmt: skip
    now = accounts_of(journal(), body.department, body.year)
    return _stand([now] if now else [], body.year, dry_run=asked.dry_run)


def agree_to_correction_of_accounts(asked: Asked) -> Reply:
    """Agree as the second person: the terms are counted from the corrected day (N9, S10)."""
    body: SeenAccountsCorrection = asked.body
    fact = confirm_accounts_correction(
        journal(), bureau=bureau_of_correction(person()), department=body.department, year=body.year,
        approved_on=body.approved_on.isoformat(), by=person(), command_id=asked.command_id,
    )  # fmt: skip
    return _stand([fact], body.year, dry_run=asked.dry_run)


def _stand(facts: Sequence[AccountsApproved], year: int, *, dry_run: bool) -> Reply:
    names = DepartmentApproved.model_fields
    done = [DepartmentApproved(**{name: getattr(fact, name) for name in names}) for fact in facts]
    return Reply(AccountsDone(year=year, departments=done, dry_run=dry_run), status=201)
