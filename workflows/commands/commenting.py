"""Comments on a place of the table (批注): a reviewer opens and resolves them, the unit answers before it submits."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from workflows import events as e
from workflows.commands.recipe import Seen, begin, post_at
from workflows.content.pointers import ABSENT, at_place, row_of
from workflows.errors import FieldsInvalid, NotAllowed, NotFound
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.rights.permissions import the_clerk_in_charge
from workflows.state.criteria import Criterion
from workflows.state.standing import Thread
from workflows.vocabulary import UNIT_ROLES, Action, Actor, Post, Role

MOST_OPEN = 100
"""Comments that may stand open on one table at a time."""
LONGEST = 1_000


def open_thread(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, pointer: str, criterion: str,
    words: str, node: str | None = None,
) -> Table:  # fmt: skip
    """Comment on a place of the recorded content (JSON pointer, rows by their stable ID), coded by a criterion.

    FieldsInvalid for the whole table, for a place that there is not, for no words or an unknown criterion.
    """
    work = begin(journal, table_id, by, command_id, Action.COMMENT)
    if work.done:
        return work.table
    answer = work.ask(Action.COMMENT, seen, node=node)
    if at_place(journal.content(work.table.content_hash), pointer) is ABSENT:
        raise FieldsInvalid("请选择要批注的位置（某一指标或某一栏）。", field="pointer")
    if len(work.table.open_threads) >= MOST_OPEN:
        raise FieldsInvalid(f"每张表最多有{MOST_OPEN}条未销号的批注。", field="words")
    desk, post = answer.desk, post_at(answer.desk)
    opened = e.ThreadOpened(
        thread=str(uuid5(table_id, f"thread:{work.command_id}")), node=desk.node if desk else "",
        round=work.table.round, level=desk.level if desk else "", pointer=pointer, row=row_of(pointer),
        criterion=_criterion(criterion), content_hash=work.table.content_hash, words=_words(words),
    )  # fmt: skip
    return work.record((opened,), post, answer.cover)


def answer_thread(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, thread: str, words: str
) -> Table:
    """Answer a comment for the unit; who commented does not answer himself. An answer may be given anew while open."""
    work = begin(journal, table_id, by, command_id, Action.ANSWER_COMMENT)
    if work.done:
        return work.table
    work.ask(Action.ANSWER_COMMENT, seen)
    if _open_one(work.table, thread).by == by.id:
        raise NotAllowed("批注须由他人答复，提出批注的人不能自己答复。", rule="G-THREAD-OWN")
    return work.record((e.ThreadAnswered(thread, _words(words)),), _post_of_the_unit(by, work.table))


def resolve_thread(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, thread: str, opinion: str = "",
    node: str | None = None,
) -> Table:  # fmt: skip
    """Lay a comment aside, answered or not, as a reviewer of the level from which it came."""
    work = begin(journal, table_id, by, command_id, Action.RESOLVE_COMMENT)
    if work.done:
        return work.table
    answer = work.ask(Action.RESOLVE_COMMENT, seen, node=node)
    if answer.desk is None or _open_one(work.table, thread).level != answer.desk.level:
        raise NotAllowed("批注须由提出批注的同一级审核人销号。", rule="G-THREAD-LEVEL")
    return work.record((e.ThreadResolved(thread, opinion.strip()),), post_at(answer.desk), answer.cover)


def places_to_mend(table: Table, fields: Sequence[str]) -> tuple[str, ...]:
    """Return the places that a return is about: those named in it, and those with a comment that is still open.

    FieldsInvalid for a place that is no pointer into the table: an empty one would mean everything.
    """
    if any(not place.startswith("/") or not place.strip("/ ") for place in fields):
        raise FieldsInvalid("须修改的位置有误，请重新勾选。", field="fields")
    return tuple(dict.fromkeys((*fields, *(each.pointer for each in table.open_threads))))


def _open_one(table: Table, thread: str) -> Thread:
    found = table.thread(thread)
    if found is None or found.resolved:
        raise NotFound("没有这条批注，或者它已经销号。", thread=thread)
    return found


def _words(words: str) -> str:
    words = words.strip()
    if not 0 < len(words) <= LONGEST:
        raise FieldsInvalid(f"请填写内容（不超过{LONGEST}字）。", field="words")
    return words


def _criterion(code: str) -> Criterion:
    if code not in set(Criterion):
        raise FieldsInvalid("请选择批注所依据的审核要点。", field="criterion")
    return Criterion(code)


def _post_of_the_unit(by: Actor, table: Table) -> Post:
    if the_clerk_in_charge(by, table):
        return Post(Role.CLERK, table.unit)
    return next(post for post in by.posts if post.organ == table.unit and post.role in UNIT_ROLES - {Role.CLERK})
