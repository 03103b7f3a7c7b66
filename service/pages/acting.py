"""What the small forms of 其他办理 post: one verb each; a refusal shows the fresh page with what was typed."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.posted import cleaned, command_id, refuse_long_texts, seen, text
from service.pages.table_view import table_page
from service.present import word
from workflows.commands import asking, holding, pausing, project_pausing, recalling, signers
from workflows.errors import FieldsInvalid
from workflows.folds.replay import Table
from workflows.store.queries import refuse_unseen
from workflows.vocabulary import Action

pages = Blueprint("acting", __name__)

Verb = Callable[..., Table]


def _day(name: str) -> date:
    try:
        return date.fromisoformat(text(name))
    except ValueError as error:
        raise FieldsInvalid(_("请填写日期。"), field=name) from error


def _day_if_any(name: str) -> date | None:
    return _day(name) if text(name) else None


def _several(name: str) -> tuple[str, ...]:
    return tuple(map(cleaned, request.form.getlist(name)))


READERS: Mapping[str, Callable[[str], Any]] = {"until": _day, "answer_by": _day_if_any, "people": _several}
VERBS: Mapping[Action, tuple[Verb, tuple[str, ...]]] = {
    Action.CLAIM: (holding.claim_task, ("task",)),
    Action.RELEASE: (holding.release_task, ("task", "reason")),
    Action.TRANSFER: (holding.transfer_task, ("task", "person", "reason")),
    Action.REASSIGN: (holding.reassign_task, ("task", "person", "reason")),
    Action.DELEGATE: (holding.delegate_task, ("task", "person", "reason")),
    Action.ANSWER_DELEGATION: (holding.answer_delegation, ("task", "opinion")),
    Action.END_DELEGATION: (holding.end_delegation, ("task",)),
    Action.ADD_SIGNER: (signers.add_signer, ("task", "person", "how", "reason")),
    Action.REMOVE_SIGNER: (signers.remove_signer, ("task", "reason")),
    Action.ASK_OPINION: (asking.ask_opinion, ("task", "person", "question", "answer_by")),
    Action.GIVE_OPINION: (asking.give_opinion, ("request", "opinion")),
    Action.COPY: (asking.send_copies, ("people", "note")),
    Action.URGE: (pausing.urge_task, ("task", "note")),
    Action.ASK_EXTENSION: (pausing.ask_extension, ("task", "until", "reason")),
    Action.GRANT_EXTENSION: (pausing.grant_extension, ("request", "opinion")),
    Action.REFUSE_EXTENSION: (pausing.refuse_extension, ("request", "reason")),
    Action.SUSPEND: (pausing.suspend_table, ("until", "reason")),
    Action.RESUME: (pausing.resume_table, ("reason",)),
    Action.PAUSE_PROJECT: (project_pausing.pause_project, ("reason",)),
    Action.ASK_PAUSE: (project_pausing.ask_to_pause, ("reason",)),
    Action.RESUME_PROJECT: (project_pausing.resume_project, ("reason",)),
    Action.RECALL: (recalling.recall_decision, ("reason",)),
    Action.ASK_WITHDRAWAL: (recalling.ask_to_withdraw, ("reason",)),
}
"""Action -> its verb and the fields that its form posts."""


@pages.post("/tables/<uuid:table_id>/others/<action>")
def act(table_id: UUID, action: str) -> ResponseReturnValue:
    """Carry one act out and go back to the table."""
    if action not in set(Action) or Action(action) not in VERBS:
        abort(404)
    g.back, g.fresh = url_for("tables.show", table_id=table_id), partial(table_page, table_id)
    refuse_unseen(transaction(), person(), table_id)
    refuse_long_texts()
    verb, names = VERBS[Action(action)]
    typed = {name: READERS.get(name, text)(name) for name in names}
    verb(journal(), table_id, seen=seen(), by=person(), command_id=command_id(), **typed)
    flash(_("已办理：%(what)s", what=word(Action(action))), "good")
    return redirect(g.back, 303)
