"""批复时限 of a year as pages, programs and the command line show it: who was in time, what waits, until when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from workflows.commands.approving_budget import budget_of
from workflows.errors import NotAllowed
from workflows.events import BudgetApproved
from workflows.journal import Journal
from workflows.rights.permissions import scope_of
from workflows.state.disclosures import PUBLIC_MARK
from workflows.state.reply_terms import Tally, Term, tally, term
from workflows.store.organs import organ_of
from workflows.store.replies import released_on, tables_of_year
from workflows.store.standing import read_state
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor, Role
from workflows.workdays import beijing_date

MOST_LISTED = 1_000
FINANCE, DEPARTMENT, PUBLIC = "finance", "department", "public"


@dataclass(frozen=True)
class Line:
    """One table: when it was replied to, until when it is passed on and disclosed, and how each term stands."""

    table_id: UUID
    version: int
    content_hash: str
    title: str
    unit: str
    department: str
    amount: Decimal | None
    doc_no: str
    replied_on: str
    finance_due: str
    finance: Term
    pass_on_due: str
    passed_on: str
    pass_on_no: str
    document: str
    passing: Term
    disclose_due: str
    disclosing: Term
    may_pass_on: bool


@dataclass(frozen=True)
class Standing:
    """A year's terms: the approval of the budget, how many were kept of each kind, and the tables."""

    year: int
    today: str
    budgets: Mapping[str, BudgetApproved]
    finance: Tally
    passing: Tally
    disclosing: Tally
    lines: Sequence[Line]


def reads_terms(by: Actor) -> bool:
    """Whether the person's posts let him read a department's or the bureau's tables."""
    scope = scope_of(by)
    return bool(scope.bureaus or scope.departments)


def standing_of(tx: Transaction, journal: Journal, by: Actor, year: int) -> Standing:
    """Return how the terms of a year stand in the person's scope; NotAllowed for a clerk or a unit's head."""
    if not reads_terms(by):
        raise NotAllowed("批复时限由财政部门和主管部门查看。", rule="R-ROLE")
    scope, today = scope_of(by), beijing_date(tx.now()).isoformat()
    rows = tables_of_year(tx, year, bureaus=scope.bureaus, departments=scope.departments, limit=MOST_LISTED)
    above = (organ_of(tx, department) for department in scope.departments)
    bureaus = sorted({*scope.bureaus, *(found["parent"] for found in above if found and found["parent"])})
    budgets = {bureau: found for bureau in bureaus if (found := budget_of(journal, bureau, year))}
    released = {department: beijing_date(at).isoformat() for department, at in released_on(tx, year).items()}
    lines = [_line(row, budgets.get(row["bureau"]), released.get(row["department"], ""), today, by) for row in rows]
    return Standing(
        year, today, budgets, tally(line.finance for line in lines), tally(line.passing for line in lines),
        tally(line.disclosing for line in lines), lines,
    )  # fmt: skip


def _line(row: Any, budget: BudgetApproved | None, released: str, today: str, by: Actor) -> Line:
    state = read_state(row["replied"]) if row["replied"] else {}
    said = {name: state.get(name, "") for name in ("on", "pass_on_due", "disclose_due", "passed_on", "document")}
    said["on"] = state.get("first_on") or said["on"]
    due = budget.due if budget and (said["on"] or not row["in_force"]) else ""
    shown = said["disclose_due"] if row["disclosure"] == PUBLIC_MARK else ""
    reviewed = row["reviewed"] == row["in_force"]
    return Line(
        table_id=row["table_id"], version=row["version"], content_hash=row["content_hash"], title=row["title"],
        unit=row["unit"], department=row["department"], amount=row["amount_wan"], doc_no=row["doc_no"] or "",
        replied_on=said["on"], finance_due=due, finance=term(due, said["on"], today),
        pass_on_due=said["pass_on_due"], passed_on=said["passed_on"], pass_on_no=state.get("doc_no", ""),
        document=said["document"], passing=term(said["pass_on_due"], said["passed_on"], today),
        disclose_due=shown, disclosing=term(shown, released if reviewed else "", today),
        may_pass_on=bool(row["in_force"]) and not said["passed_on"] and row["unit"] != row["department"]
        and passes_for(by, row["department"]),
    )  # fmt: skip


def passes_for(by: Actor, department: str) -> bool:
    """Whether the person sits in that department's finance office, or stands in for somebody who does."""
    posts = (*by.posts, *(post for cover in by.covers if not cover.nodes for post in cover.posts))
    return any((post.role, post.organ) == (Role.DEPARTMENT_FINANCE, department) for post in posts)


def bureau_of_correction(by: Actor) -> str:
    """Return the bureau for which the person may correct a day or agree to it: the budget section, its leader."""
    leading = next((post.organ for post in by.posts if post.role == Role.FINANCE_LEADER), None)
    return leading or bureau_of_budget(by)


def bureau_of_budget(by: Actor) -> str:
    """Return the bureau in whose budget section the person sits or stands in; NotAllowed for everybody else."""
    posts = (*by.posts, *(post for cover in by.covers if not cover.nodes and not cover.units for post in cover.posts))
    found = next((post.organ for post in posts if post.role == Role.FINANCE_BUDGET), None)
    if found is None:
        raise NotAllowed("人大批准日期由财政预算科登记。", rule="R-ROLE")
    return found
