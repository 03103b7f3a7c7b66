"""截止后调整: after the cut-off the performance section asks for a revision, and the leader in charge opens it."""

from uuid import UUID

from workflows import events as e
from workflows.commands.adjusting import begin_draft, is_late, revision_id
from workflows.commands.proposals import proposed
from workflows.commands.recipe import Seen, Work, begin, reason_given
from workflows.errors import ContentDiffers, FieldsInvalid, NotOpenNow
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.rights.permissions import confirming_posts
from workflows.state.revisions import Trigger
from workflows.state.standing import Request
from workflows.vocabulary import Action, Actor, Post, Role


def ask_late_revision(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, trigger: str, reason: str,
) -> Table:  # fmt: skip
    """Ask for a revision after the cut-off; nothing is opened before the leader in charge confirms (domain.md 7).

    NotOpenNow with rule G-CUTOFF until the cut-off, when the unit itself asks.
    """
    work = begin(journal, table_id, by, command_id, Action.ADJUST_LATE)
    if work.done:
        return work.table
    work.ask(Action.ADJUST_LATE, seen)
    if trigger not in set(Trigger):
        raise FieldsInvalid("请选择调整的原因类别。", field="trigger")
    if not is_late(work):
        raise NotOpenNow("本年度调整申请尚未截止，由单位经办人申请即可。", rule="G-CUTOFF")
    request, table = str(work.command_id), work.table
    asked = e.RevisionAsked(request, table.revisions + 1, trigger, table.in_force or "")
    wanted = e.ConfirmationRequested(request=request, action=Action.ADJUST_LATE, reason=reason_given(reason))
    return work.record((asked, wanted), Post(Role.FINANCE_PERFORMANCE, table.bureau))


def open_late_revision(work: Work, request: Request, opinion: str) -> Table:
    """Agree as the leader in charge: the revision opens, its draft waits for the unit's clerk."""
    asked, table = proposed(work, request, e.RevisionAsked), work.table
    if asked.base != table.in_force or asked.number != table.revisions + 1:
        raise ContentDiffers(content_hash=table.content_hash)
    post, revision = confirming_posts(work.by, table)[0], revision_id(table.id, asked.number)
    opened = e.RevisionOpened(str(revision), asked.number, asked.trigger, asked.base, request.reason)
    after = work.record((e.ConfirmationGiven(request.id, opinion), opened), post)
    begin_draft(work, revision, asked.number, post)
    return after
