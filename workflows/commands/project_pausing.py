"""暂停项目: the bureau stops payment, alone or on the department's request, and lets the project go on."""

from uuid import UUID

from workflows import events as e
from workflows.commands.recipe import Seen, Work, begin, reason_given
from workflows.folds.replay import Desk, Request, Table
from workflows.journal import Journal
from workflows.rights.permissions import confirming_posts
from workflows.rights.project_pausing import pausing_post
from workflows.vocabulary import Action, Actor, Post, Role
from workflows.workdays import beijing_date

RULE = "project.resumed"


def pause_project(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, reason: str,
) -> Table:  # fmt: skip
    """Pause a project as the bureau: payment stops, open monitoring filings lose their clocks, no new one opens."""
    work = begin(journal, table_id, by, command_id, Action.PAUSE_PROJECT)
    if work.done:
        return work.table
    work.ask(Action.PAUSE_PROJECT, seen)
    return work.record((e.ProjectPaused(reason_given(reason)),), pausing_post(by, work.table))


def ask_to_pause(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, reason: str,
) -> Table:  # fmt: skip
    """Ask for a pause as the department; nothing stops before the bureau confirms as the second person."""
    work = begin(journal, table_id, by, command_id, Action.ASK_PAUSE)
    if work.done:
        return work.table
    work.ask(Action.ASK_PAUSE, seen)
    asked = e.ConfirmationRequested(
        request=str(work.command_id), action=Action.PAUSE_PROJECT, reason=reason_given(reason)
    )
    return work.record((asked,), Post(Role.DEPARTMENT_FINANCE, work.table.department))


def pause_as_asked(work: Work, request: Request, opinion: str) -> Table:
    """Agree as the bureau: the project is paused for the reason that the department gave."""
    post = confirming_posts(work.by, work.table)[0]
    return work.record((e.ConfirmationGiven(request.id, opinion), e.ProjectPaused(request.reason)), post)


def resume_project(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, reason: str,
) -> Table:  # fmt: skip
    """Let a paused project go on: every open monitoring filing gets its whole clock anew from today."""
    work = begin(journal, table_id, by, command_id, Action.RESUME_PROJECT)
    if work.done:
        return work.table
    work.ask(Action.RESUME_PROJECT, seen)
    stopped = (desk for desk in work.table.desks if is_stopped(desk))
    anew = (_anew(work, desk) for desk in stopped)
    return work.record((e.ProjectResumed(reason_given(reason)), *anew), pausing_post(by, work.table))


def is_stopped(desk: Desk) -> bool:
    """Whether a desk is a monitoring filing whose clock a pause has stopped."""
    return desk.node.partition(":")[0] == "monitoring_filing" and desk.due_at is None


def _anew(work: Work, desk: Desk) -> e.TaskDueSet:
    node = work.chain.node(desk.node.partition(":")[0])
    due = node.due(beijing_date(work.journal.now()), work.calendar)
    return e.TaskDueSet(
        desk.node, desk.task, desk.round, due.moment.isoformat(), due.provisional, due.calendar_version, RULE
    )
