"""How the performance section draws, from any side: its own bureau, the rules as shipped, what waits at this moment."""

from dataclasses import dataclass
from uuid import UUID

from workflows.commands.sampling import MOST_CANDIDATES, draw_sample
from workflows.errors import NotAllowed
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.packs import SamplingRules, load_pack
from workflows.store.sampling import tables_to_draw_from
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor, Role

NATIONAL = "national-2021"


@dataclass(frozen=True)
class Draw:
    """What somebody asks for: the year, a department or all of them (empty), the seed."""

    year: int
    department: str
    seed: str


def rules_now() -> SamplingRules:
    """Return the rules by which the bureau draws: those of the national pack as shipped."""
    rules = load_pack(NATIONAL).sampling
    if rules is None:
        raise NotAllowed("规则包没有规定抽查。", rule="G-PACK")
    return rules


def bureau_of_the_section(by: Actor) -> str:
    """Return the bureau in whose performance section the person sits; NotAllowed for everybody else."""
    found = next((post.organ for post in by.posts if post.role == Role.FINANCE_PERFORMANCE), None)
    if found is None:
        raise NotAllowed("自评抽查由财政绩效科办理。", rule="R-ROLE")
    return found


def draw_now(
    tx: Transaction, journal: Journal, sampling_id: UUID, *, asked: Draw, by: Actor, command_id: UUID
) -> tuple[Table, ...]:  # fmt: skip
    """Draw from what waits at this moment; returns the drawn tables."""
    bureau = bureau_of_the_section(by)
    candidates = tables_to_draw_from(tx, bureau, asked.year, asked.department, limit=MOST_CANDIDATES + 1)
    return draw_sample(
        journal, sampling_id, bureau=bureau, year=asked.year, department=asked.department, candidates=candidates,
        seed=asked.seed, rules=rules_now(), by=by, command_id=command_id,
    )  # fmt: skip
