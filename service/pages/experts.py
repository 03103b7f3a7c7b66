"""专家评审: the expert's own pages, and how a reviewer gives his table to experts and reads what they scored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.posted import command_id, refuse_long_texts, seen, text
from service.pages.table_view import table_page
from service.present import facts_shown, spans
from workflows.commands import expert_reviews
from workflows.content.goal_table import amount_in_wan
from workflows.errors import FieldsInvalid, GoaltrailError, NotAllowed, NotFound
from workflows.folds.replay import Table
from workflows.packs.review_form import ReviewForm, review_form_of
from workflows.rights.expert_reviews import assignment_of, may_see, refusal_of_expert
from workflows.rights.lifecycle import decide_within
from workflows.state.criteria import Aspect, Criterion
from workflows.state.experts import STATES, Expert, Spread, spread_of
from workflows.store.experts import tables_given_to
from workflows.store.queries import refuse_unseen
from workflows.vocabulary import Action, Actor, Role
from workflows.workdays import beijing_date

pages = Blueprint("experts", __name__)
SHOWN = ("title", "project_code", "supervising_department", "implementing_unit", "attribute", "period", "amount_unit",
         "budget", "purpose", "spending_plan", "goals", "tasks", "scope")  # fmt: skip
"""What an expert sees of a content beside its rows: no mark, no explanation, no note."""
ROW_SHOWN = ("id", "level1", "level2", "level3", "description", "basis", "target", "weight", "requirement")


@dataclass(frozen=True)
class Shown:
    """What a table's page shows of its experts: who, how far, mean and spread, whom one may still ask."""

    experts: tuple[Expert, ...]
    states: dict[str, str]
    spread: Spread | None
    pool: Sequence[Actor]
    today: str


def experts_of(table: Table, *, live: bool = True) -> Shown | None:
    """Return what the page shows, None where no expert was asked and this person may ask none."""
    content = journal().content(table.content_hash)
    asks = live and decide_within(person(), table, Action.ASSIGN_EXPERTS, lambda: amount_in_wan(content)).allowed
    free = [each for each in expert_reviews.pool(journal()) if refusal_of_expert(each, table) is None] if asks else []
    if not (table.experts or free):
        return None
    today = beijing_date(transaction().now()).isoformat()
    return Shown(table.experts, STATES, spread_of(table.experts, table.content_hash), free, today)


@pages.app_context_processor
def _for_the_page() -> dict[str, object]:
    return {"experts_of": experts_of}


@pages.post("/tables/<uuid:table_id>/experts")
def assign(table_id: UUID) -> ResponseReturnValue:
    """Give the table to experts."""
    g.back, g.fresh = url_for("tables.show", table_id=table_id), partial(table_page, table_id)
    refuse_unseen(transaction(), person(), table_id)
    refuse_long_texts()
    people = request.form.getlist("people")
    expert_reviews.assign_experts(
        journal(), table_id, seen=seen(), people=people, until=_until(), by=person(), command_id=command_id()
    )
    flash(_("已请%(n)d名专家评审", n=len(set(people))), "good")
    return redirect(url_for("tables.show", table_id=table_id, _anchor="experts"), 303)


def _until() -> date:
    try:
        return date.fromisoformat(text("until"))
    except ValueError as error:
        raise FieldsInvalid(_("请填写评审截止日。"), field="until") from error


@pages.get("/expert")
def index() -> str:
    """List what this expert was asked to review: by name alone until he has declared that he is unrelated."""
    if not person().holds(Role.EXPERT):
        raise NotAllowed(_("此页供专家评审使用。"))
    given = [(table, found) for table in tables_given_to(transaction(), person()) if (found := _mine(table))]
    return render_template("expert_tables.html", given=given, states=STATES, today=_today())


def _mine(table: Table) -> Expert | None:
    return assignment_of(person(), table)


def _today() -> str:
    return beijing_date(transaction().now()).isoformat()


def _own(table_id: UUID) -> Table:
    """Return the table if it was given to this expert and is still open; NotFound otherwise, whatever it is."""
    table = next((each for each in tables_given_to(transaction(), person()) if each.id == table_id), None)
    if table is None or assignment_of(person(), table) is None:
        raise NotFound
    return table


@pages.get("/expert/<uuid:table_id>")
def show(table_id: UUID) -> str:
    """Ask for the declaration first; then show the form without marks, and the sheet to score it."""
    return _page(table_id)


def _page(table_id: UUID, refused: GoaltrailError | None = None) -> str:
    table = _own(table_id)
    sees = may_see(person(), table, _today())
    content = journal().content(table.content_hash) if sees else None
    shown = {name: content.get(name) for name in SHOWN} if content else None
    rows = [{name: row.get(name) for name in ROW_SHOWN} for row in content["indicators"]] if content else []
    form = review_form_of(journal().content(table.pack_hash))
    return render_template(
        "expert_table.html", table=table, mine=_mine(table), sees=sees, content=shown, indicators=spans(rows),
        groups=_groups(form) if form else (), typed=request.form, states=STATES, today=_today(),
        refused=refused.sentence if refused else None, problems=facts_shown(refused) if refused else (),
    )  # fmt: skip


def _groups(form: ReviewForm) -> tuple[tuple[Aspect, object], ...]:
    return tuple((each, form.of_aspect(each)) for each in Aspect)


@pages.post("/expert/<uuid:table_id>/declaration")
def declare(table_id: UUID) -> ResponseReturnValue:
    """Declare whether one is related."""
    g.back, g.fresh = url_for("experts.index"), partial(_page, table_id)
    _own(table_id)
    refuse_long_texts()
    related = text("related") == "yes"
    expert_reviews.declare_relation(
        journal(), table_id, seen=seen(), related=related, reason=text("reason"), by=person(), command_id=command_id()
    )
    flash(_("已声明回避，感谢您的配合") if related else _("已声明没有须回避的情形，请评审"), "good")
    return redirect(url_for("experts.index") if related else url_for("experts.show", table_id=table_id), 303)


@pages.post("/expert/<uuid:table_id>/score")
def score(table_id: UUID) -> ResponseReturnValue:
    """File the points."""
    g.back, g.fresh = url_for("experts.show", table_id=table_id), partial(_page, table_id)
    _own(table_id)
    refuse_long_texts()
    items = {code.value: {name: text(f"{name}-{code}") for name in ("points", "comment")} for code in Criterion}
    expert_reviews.score_as_expert(
        journal(), table_id, seen=seen(), items=items, opinion=text("opinion"), by=person(), command_id=command_id()
    )
    flash(_("评分已登记；截止日之前可以修改后重新登记"), "good")
    return redirect(url_for("experts.show", table_id=table_id), 303)
