"""Printing a table's official forms: what they are put together from is read, nothing is written."""

from collections.abc import Mapping, Sequence

from workflows.commands.calling import called_in
from workflows.commands.drafting import content_in_work
from workflows.commands.evaluating import contents_until
from workflows.definitions import chain_from
from workflows.folds.replay import Table
from workflows.journal import Content, Journal
from workflows.measures.target_moves import earlier_targets
from workflows.organs import ORGANS_STREAM
from workflows.packs import pack_from
from workflows.packs.review_form import review_form_of
from workflows.printing import FormKind, Paper, moment
from workflows.rights.waived import Signed
from workflows.vocabulary import Actor, Stage

DRAFT = "　草稿，尚未提交"


def paper_of(
    journal: Journal, table: Table, kind: FormKind, *, reader: Actor, organs: Mapping[str, str],
    waivers: Sequence[Signed] = (), codes: Mapping[str, str] | None = None,
) -> Paper:  # fmt: skip
    """Return what a table's form is printed from, for somebody who may read the table.

    The goal table prints to people of its unit the draft that they work on, and says so; every other form binds what
    was recorded last. The foot names who printed it and when, and where the table's log ends (feature M12).
    """
    history, content = journal.history(table.id), _content(journal, table, kind, reader)
    drafted = kind == FormKind.GOALS and table.stage == Stage.DRAFT
    told = journal.history(ORGANS_STREAM)
    foot = f"{reader.name} {moment(journal.now())} 打印　台账记录{table.version}条，链首 {table.head[:16]}"
    return Paper(
        table, content, history, chain_from(journal.content(table.definition_hash)), organs,
        called_in(journal, table, history), waivers, review_form_of(journal.content(table.pack_hash)),
        foot + (DRAFT if drafted else ""),
        earlier_targets(contents_until(journal, table)) if kind == FormKind.EVALUATION else {},
        pack_from(journal.content(table.pack_hash)).help if drafted else None, codes or {},
        tuple(journal.organs().organs.values()) if told else (), told,
    )  # fmt: skip


def _content(journal: Journal, table: Table, kind: FormKind, reader: Actor) -> Content:
    of_the_unit = reader.id == table.owner or any(post.organ == table.unit for post in reader.posts)
    if kind == FormKind.GOALS and table.stage == Stage.DRAFT and of_the_unit:
        return content_in_work(journal, table).content
    if kind == FormKind.EVALUATION:
        return journal.content(table.evaluated)
    begun = [window for window in table.windows if window.state != "planned"]
    if kind == FormKind.MONITORING and table.in_force:
        return journal.content(table.watched(begun[-1]) if begun else table.in_force)
    return journal.content(table.content_hash)
