"""What surrounds the reply, asked for by a program: the congress, the terms, replies passed on to the units."""

from datetime import date
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import Field

from service.api.answers import Replied, Shape
from service.api.asked import Asked
from service.api.bodies import Body, Item, Reason, Text, Word
from service.api.entry import Call
from service.api.heads import head_of
from service.api.many import matches_of
from service.api.operation import Reply
from service.context import journal, person, transaction
from service.reply_standing import bureau_of_budget, bureau_of_correction, standing_of
from workflows.commands.approving_budget import approve_budget, budget_of
from workflows.commands.correcting_budget import ask_budget_correction, confirm_budget_correction
from workflows.commands.passing_on import MOST_TABLES, pass_on_reply
from workflows.errors import NotFound
from workflows.state.reply_terms import Tally, Term
from workflows.store.interface_reads import visible_among

Year = Annotated[int, Field(ge=2000, le=2100)]


class BudgetDay(Body):
    """When the people's congress approved the budget of a year, and the number of its decision."""

    year: Year
    approved_on: date
    doc_no: Annotated[str, Field(max_length=100)] = ""


class BudgetCorrection(BudgetDay):
    """On which day the congress approved in truth, and why another was recorded."""

    reason: Reason


class SeenCorrection(Body):
    """The correction that one agrees to, by the day that it names."""

    year: Year
    approved_on: date


class PassingOn(Body):
    """One document of a department over many tables: all or none."""

    doc_no: Word
    opinion: Text = ""
    tables: list[Item] = Field(min_length=1, max_length=MOST_TABLES)


class TermsQuery(Body):
    """Which year."""

    year: Year


class Approved(Shape):
    """What was recorded: the day, and the last day for finance's reply (ISO)."""

    year: int
    approved_on: str
    due: str
    dry_run: bool


class Counted(Shape):
    """How many terms were kept, missed, run still, or ran out with nothing done."""

    in_time: int
    late: int
    running: int
    overdue: int


class TermsOfTable(Shape):
    """One table's terms; days are ISO texts, empty where there is none."""

    table_id: UUID
    title: str
    replied_on: str
    finance_due: str
    finance: Term
    pass_on_due: str
    passed_on: str
    pass_on_no: str
    passing: Term
    disclose_due: str
    disclosing: Term


class Terms(Shape):
    """A year's terms in the caller's scope; at most a thousand tables."""

    year: int
    finance: Counted
    passing: Counted
    disclosing: Counted
    tables: list[TermsOfTable]


def record_budget(asked: Asked) -> Reply:
    """Record when the congress approved a year's budget (N4)."""
    body: BudgetDay = asked.body
    fact = approve_budget(
        journal(), bureau=bureau_of_budget(person()), year=body.year, approved_on=body.approved_on.isoformat(),
        doc_no=body.doc_no, by=person(), command_id=asked.command_id,
    )  # fmt: skip
    said = Approved(year=fact.year, approved_on=fact.approved_on, due=fact.due, dry_run=asked.dry_run)
    return Reply(said, status=201)


def ask_correction(asked: Asked) -> Reply:
    """Ask that the recorded day of the congress read otherwise; a second person agrees (N4, S10)."""
    body: BudgetCorrection = asked.body
    bureau = bureau_of_correction(person())
    ask_budget_correction(
        journal(), bureau=bureau, year=body.year, approved_on=body.approved_on.isoformat(), doc_no=body.doc_no,
        reason=body.reason, by=person(), command_id=asked.command_id,
    )  # fmt: skip
    now = budget_of(journal(), bureau, body.year)
    day, due = (now.approved_on, now.due) if now else ("", "")
    return Reply(Approved(year=body.year, approved_on=day, due=due, dry_run=asked.dry_run), status=201)


def agree_to_correction(asked: Asked) -> Reply:
    """Agree as the second person: finance's term is counted from the corrected day."""
    body: SeenCorrection = asked.body
    fact = confirm_budget_correction(
        journal(), bureau=bureau_of_correction(person()), year=body.year, approved_on=body.approved_on.isoformat(),
        by=person(), command_id=asked.command_id,
    )  # fmt: skip
    said = Approved(year=fact.year, approved_on=fact.approved_on, due=fact.due, dry_run=asked.dry_run)
    return Reply(said, status=201)


def pass_on_to_many(asked: Asked) -> Reply:
    """Pass replies on to the units under one number: all of them or none (N4)."""
    body: PassingOn = asked.body
    matches, document = matches_of(body.tables), uuid5(asked.command_id, f"passing:{person().id}")
    if len(visible_among(transaction(), person(), list(matches))) < len(matches):
        raise NotFound
    tables = pass_on_reply(
        journal(), document, tables={each: match.seen for each, match in matches.items()}, doc_no=body.doc_no,
        opinion=body.opinion, by=person(), command_id=asked.command_id,
    )  # fmt: skip
    heads = [head_of(transaction(), person(), table) for table in tables]
    return Reply(Replied(reply=document, doc_no=body.doc_no, dry_run=asked.dry_run, tables=heads), status=201)


def pass_one_on(call: Call, body: Body) -> object:
    """Pass one table's reply on, a document of its own."""
    document = uuid5(call.command_id, f"passing:{call.by.id}")
    return pass_on_reply(
        call.journal, document, tables={call.table_id: call.seen}, by=call.by, command_id=call.command_id, **dict(body)
    )


def show_terms(asked: Asked) -> Reply:
    """Answer how the terms of a year stand (N4)."""
    query: TermsQuery = asked.query
    found = standing_of(transaction(), journal(), person(), query.year)
    names = TermsOfTable.model_fields
    lines = [TermsOfTable(**{name: getattr(line, name) for name in names}) for line in found.lines]
    counted = {name: _counted(getattr(found, name)) for name in ("finance", "passing", "disclosing")}
    return Reply(Terms(year=found.year, tables=lines, **counted))


def _counted(found: Tally) -> Counted:
    return Counted(in_time=found.in_time, late=found.late, running=found.running, overdue=found.overdue)
