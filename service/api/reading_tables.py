"""The reads of one table: itself, its history, what one may do and why not, its chain."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from flask_babel import gettext as _
from pydantic import Field

from service.api import answers as a
from service.api.answers_of_reviews import AmendmentShown, ReviewShown
from service.api.asked import Asked
from service.api.bodies import Body
from service.api.chain_shown import chain_nodes
from service.api.cursors import cursor_at, number
from service.api.heads import content_seen, draft_seen, etag_of, head_fields
from service.api.operation import Reply
from service.api.registry import ACTIONS
from service.context import journal, person, transaction
from workflows.commands.calling import called_in
from workflows.commands.drafting import findings_of
from workflows.commands.recipe import demands_of
from workflows.content.goal_table import amount_in_wan
from workflows.content.naming import BY_CODE, Called
from workflows.events import Recorded
from workflows.folds.replay import Table
from workflows.rights.lifecycle import Answer, decide_within, steps_open_to
from workflows.store.queries import refuse_unseen, table_seen_by
from workflows.store.streams import history_of
from workflows.vocabulary import Action
from workflows.words.sentences import sentence

BESIDE = tuple(action for action in ACTIONS if action != Action.RETURN)
"""Asked for beside the steps; a return is one answer for each stage to which it could go, so none in drafting."""


class Page(Body):
    """How much of a list, and where it goes on."""

    cursor: str = Field(default="", max_length=600)
    limit: int = Field(default=50, ge=1, le=200)


def _table(asked: Asked) -> Table:
    table_id: UUID = asked.path["table_id"]
    return table_seen_by(transaction(), person(), table_id)


def show_table(asked: Asked) -> Reply:
    """Return one table with its content as the person may see it."""
    tx, table = transaction(), _table(asked)
    draft, content = draft_seen(tx, person(), table), content_seen(tx, person(), table)
    same = (
        "title", "year", "unit", "department", "bureau", "owner", "family", "definition", "definition_hash",
        "in_force", "returned_reason", "doc_no", "ended_reason",
    )  # fmt: skip
    shown = a.TableShown(
        **head_fields(table, draft), **{name: getattr(table, name) for name in same},
        document=UUID(table.document) if table.document else None, draft_version=draft.version if draft else 0,
        content=content,
        findings=[
            a.Finding(
                rule=each.rule, severity=each.severity, pointer=each.pointer, detail=each.sentence,
                suggestion=each.suggestion,
            )
            for each in findings_of(journal(), table, content)
        ],
        waiting=_waiting(table), paused=_paused(table), windows=_windows(table), attachments=_attachments(table),
        total=table.result.total if table.result else None,
        grade=table.result.grade if table.result else None,
        reviews=[ReviewShown.of(each) for each in table.reviews],
        amendment=AmendmentShown.of(table.amendment) if table.amendment else None,
    )  # fmt: skip
    return Reply(shown, {"ETag": shown.etag})


def _waiting(table: Table) -> a.Ending | None:
    asked = table.request
    return a.Ending(action=asked.action, reason=asked.reason, by=asked.by) if asked else None


def _paused(table: Table) -> a.PauseShown | None:
    pause = table.paused
    return a.PauseShown(since=datetime.fromisoformat(pause.since), by=pause.by, reason=pause.why) if pause else None


def _windows(table: Table) -> list[a.Window]:
    return [
        a.Window(
            window=each.window, name=each.name, date=each.date, state=each.state,  # type: ignore[arg-type]
            planned_percent=each.planned_percent, execution_rate=each.execution_rate, deviation=each.deviation,
            colour=each.colour,
        )
        for each in table.windows
    ]  # fmt: skip


def _attachments(table: Table) -> list[a.Attachment]:
    return [
        a.Attachment(
            attachment=UUID(each.attachment), name=each.name, media_type=each.media_type, size=each.size,
            erased=each.erased,
        )
        for each in table.attachments
    ]  # fmt: skip


def show_history(asked: Asked) -> Reply:
    """Return the table's events, oldest first."""
    tx, table_id = transaction(), asked.path["table_id"]
    refuse_unseen(tx, person(), table_id)
    events = history_of(tx, table_id, after=number(asked.query.cursor))
    here = events[: asked.query.limit]
    called = called_in(journal(), table_seen_by(tx, person(), table_id), journal().history(table_id))
    more = cursor_at(here[-1].version, table_id) if len(events) > len(here) else None
    return Reply(a.History(items=[event_shown(each, called) for each in here], next=more))


def event_shown(each: Recorded, called: Called = BY_CODE) -> a.EventShown:
    """Return an event in one sentence."""
    return a.EventShown(
        version=each.version, kind=each.kind, at=each.at, person=each.actor_id, name=each.actor_name, role=each.role,
        organ=each.organ, sentence=sentence(each, called), command=each.command_id,
    )  # fmt: skip


def show_actions(asked: Asked) -> Reply:
    """Return every action of the lifecycle for this person now, as the pages show it (features J2)."""
    table = _table(asked)
    draft = draft_seen(transaction(), person(), table)
    etag = etag_of(table, draft.version if draft else 0)
    found = a.Actions(etag=etag, items=[_action(each) for each in _answers(table)])
    return Reply(found, {"ETag": etag})


def _answers(table: Table) -> list[Answer]:
    """Return the answers that the pages show as steps, then those of every other action that is offered."""

    def amount() -> Decimal | None:
        return amount_in_wan(journal().content(table.content_hash))

    demands = demands_of(journal(), table, transaction().now())
    steps = steps_open_to(person(), table, amount, demands)
    shown = {answer.action for answer in steps}
    beside = (
        decide_within(person(), table, action, amount, demands=demands) for action in BESIDE if action not in shown
    )
    return sorted((*steps, *beside), key=lambda answer: not answer.allowed)


def _action(answer: Answer) -> a.ActionShown:
    return a.ActionShown(
        action=answer.action, chinese=_(answer.action.chinese), english=answer.action.english, to=answer.to,
        allowed=answer.allowed, rule=answer.rule or None, sentence=answer.sentence or None,
        task=answer.desk.task if answer.desk else None,
    )  # fmt: skip


def show_chain(asked: Asked) -> Reply:
    """Return the table's chain with people and due moments."""
    table = _table(asked)
    nodes = chain_nodes(transaction(), journal(), table)
    return Reply(a.ChainShown(definition=table.definition, definition_hash=table.definition_hash, nodes=nodes))
