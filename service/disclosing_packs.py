"""How a department releases its packs, from any side: its own department, the rules as shipped, what is there now."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflows.commands.approving_accounts import accounts_of
from workflows.commands.disclosing import Pack, pack_now, release_pack
from workflows.errors import NotAllowed
from workflows.events import AccountsApproved, DisclosureReleased
from workflows.journal import Journal
from workflows.packs import load_pack
from workflows.state.disclosures import GOALS, SELF_EVALUATION
from workflows.store.disclosing import stubs_of, tables_in_force
from workflows.store.organs import organ_of
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor, Role

NATIONAL = "national-2021"
MOST_LOOKED_AT = 1_000


@dataclass(frozen=True)
class Standing:
    """What a department's pack of a year would be at this moment; `accounts` is what sets a self-evaluation's term."""

    department: str
    year: int
    pack: Pack
    stubs: int
    what: str = GOALS
    accounts: AccountsApproved | None = None

    @property
    def may_release(self) -> bool:
        """Whether something is there to be released, and the accounts are approved where that is asked for."""
        return bool(self.pack.fit) and (self.what == GOALS or self.accounts is not None)


def days_to_disclose() -> int:
    """Return within how many calendar days of the reply a pack has to be public; NotAllowed where no rule says."""
    days = load_pack(NATIONAL).disclosure_days
    if days is None:
        raise NotAllowed("规则包没有规定公开期限。", rule="G-PACK")
    return days


def department_of(by: Actor) -> str:
    """Return the department in whose finance office the person sits; NotAllowed for everybody else."""
    found = next((post.organ for post in by.posts if post.role == Role.DEPARTMENT_FINANCE), None)
    if found is None:
        raise NotAllowed("公开须由主管部门规划财务处办理。", rule="R-ROLE")
    return found


def standing_now(tx: Transaction, journal: Journal, department: str, year: int, what: str = GOALS) -> Standing:
    """Return what a pack would hold now."""
    tables = tables_in_force(tx, department, year, limit=MOST_LOOKED_AT)
    accounts = accounts_of(journal, department, year) if what == SELF_EVALUATION else None
    pack = pack_now(journal, tables, days=days_to_disclose(), what=what, due=_due(accounts))
    return Standing(department, year, pack, stubs_of(tx, department, year), what, accounts)


def _due(accounts: AccountsApproved | None) -> date | None:
    return date.fromisoformat(accounts.disclose_due) if accounts else None


def release_now(
    tx: Transaction, journal: Journal, pack_id: UUID, *, year: int, by: Actor, command_id: UUID, what: str = GOALS
) -> DisclosureReleased:
    """Release the person's department's pack of a year from what is there now: goals, or self-evaluations."""
    department = department_of(by)
    above = organ_of(tx, department)
    due = _due(accounts_of(journal, department, year)) if what == SELF_EVALUATION else None
    return release_pack(
        journal, pack_id, bureau=above["parent"] if above and above["parent"] else department, department=department,
        year=year, tables=tables_in_force(tx, department, year, limit=MOST_LOOKED_AT),
        stubs=stubs_of(tx, department, year), days=days_to_disclose(), by=by, command_id=command_id, what=what, due=due,
    )  # fmt: skip
