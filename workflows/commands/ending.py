"""The ends that need two persons: refuse, void, terminate; asked by one, confirmed or declined by another."""

from collections.abc import Callable, Mapping
from uuid import UUID

from workflows import events as e
from workflows.commands.adjusting import tell_revised
from workflows.commands.correcting import apply_correction
from workflows.commands.intervening import apply_intervention
from workflows.commands.late_adjusting import open_late_revision
from workflows.commands.paper import apply_paper
from workflows.commands.project_pausing import pause_as_asked
from workflows.commands.recipe import Seen, Work, begin, post_at, reason_given
from workflows.errors import ConfirmationMissing
from workflows.folds.replay import Request, Table
from workflows.journal import Journal
from workflows.rights.holders import consenting_posts
from workflows.rights.permissions import confirming_posts, the_clerk_in_charge
from workflows.vocabulary import Action, Actor, Post, Role, Stage

BESIDE_THE_ENDS: Mapping[Action, Callable[[Work, Request, str], Table]] = {
    Action.CORRECT: apply_correction, Action.INTERVENE: apply_intervention, Action.ENTER_PAPER: apply_paper,
    Action.ADJUST_LATE: open_late_revision, Action.PAUSE_PROJECT: pause_as_asked,
}  # fmt: skip
"""What else waits for a second person, and what his word brings about."""
ENDINGS = {Action.REFUSE: e.TableRefused, Action.VOID: e.TableVoided, Action.TERMINATE: e.TableTerminated}


def ask_to_end(
    journal: Journal, table_id: UUID, *, action: Action, seen: Seen, by: Actor, command_id: UUID, reason: str,
) -> Table:  # fmt: skip
    """Ask for REFUSE, VOID or TERMINATE; nothing ends before a second person confirms (S10)."""
    work = begin(journal, table_id, by, command_id, action)
    if work.done:
        return work.table
    answer = work.ask(action, seen)
    post = post_at(answer.desk) if answer.desk else _post_for(work, action)
    asked = e.ConfirmationRequested(request=str(work.command_id), action=action, reason=reason_given(reason))
    return work.record((asked,), post, answer.cover)


def confirm_ending(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, opinion: str = "",
) -> Table:  # fmt: skip
    """Agree as the second person: the table ends, or goes back to its submitter, and every open task is closed."""
    work = begin(journal, table_id, by, command_id, Action.CONFIRM)
    if work.done:
        return work.table
    work.ask(Action.CONFIRM, seen)
    request = _waiting(work)
    if request.action in BESIDE_THE_ENDS:
        return BESIDE_THE_ENDS[Action(request.action)](work, request, opinion.strip())
    if request.action == Action.REFUSE:
        work.refuse_changed_files()
    given, leaving = e.ConfirmationGiven(request.id, opinion.strip()), work.leaving_all(Action(request.action).chinese)
    if request.action == Action.WITHDRAW:
        withdrawn = e.TableWithdrawn(work.table.round, request.reason)
        again = (work.entering(node, round=work.table.round) for node in work.chain.first_of(Stage.DRAFT))
        facts: tuple[e.Event, ...] = (given, withdrawn, *leaving, *again)
    else:
        facts = (given, *leaving, ENDINGS[Action(request.action)](request.id, request.reason))
    posts = consenting_posts if request.action == Action.WITHDRAW else confirming_posts
    post = posts(by, work.table)[0]
    after = work.record(facts, post)
    tell_revised(work, after, post)
    return after


def decline_ending(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, reason: str,
) -> Table:  # fmt: skip
    """Decline as the second person, or take one's own request back; the table stays where it is."""
    work = begin(journal, table_id, by, command_id, Action.DECLINE)
    if work.done:
        return work.table
    work.ask(Action.DECLINE, seen)
    request = _waiting(work)
    declined = e.ConfirmationRefused(request.id, reason_given(reason))
    asked = Post(Role(request.role), request.organ)
    return work.record((declined,), asked if request.by == by.id else confirming_posts(by, work.table)[0])


def _waiting(work: Work) -> Request:
    if work.table.request is None:
        raise ConfirmationMissing
    return work.table.request


def _post_for(work: Work, action: Action) -> Post:
    """Return the post under which an end is asked for where nobody's desk is involved."""
    table, by = work.table, work.by
    if action == Action.VOID:
        return Post(Role.CLERK if the_clerk_in_charge(by, table) else Role.UNIT_HEAD, table.unit)
    business = by.holds(Role.FINANCE_BUSINESS, table.bureau)
    return Post(Role.FINANCE_BUSINESS if business else Role.FINANCE_PERFORMANCE, table.bureau)
