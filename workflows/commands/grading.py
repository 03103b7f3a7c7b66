"""The review form is filled in: by the reviewer at a desk of department or bureau, before he decides (T7, N3)."""

from collections.abc import Mapping
from uuid import UUID

from workflows import events as e
from workflows.commands.recipe import Seen, Work, begin, post_at
from workflows.commands.reviewing import desk_of
from workflows.errors import FieldsInvalid, NotAllowed, NotOpenNow
from workflows.folds.replay import Desk, Table
from workflows.journal import Journal
from workflows.packs.review_form import ReviewForm, review_form_of
from workflows.rights.filled_form import filled
from workflows.state.reviews import ReviewMode
from workflows.vocabulary import Action, Actor

LONGEST_OPINION = 2_000
"""Characters of the overall opinion."""


def score_review(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, mode: str,
    items: Mapping[str, Mapping[str, str]], grade: str = "", opinion: str = "", node: str | None = None,
) -> Table:  # fmt: skip
    """Record the review form for the content that was seen; a form of the same person at the node replaces the last.

    `items` hold, by sub-item, `grade` (mode qualitative) or `points` (decimal text, mode scored) and `comment`; the
    overall `grade` is asked for in the qualitative mode alone. FieldsInvalid names what is missing. A key project
    (重点) is scored (G-KEY); scoring a table that was none yet makes it one.
    """
    work = begin(journal, table_id, by, command_id, Action.REVIEW)
    if work.done:
        return work.table
    answer = work.ask(Action.REVIEW, seen, node=node)
    desk, form = desk_of(answer), form_of(work)
    said = filled(form, mode, items, grade)
    if said.mode != ReviewMode.SCORED and is_key(work, desk):
        raise NotAllowed("重点项目须采用定量评分的方式审核。", rule="G-KEY")
    if len(opinion.strip()) > LONGEST_OPINION:
        raise FieldsInvalid(f"总体意见不能超过{LONGEST_OPINION}字。", field="opinion")
    scored = e.ReviewScored(
        node=desk.node, task=desk.task, round=desk.round, mode=said.mode, items=said.items, total=said.total,
        grade=said.grade, opinion=opinion.strip(), pack=work.table.pack, pack_hash=work.table.pack_hash,
        content_hash=work.table.content_hash,
    )  # fmt: skip
    return work.record((scored,), post_at(desk), answer.cover)


def form_of(work: Work) -> ReviewForm:
    """Return the review form of the pack that the table is pinned to; NotOpenNow for one that has none (G-NO-FORM)."""
    form = review_form_of(work.journal.content(work.table.pack_hash))
    if form is None:
        raise NotOpenNow("此表所用的规则包没有审核表。", rule="G-NO-FORM")
    return form


def is_key(work: Work, desk: Desk) -> bool:
    """Whether the table is a key project (重点): its content says so, or a reviewer of another node scored it."""
    content = work.journal.content(work.table.content_hash)
    return bool(content.get("key_project")) or work.table.key_by not in ("", desk.node)
