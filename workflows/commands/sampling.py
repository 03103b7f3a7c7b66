"""财政抽查: the performance section draws tables from a recorded seed; each drawn one gets a desk for the check."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from workflows import events as e
from workflows.commands.evaluating import sampling_node
from workflows.commands.recipe import Work, begin, own_command
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.folds.replay import Table
from workflows.journal import Command, Journal
from workflows.measures.sampling import Candidate, draw
from workflows.packs import SamplingRules
from workflows.vocabulary import Action, Actor, Post, Role

CAMPAIGN = "campaign"
MOST_CANDIDATES = 250
"""Tables among which one draw may choose: all of them must fit into one event."""
LONGEST_SEED = 200


def draw_sample(
    journal: Journal, sampling_id: UUID, *, bureau: str, year: int, candidates: Sequence[Candidate], seed: str,
    rules: SamplingRules, by: Actor, command_id: UUID, department: str = "",
) -> tuple[Table, ...]:  # fmt: skip
    """Draw among tables that wait to be closed; returns those drawn, each with its new desk.

    One event on the draw's own stream holds seed, rules, candidates and result; one on each drawn table, in the same
    transaction. FieldsInvalid for an empty seed, no candidates, too many, or one that moved on meanwhile.
    """
    own = own_command(command_id, by, Action.RESCORE)
    if journal.recorded(sampling_id, own):
        return _drawn_before(journal, sampling_id)
    if not by.holds(Role.FINANCE_PERFORMANCE, bureau):
        raise NotAllowed("抽查须由财政绩效科抽取。", rule="R-ROLE")
    if not 0 < len(seed.strip()) <= LONGEST_SEED:
        raise FieldsInvalid("请填写抽取种子（例如公开的开奖号码），至多200个字。", field="seed")
    if not 0 < len(candidates) <= MOST_CANDIDATES:
        raise FieldsInvalid(f"一次抽取的范围须为1至{MOST_CANDIDATES}张已经部门复核的表。", field="candidates")
    chosen = draw(candidates, seed.strip(), rules)
    fact = _recorded(candidates, chosen, (year, department, seed.strip()), rules)
    post = Post(Role.FINANCE_PERFORMANCE, bureau)
    works = {table: begin(journal, table, by, command_id, Action.RESCORE) for table in sorted(t for t, _ in chosen)}
    drawn = tuple(_draw(works[table], sampling_id, why, post) for table, why in chosen)
    journal.append(sampling_id, CAMPAIGN, (fact,), Command(by, post, own))
    return drawn


def _drawn_before(journal: Journal, sampling_id: UUID) -> tuple[Table, ...]:
    facts = (each.fact for each in journal.history(sampling_id))
    drawn = next(fact for fact in facts if isinstance(fact, e.SamplingDrawn)).drawn
    return tuple(journal.lock_table(UUID(each["table"])) for each in drawn)


def _recorded(
    candidates: Sequence[Candidate], chosen: Sequence[tuple[UUID, str]], what: tuple[int, str, str],
    rules: SamplingRules,
) -> e.SamplingDrawn:  # fmt: skip
    year, department, seed = what
    told = tuple(
        {"table": str(each.table), "total": str(each.total), "grade": str(each.grade), "last": _text(each.last)}
        for each in candidates
    )
    limits = {
        "grades": tuple(map(str, rules.grades)), "totals": tuple(map(str, rules.totals)), "jump": str(rules.jump),
    }  # fmt: skip
    return e.SamplingDrawn(
        year, department, seed, str(rules.percent), limits, told,
        tuple({"table": str(table), "why": why} for table, why in chosen),
    )  # fmt: skip


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _draw(work: Work, sampling_id: UUID, why: str, post: Post) -> Table:
    """Take a table from the desk where it waits to be closed to the one where it is checked."""
    if work.table.drawn or [desk.node for desk in work.table.desks if desk.node == "archiving"] != ["archiving"]:
        raise FieldsInvalid("所列的表中有的已不在待办结环节，请刷新后重新抽取。", field="candidates")
    if work.table.bureau != post.organ or work.table.suspended or work.table.request:
        raise FieldsInvalid("所列的表中有的已挂起、正等待确认或不属本局。", field="candidates")
    waiting = next(desk for desk in work.table.desks if desk.node == "archiving")
    facts = (
        e.SelfEvaluationDrawn(str(sampling_id), why),
        e.NodeSuperseded(waiting.node, waiting.round, waiting.task, "财政抽查"),
        work.entering(sampling_node(work), round=work.table.round),
    )  # fmt: skip
    return work.record(facts, post)
