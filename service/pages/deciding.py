"""The small forms of a table's page: each posts one verb; a refusal shows the fresh page with what was typed."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.posted import cleaned, command_id, draft_version, refuse_long_texts, seen, text
from service.pages.table_view import table_page
from service.present import word
from workflows.commands import drafting, ending, evaluating, monitoring, reviewing
from workflows.errors import FieldsInvalid
from workflows.folds.replay import Table
from workflows.state.standing import DIRECT, STEP_BY_STEP
from workflows.store.queries import refuse_unseen, table_seen_by
from workflows.vocabulary import Action, Stage

pages = Blueprint("deciding", __name__)

Verb = Callable[..., Table]


def _with(verb: Verb, *names: str, **fixed: Any) -> Callable[[UUID], Table]:
    """Make the call of a verb that takes these typed texts beside what every form posts."""

    def call(table_id: UUID) -> Table:
        typed = {name: text(name) for name in names}
        return verb(journal(), table_id, seen=seen(), by=person(), command_id=command_id(), **typed, **fixed)

    return call


def _return(table_id: UUID) -> Table:
    stage, _slash, node = text("to").partition("/")
    try:
        target = Stage(stage)
    except ValueError as error:
        raise FieldsInvalid(_("请选择退回到哪个环节。"), field="to") from error
    mode, places = text("mode") or STEP_BY_STEP, tuple(map(cleaned, request.form.getlist("fields")))
    unnamed = mode == DIRECT and target == Stage.DRAFT and not places
    if unnamed and not table_seen_by(transaction(), person(), table_id).open_threads:
        raise FieldsInvalid(_("选择“直达”时，请勾选须修改的位置，单位只改这些位置才能直达。"), field="fields")
    aim = {"to": target, "to_node": node or None, "mode": mode, "fields": places}
    return _with(reviewing.return_table, "reason", **aim)(table_id)


def _submit(table_id: UUID) -> Table:
    return drafting.submit_table(
        journal(), table_id, seen=seen(), by=person(), command_id=command_id(), note=text("opinion"),
        draft_version=draft_version(),
    )  # fmt: skip


VERBS: dict[Action, Callable[[UUID], Table]] = {
    Action.SUBMIT: _submit,
    Action.WITHDRAW: _with(drafting.withdraw_table, "reason"),
    Action.APPROVE: _with(reviewing.approve_table, "opinion"),
    Action.RETURN: _return,
    Action.REFUSE: _with(ending.ask_to_end, "reason", action=Action.REFUSE),
    Action.VOID: _with(ending.ask_to_end, "reason", action=Action.VOID),
    Action.TERMINATE: _with(ending.ask_to_end, "reason", action=Action.TERMINATE),
    Action.CONFIRM: _with(ending.confirm_ending, "opinion"),
    Action.DECLINE: _with(ending.decline_ending, "reason"),
    Action.OPEN_MONITORING: _with(monitoring.open_monitoring, "window"),
    Action.ACCEPT_MONITORING: _with(monitoring.accept_monitoring, "window", "opinion"),
    Action.RETURN_MONITORING: _with(monitoring.return_monitoring, "window", "reason"),
    Action.OPEN_SELF_EVALUATION: _with(evaluating.open_self_evaluation),
    Action.ACCEPT_SELF_EVALUATION: _with(evaluating.accept_self_evaluation, "opinion"),
    Action.RETURN_SELF_EVALUATION: _with(evaluating.return_self_evaluation, "reason"),
    Action.CLOSE: _with(evaluating.close_table, "opinion"),
}


@pages.post("/tables/<uuid:table_id>/<action>")
def decide(table_id: UUID, action: str) -> ResponseReturnValue:
    """Carry one step out and go back to the table; refused: the fresh page, the sentence, what was typed."""
    if action not in set(Action) or Action(action) not in VERBS:
        abort(404)
    g.back, g.fresh = url_for("tables.show", table_id=table_id), partial(table_page, table_id)
    refuse_unseen(transaction(), person(), table_id)
    refuse_long_texts()
    VERBS[Action(action)](table_id)
    flash(_("已办理：%(what)s", what=word(Action(action))), "good")
    return redirect(g.back, 303)
