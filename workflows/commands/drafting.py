"""The clerk's verbs: keep a draft, submit it, take it back."""

from dataclasses import replace
from uuid import UUID

from workflows import events as e
from workflows.commands.adjusting import refuse_unfit_revision
from workflows.commands.field_situations import refuse_places
from workflows.commands.prereview import finding_key, findings_of, refuse_open_findings, refuse_unfit
from workflows.commands.recipe import Seen, Work, begin, post_at, reason_given
from workflows.commands.routing import entering_from, inputs_from, straight_back
from workflows.commands.secrecy_marks import refuse_marked
from workflows.commands.straight_way import goes_straight_back
from workflows.content.changes import awaiting_reason, changes_between
from workflows.errors import ContentDiffers, ReasonMissing
from workflows.folds.replay import Table
from workflows.journal import Content, Draft, Journal
from workflows.state.beginnings import freely_written
from workflows.state.disclosures import texts_in
from workflows.state.standing import changed
from workflows.vocabulary import Action, Actor, Post, Role, Stage

__all__ = [
    "content_in_work", "finding_key", "findings_of", "refuse_open_findings", "save_draft", "submit_table",
    "withdraw_table",
]  # fmt: skip

WITHOUT_REASON = "有对申报文本的改动尚未说明理由，请回到编制页，在页面底部填写改动理由（不少于5个字）后再提交。"


def content_in_work(journal: Journal, table: Table) -> Draft:
    """Return the draft of a table, or its last recorded content where nobody has edited it yet."""
    draft = journal.draft(table.id)
    return draft or Draft(journal.content(table.content_hash), version=0, editors=(), reasons={})


def save_draft(
    journal: Journal, table_id: UUID, *, seen: Seen, draft_version: int, content: Content, reasons: dict[str, str],
    by: Actor, command_id: UUID,
) -> Draft:  # fmt: skip
    """Keep the clerk's work outside the log; TableChangedMeanwhile if somebody kept a newer draft.

    MarkedAsSecret for a text with the mark of a state secret: it is not kept at all.
    """
    work = begin(journal, table_id, by, command_id, Action.SAVE)
    work.ask(Action.SAVE, seen)
    refuse_marked(texts_in(content), field="content")
    before = content_in_work(journal, work.table)
    refuse_unwritable(work, journal.content(work.table.content_hash), content)
    draft = Draft(
        content, draft_version + 1, tuple(sorted({*before.editors, by.id})), {**before.reasons, **reasons},
    )  # fmt: skip
    journal.keep_draft(table_id, draft)
    return draft


def submit_table(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, note: str = "",
    draft_version: int | None = None,
) -> Table:  # fmt: skip
    """Hand the draft in: its content goes into the log by hash, with every change since the last recorded content.

    ContentDiffers where the draft is not the version that the person saw (`draft_version`, 0 for an unedited one);
    ReasonMissing where something was kept without the reason that it needs.
    """
    work = begin(journal, table_id, by, command_id, Action.SUBMIT)
    if work.done:
        return work.table
    answer = work.ask(Action.SUBMIT, Seen(seen.version, attachments=seen.attachments))
    draft = content_in_work(journal, work.table)
    if draft_version not in (None, draft.version):
        raise ContentDiffers(version=draft.version)
    refuse_unfit(journal, work.table, draft.content)
    refuse_unfit_revision(work, draft.content)
    before = journal.content(work.table.content_hash)
    free = freely_written(work.table.origin, work.table.round)
    if not free and awaiting_reason(before, draft.content, draft.reasons):
        raise ReasonMissing(WITHOUT_REASON)
    changes = changes_between(before, draft.content, draft.reasons)
    refuse_unwritable(work, before, draft.content)
    content_hash = journal.put_content(draft.content)
    post = post_at(answer.desk)
    this_round = work.table.round + 1
    submitted = e.TableSubmitted(
        node="drafting", task=answer.desk.task if answer.desk else "", round=this_round, content_hash=content_hash,
        changes=journal.put_content({"changes": list(changes)}), changed=len(changes), title=draft.content["title"],
        editors=draft.editors, disclosure=draft.content["disclosure"], note=note.strip(),
    )  # fmt: skip
    journal.drop_draft(table_id)
    inputs = inputs_from(work.table, draft.content)
    written = replace(work, table=changed(work.table, authors=work.table.authors | {by.id, *draft.editors}))
    if goes_straight_back(journal, work.chain, work.table, draft.content):
        onwards = straight_back(written, round=this_round, done=(), inputs=inputs)
    else:
        onwards = entering_from(written, Stage.UNIT_REVIEW, round=this_round, inputs=inputs)
    return work.record((submitted, e.NodeCompleted("drafting", work.table.round), *onwards), post)


def refuse_unwritable(work: Work, before: Content, after: Content) -> None:
    """Raise NotAllowed (R-FIELD) where a draft differs from the recorded content in what the clerk may not write."""
    places = [str(change["pointer"]) for change in changes_between(before, after, {})]
    refuse_places(work.journal, work.table, work.chain, Role.CLERK, places, after, before)


def withdraw_table(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, reason: str
) -> Table:
    """Take the table back into drafting while nobody has decided on it."""
    work = begin(journal, table_id, by, command_id, Action.WITHDRAW)
    if work.done:
        return work.table
    work.ask(Action.WITHDRAW, seen)
    facts = (
        e.TableWithdrawn(work.table.round, reason_given(reason)),
        *work.leaving_all("撤回"),
        *(work.entering(node, round=work.table.round) for node in work.chain.first_of(Stage.DRAFT)),
    )
    return work.record(facts, Post(Role.CLERK, work.table.unit))
