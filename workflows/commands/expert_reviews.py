"""Experts from outside: a reviewer gives them his table for some days, they declare relations, then score it (S11)."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from workflows import events as e
from workflows.commands.grading import LONGEST_OPINION, form_of
from workflows.commands.recipe import Seen, Work, begin, post_at, reason_given
from workflows.commands.reviewing import desk_of
from workflows.errors import FieldsInvalid, NotAllowed, NotFound, NotOpenNow
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.rights.expert_reviews import assignment_of, expert_post, refusal_of_expert
from workflows.rights.filled_form import filled
from workflows.state.disclosures import INTERNAL_MARK
from workflows.state.experts import Expert
from workflows.state.reviews import ReviewMode
from workflows.vocabulary import Action, Actor, Post, Role
from workflows.workdays import beijing_date

MOST_EXPERTS = 15
LONGEST_DAYS = 60


def assign_experts(
    journal: Journal, table_id: UUID, *, seen: Seen, people: Collection[str], until: date, by: Actor, command_id: UUID,
    node: str | None = None,
) -> Table:  # fmt: skip
    """Give the table that lies before the reviewer to experts of the pool, until the end of a day; each is told.

    A table marked 内部 goes to nobody outside (G-INTERNAL). NotAllowed names the expert who may not (S11).
    """
    work = begin(journal, table_id, by, command_id, Action.ASSIGN_EXPERTS)
    if work.done:
        return work.table
    answer = work.ask(Action.ASSIGN_EXPERTS, seen, node=node)
    desk, today = desk_of(answer), beijing_date(journal.now())
    form_of(work)
    if journal.content(work.table.content_hash).get("disclosure") == INTERNAL_MARK:
        raise NotAllowed("此表标为“内部”，不能交外部专家评审。", rule="G-INTERNAL")
    if not today <= until or (until - today).days > LONGEST_DAYS:
        raise FieldsInvalid(f"评审截止日须在今天之后{LONGEST_DAYS}天以内。", field="until")
    chosen = [_expert(work, person) for person in dict.fromkeys(people)]
    if not 0 < len(chosen) <= MOST_EXPERTS:
        raise FieldsInvalid(f"请选择1至{MOST_EXPERTS}名专家。", field="people")
    facts = [
        e.ExpertAssigned(
            work.task_at("expert", each.id), desk.node, desk.task, desk.round, each.id, each.name, until.isoformat()
        )
        for each in chosen
    ]  # fmt: skip
    return work.record(facts, post_at(desk), answer.cover)


def pool(journal: Journal) -> tuple[Actor, ...]:
    """Return everybody who holds the post of an expert, in whatever organ, by ID."""
    return journal.holders(Role.EXPERT, None)


def _expert(work: Work, person: str) -> Actor:
    found = next((each for each in pool(work.journal) if each.id == person), None)
    if found is None:
        raise FieldsInvalid("所选的人不在专家库中。", field="people")
    refusal = refusal_of_expert(found, work.table)
    if refusal:
        raise NotAllowed(refusal.sentence, rule=refusal.rule)
    return found


def declare_relation(
    journal: Journal, table_id: UUID, *, seen: Seen, related: bool, by: Actor, command_id: UUID, reason: str = "",
) -> Table:  # fmt: skip
    """Declare, before the content is seen, whether one is related to unit or project; a relation excludes for good."""
    work = begin(journal, table_id, by, command_id, Action.DECLARE_RELATION)
    if work.done:
        return work.table
    mine, post = _mine(work, Action.DECLARE_RELATION, seen)
    said = reason_given(reason) if related else reason.strip()
    return work.record((e.ExpertDeclared(mine.assignment, related, said),), post)


def score_as_expert(
    journal: Journal, table_id: UUID, *, seen: Seen, items: Mapping[str, Mapping[str, str]], by: Actor,
    command_id: UUID, opinion: str = "",
) -> Table:  # fmt: skip
    """File points for every sub-item of the review form; a later filing inside the time replaces the one before.

    It binds nobody: the reviewer sees mean and spread and fills his own form in.
    """
    work = begin(journal, table_id, by, command_id, Action.SCORE_AS_EXPERT)
    if work.done:
        return work.table
    mine, post = _mine(work, Action.SCORE_AS_EXPERT, seen)
    said = filled(form_of(work), ReviewMode.SCORED, items)
    if len(opinion.strip()) > LONGEST_OPINION:
        raise FieldsInvalid(f"评审意见不能超过{LONGEST_OPINION}字。", field="opinion")
    scored = e.ExpertScored(
        assignment=mine.assignment, items=said.items, total=said.total, grade=said.grade, opinion=opinion.strip(),
        pack=work.table.pack, pack_hash=work.table.pack_hash, content_hash=work.table.content_hash,
    )  # fmt: skip
    return work.record((scored,), post)


def _mine(work: Work, action: Action, seen: Seen) -> tuple[Expert, Post]:
    """Return the expert's own open assignment and post: NotFound for strangers, NotOpenNow after its time."""
    mine, post = assignment_of(work.by, work.table), expert_post(work.by)
    if mine is None or post is None:
        raise NotFound
    work.ask(action, seen)
    if beijing_date(work.journal.now()).isoformat() > mine.until:
        raise NotOpenNow(f"评审期限（{mine.until}）已过，不能再办理。", rule="G-EXPERT-TIME")
    return mine, post
