"""决算批复 of a year, from any side: which departments are approved, until when, and what they have disclosed since."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.organ_book import organs
from workflows.commands.approving_accounts import accounts_of
from workflows.commands.correcting_accounts import waiting_accounts_correction
from workflows.commands.correcting_budget import confirming_post
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.events import AccountsApproved, Recorded
from workflows.journal import Journal
from workflows.rights.permissions import scope_of
from workflows.state.disclosures import SELF_EVALUATION
from workflows.state.reply_terms import Term, term
from workflows.store.disclosing import PublicPack, public_packs
from workflows.store.organs import organ_of
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor, Role
from workflows.workdays import beijing_date


@dataclass(frozen=True)
class Line:
    """One department: its approval, the self-evaluations that it released, how the term stands, a waiting correction.

    `agrees` is whether the person may agree to that correction, as the second one.
    """

    department: str
    name: str
    approved: AccountsApproved | None
    released: PublicPack | None
    term: Term
    waits: Recorded | None = None
    agrees: bool = False


def bureau_of_correction(by: Actor) -> str:
    """Return the bureau for which the person may correct an approval or agree to it: the budget section, its leader."""
    leading = next((post.organ for post in by.posts if post.role == Role.FINANCE_LEADER), None)
    return leading or bureau_of_accounts(by)


def bureau_of_accounts(by: Actor) -> str:
    """Return the bureau whose budget section the person, or somebody he covers, sits in; NotAllowed elsewhere."""
    posts = (*by.posts, *(post for cover in by.covers for post in cover.posts))
    found = next((post.organ for post in posts if post.role == Role.FINANCE_BUDGET), None)
    if found is None:
        raise NotAllowed("决算批复日期由财政预算科登记。", rule="R-ROLE")
    return found


def departments_seen(by: Actor) -> Sequence[str]:
    """Return the departments that the person oversees; NotAllowed for people who oversee none."""
    scope = scope_of(by)
    seen = [row["id"] for row in organs().of_kind("department") if row["parent"] in scope.bureaus]
    seen += [each for each in scope.departments if each not in seen]
    if not seen:
        raise NotAllowed(rule="R-ROLE")
    return seen


def standing_of(tx: Transaction, journal: Journal, by: Actor, year: int) -> list[Line]:
    """Return how the year's final accounts and the disclosure with them stand, department by department."""
    packs = {
        each.fact.department: each for each in public_packs(tx)
        if (each.fact.year, each.fact.what) == (year, SELF_EVALUATION)
    }  # fmt: skip
    today, names = beijing_date(tx.now()).isoformat(), organs().names
    found = []
    for department in departments_seen(by):
        approved, pack = accounts_of(journal, department, year), packs.get(department)
        done = beijing_date(pack.released_at).isoformat() if pack else ""
        state = term(approved.disclose_due if approved else "", done, today)
        waits = waiting_accounts_correction(journal, department, year)
        agrees = bool(waits and approved and waits.actor_id != by.id and confirming_post(by, approved.bureau))
        found.append(Line(department, names.get(department, department), approved, pack, state, waits, agrees))
    return sorted(found, key=lambda line: line.name)


def refuse_unknown(tx: Transaction, bureau: str, departments: Sequence[str]) -> None:
    """Raise FieldsInvalid where one of these is no department of the bureau."""
    found = [organ_of(tx, each) for each in departments]
    if not all(row and (row["kind"], row["parent"]) == ("department", bureau) for row in found):
        raise FieldsInvalid("所选的不全是本级财政的部门。", field="departments")
