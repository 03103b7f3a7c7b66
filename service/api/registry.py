"""Every action that can be asked for over the REST interface: its body, its verb, the scope that a token needs.

A new action of the lifecycle is one more entry here: route, specification, dry run, scope and fuzz follow from it. A
test fails for an action that stands neither in ACTIONS nor, with a reason, in NOT_OFFERED.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from service.api import bodies
from service.api.filing_figures import evaluation_figures, monitoring_figures
from service.api.saving import save
from service.tokens import TokenScope
from workflows.commands import attaching, commenting, drafting, ending, evaluating, monitoring, replying, reviewing
from workflows.commands.recipe import Seen
from workflows.journal import Journal
from workflows.vocabulary import Action, Actor


@dataclass(frozen=True)
class Call:
    """One act on one table: the ledger, what the caller saw (and which draft, if any was shown), who, the command."""

    journal: Journal
    table_id: UUID
    seen: Seen
    draft_version: int | None
    by: Actor
    command_id: UUID

    @property
    def subject(self) -> dict[str, Any]:
        """Return what every verb is given by name."""
        return {"seen": self.seen, "by": self.by, "command_id": self.command_id}


Carry = Callable[[Call, Any], object]


@dataclass(frozen=True)
class Entry:
    """One action: the shape of its body, how it is carried out, and by whose leave.

    `needs_match`: the caller decides on what he saw, so that If-Match has to be sent. `in_bulk`: also over many tables.
    """

    action: Action
    body: type[bodies.Body]
    carry: Carry
    scope: TokenScope
    needs_match: bool = True
    in_bulk: bool = False


def by_verb(verb: Callable[..., object], **fixed: object) -> Carry:
    """Carry an action out by a verb whose own details are named as the body's fields."""

    def carry(call: Call, body: bodies.Body) -> object:
        return verb(call.journal, call.table_id, **call.subject, **dict(body), **fixed)

    return carry


def _submit(call: Call, body: bodies.Submission) -> object:
    return drafting.submit_table(
        call.journal, call.table_id, **call.subject, note=body.note, draft_version=call.draft_version
    )


def _save(call: Call, body: bodies.Changes) -> object:
    return save(call.journal, call.table_id, call.subject, call.draft_version, body)


def _reply(call: Call, body: bodies.Reply) -> object:
    return replying.issue_reply(
        call.journal, uuid5(call.command_id, f"reply:{call.by.id}"), tables={call.table_id: call.seen},
        doc_no=body.doc_no, opinion=body.opinion, by=call.by, command_id=call.command_id,
    )  # fmt: skip


def _withdraw_file(call: Call, body: bodies.OldFile) -> object:
    return attaching.withdraw_attachment(
        call.journal, call.table_id, **call.subject, attachment=str(body.attachment)
    )  # fmt: skip


def _monitor(call: Call, body: bodies.Monitoring) -> object:
    figures = monitoring_figures(call.journal, call.table_id, body)
    return monitoring.file_monitoring(
        call.journal, call.table_id, **call.subject, window=body.window, figures=figures
    )  # fmt: skip


def _evaluate(call: Call, body: bodies.Evaluation) -> object:
    figures = evaluation_figures(call.journal, call.table_id, body)
    return evaluating.file_self_evaluation(call.journal, call.table_id, **call.subject, figures=figures)


A, B = Action, bodies
FILE, DECIDE, ADMINISTER = TokenScope.FILE, TokenScope.DECIDE, TokenScope.ADMINISTER

ENTRIES = (
    Entry(A.SAVE, B.Changes, _save, FILE),
    Entry(A.ATTACH, B.NewFile, by_verb(attaching.attach_file), FILE),
    Entry(A.DETACH, B.OldFile, _withdraw_file, FILE),
    Entry(A.SUBMIT, B.Submission, _submit, FILE, in_bulk=True),
    Entry(A.WITHDRAW, B.WithReason, by_verb(drafting.withdraw_table), FILE),
    Entry(A.APPROVE, B.WithOpinion, by_verb(reviewing.approve_table), DECIDE, in_bulk=True),
    Entry(A.RETURN, B.Return, by_verb(reviewing.return_table), DECIDE, in_bulk=True),
    Entry(A.REFUSE, B.WithReason, by_verb(ending.ask_to_end, action=A.REFUSE), DECIDE),
    Entry(A.REPLY, B.Reply, _reply, DECIDE),
    Entry(A.OPEN_MONITORING, B.OpenWindow, by_verb(monitoring.open_monitoring), DECIDE),
    Entry(A.FILE_MONITORING, B.Monitoring, _monitor, FILE),
    Entry(A.ACCEPT_MONITORING, B.AcceptWindow, by_verb(monitoring.accept_monitoring), DECIDE),
    Entry(A.RETURN_MONITORING, B.ReturnWindow, by_verb(monitoring.return_monitoring), DECIDE),
    Entry(A.OPEN_SELF_EVALUATION, B.Nothing, by_verb(evaluating.open_self_evaluation), DECIDE),
    Entry(A.FILE_SELF_EVALUATION, B.Evaluation, _evaluate, FILE),
    Entry(A.ACCEPT_SELF_EVALUATION, B.WithOpinion, by_verb(evaluating.accept_self_evaluation), DECIDE),
    Entry(A.RETURN_SELF_EVALUATION, B.WithReason, by_verb(evaluating.return_self_evaluation), DECIDE),
    Entry(A.CLOSE, B.WithOpinion, by_verb(evaluating.close_table), DECIDE),
    Entry(A.VOID, B.WithReason, by_verb(ending.ask_to_end, action=A.VOID), DECIDE),
    Entry(A.TERMINATE, B.WithReason, by_verb(ending.ask_to_end, action=A.TERMINATE), DECIDE),
    Entry(A.COMMENT, B.Comment, by_verb(commenting.open_thread), DECIDE, needs_match=False),
    Entry(A.ANSWER_COMMENT, B.CommentAnswer, by_verb(commenting.answer_thread), FILE, needs_match=False),
    Entry(A.RESOLVE_COMMENT, B.CommentEnd, by_verb(commenting.resolve_thread), DECIDE, needs_match=False),
    Entry(A.CONFIRM, B.WithOpinion, by_verb(ending.confirm_ending), DECIDE),
    Entry(A.DECLINE, B.WithReason, by_verb(ending.decline_ending), DECIDE),
)
ACTIONS: Mapping[Action, Entry] = {entry.action: entry for entry in ENTRIES}
NOT_OFFERED: Mapping[Action, str] = {
    A.MARK_OVERDUE: "由系统在期限届满时自行记录，任何人不能要求",
}
