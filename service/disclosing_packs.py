"""How a department releases its pack, from any side: its own department, the rules as shipped, what is there now."""

from dataclasses import dataclass
from uuid import UUID

from workflows.commands.disclosing import Pack, pack_now, release_pack
from workflows.errors import NotAllowed
from workflows.events import DisclosureReleased
from workflows.journal import Journal
from workflows.packs import load_pack
from workflows.store.disclosing import stubs_of, tables_in_force
from workflows.store.organs import organ_of
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor, Role

NATIONAL = "national-2021"
MOST_LOOKED_AT = 1_000


@dataclass(frozen=True)
class Standing:
    """What a department's pack of a year would be at this moment."""

    department: str
    year: int
    pack: Pack
    stubs: int


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


def standing_now(tx: Transaction, journal: Journal, department: str, year: int) -> Standing:
    """Return what a pack would hold now."""
    tables = tables_in_force(tx, department, year, limit=MOST_LOOKED_AT)
    pack = pack_now(journal, tables, days=days_to_disclose())
    return Standing(department, year, pack, stubs_of(tx, department, year))


def release_now(
    tx: Transaction, journal: Journal, pack_id: UUID, *, year: int, by: Actor, command_id: UUID
) -> DisclosureReleased:
    """Release the person's department's pack of a year from what is there now."""
    department = department_of(by)
    above = organ_of(tx, department)
    return release_pack(
        journal, pack_id, bureau=above["parent"] if above and above["parent"] else department, department=department,
        year=year, tables=tables_in_force(tx, department, year, limit=MOST_LOOKED_AT),
        stubs=stubs_of(tx, department, year), days=days_to_disclose(), by=by, command_id=command_id,
    )  # fmt: skip


