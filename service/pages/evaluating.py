"""The self-evaluation form: scored before it is filed, refused fields marked."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.figures_form import posted, rows_posted, wrong_places
from service.pages.posted import cleaned, command_id, refuse_long_texts, seen, text
from workflows.commands.evaluating import contents_until, file_self_evaluation, score_evaluation
from workflows.errors import GoaltrailError, NotOpenNow
from workflows.folds.replay import Table
from workflows.journal import Content
from workflows.measures.row_points import kind_of, way_of
from workflows.measures.target_moves import earlier_targets
from workflows.packs import pinned_pack
from workflows.rights.lifecycle import decide
from workflows.store.queries import table_seen_by
from workflows.vocabulary import Action

ROW_FIELDS = (
    "actual", "percent", "reason", "evidence", "method", "issued", "returned", "question", "ladder", "not_applicable",
)  # fmt: skip
MONEY_PARTS = (("fiscal", "其中：当年财政拨款"), ("carryover", "上年结转资金"), ("other", "其他资金"))
MONEY_FIELDS = tuple(f"{part}_{column}" for part, _name in MONEY_PARTS for column in ("budget", "executed"))

pages = Blueprint("evaluating", __name__)


@pages.get("/tables/<uuid:table_id>/evaluation")
def form(table_id: UUID) -> str:
    """Show the form, with what was filed before where it came back."""
    table, content = _filed_by(table_id)
    before = dict(table.evaluation.figures) if table.evaluation else {"adjusted_budget": content["budget"]["total"]}
    return _page(table, content, {"rows": {}} | before)


def _opened(table_id: UUID) -> tuple[Table, Content]:
    table = table_seen_by(transaction(), person(), table_id)
    return table, journal().content(table.evaluated)


def _filed_by(table_id: UUID) -> tuple[Table, Content]:
    """Return the table and its content in force; NotOpenNow where the person may not file its self-evaluation now."""
    table, content = _opened(table_id)
    answer = decide(person(), table, Action.FILE_SELF_EVALUATION)
    if not answer.allowed:
        raise NotOpenNow(answer.sentence, rule=answer.rule)
    return table, content


def _page(table: Table, content: Content, figures: dict[str, Any], **more: Any) -> str:
    shown = {"wrong": set(), "problems": (), "scores": None, "refused": None, "points": {}} | more
    pack, rows = pinned_pack(table.pack_hash, journal().content), content["indicators"]
    scores = shown["scores"]
    return render_template(
        "evaluation.html", table=table, content=content, figures=figures, money_parts=MONEY_PARTS,
        ways={row["id"]: way_of(row) for row in rows}, kinds={row["id"]: kind_of(row, pack) for row in rows},
        reason_below=pack.scoring.execution_reason_below,
        methods=pack.evidence.methods if pack.evidence else (), ladder=pack.date_ladder,
        execution_weight=scores.execution_weight if scores else pack.execution.weight,
        earlier=earlier_targets(contents_until(journal(), table)),
        files=[each for each in table.attachments if not each.erased], **shown,
    )  # fmt: skip


def figures_posted(content: Content) -> dict[str, Any]:
    """Return the typed figures; the reasons for the execution rate and for a full score stand beside the rows."""
    rows: dict[str, dict[str, Any]] = {**rows_posted(content, ROW_FIELDS)}
    for row_id, filed in rows.items():
        if files := [cleaned(each) for each in request.form.getlist(f"{row_id}-files")]:
            filed["files"] = files
    rows |= {name: posted(f"{name}-", ("reason",)) for name in ("execution", "total")}
    return posted("", ("executed", "adjusted_budget", "summary", *MONEY_FIELDS)) | {"rows": rows}


@pages.post("/tables/<uuid:table_id>/evaluation")
def file(table_id: UUID) -> ResponseReturnValue:
    """Score the figures, or file them."""
    g.back = url_for("tables.show", table_id=table_id)
    if text("do") == "score":
        _filed_by(table_id)
        return _scored(table_id)
    table, content = _opened(table_id)
    g.fresh = partial(_scored, table_id) if table.in_force else None
    refuse_long_texts()
    file_self_evaluation(
        journal(), table_id, seen=seen(), figures=figures_posted(content), by=person(), command_id=command_id()
    )
    flash(_("已上报，等待单位负责人审核。"), "good")
    return redirect(g.back, 303)


def _scored(table_id: UUID, refusal: GoaltrailError | None = None) -> str:
    """Return the form with what was typed, its points, and what is still to fill."""
    table, content = _opened(table_id)
    figures = figures_posted(content)
    scores = score_evaluation(journal(), table, figures)
    return _page(
        table, content, figures, scores=scores, points={row.row_id: row for row in scores.rows},
        problems=scores.problems, wrong=wrong_places(scores.problems),
        refused=refusal.sentence if refusal else (_("还有须填写的内容：") if scores.problems else None),
    )  # fmt: skip
