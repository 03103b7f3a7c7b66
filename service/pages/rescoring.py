"""复核改分: the department's and the bureau's form for giving rows other points, each with its reason."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.figures_form import posted, wrong_places
from service.pages.posted import command_id, refuse_long_texts, seen
from workflows.commands.evaluating import contents_until
from workflows.commands.rescoring import most_points, rescore
from workflows.errors import GoaltrailError, NotOpenNow
from workflows.folds.replay import Table
from workflows.journal import Content
from workflows.measures.target_moves import earlier_targets
from workflows.rights.lifecycle import decide
from workflows.rights.rescoring import EXECUTION, points_in_force, rows_to_decide
from workflows.store.queries import table_seen_by
from workflows.vocabulary import Action

pages = Blueprint("rescoring", __name__)


@pages.get("/tables/<uuid:table_id>/rescoring")
def form(table_id: UUID) -> str:
    """Show the form to whoever checks the self-evaluation now."""
    table = table_seen_by(transaction(), person(), table_id)
    answer = decide(person(), table, Action.RESCORE)
    if not answer.allowed:
        raise NotOpenNow(answer.sentence, rule=answer.rule)
    return _page(table_id, {})


@pages.post("/tables/<uuid:table_id>/rescoring")
def give(table_id: UUID) -> ResponseReturnValue:
    """Give the rows that were filled in their points."""
    table = table_seen_by(transaction(), person(), table_id)
    typed = _typed(table)
    g.back = url_for("tables.show", table_id=table_id)
    g.fresh = partial(_page, table_id, typed) if table.evaluation else None
    refuse_long_texts()
    rescore(journal(), table_id, seen=seen(), rows=typed, by=person(), command_id=command_id())
    flash(_("复核意见已保存，自评得分保持不变"), "good")
    return redirect(url_for("tables.show", table_id=table_id, _anchor="results"), 303)


def _typed(table: Table) -> dict[str, dict[str, str]]:
    keys = [str(row["row"]) for row in table.evaluation.scores] if table.evaluation else []
    rows = {key: posted(f"{key}-", ("points", "reason")) for key in (*keys, EXECUTION)}
    return {key: said for key, said in rows.items() if said}


def _page(table_id: UUID, typed: dict[str, dict[str, str]], refusal: GoaltrailError | None = None) -> str:
    table = table_seen_by(transaction(), person(), table_id)
    content = journal().content(table.evaluated)
    said: Any = refusal.facts.get("problems", ()) if refusal else ()
    problems = tuple(said)
    rows = rows_shown(table, content)
    return render_template(
        "rescoring.html", table=table, content=content,
        earlier=earlier_targets(contents_until(journal(), table)),
        typed=typed, rows=rows, problems=problems,
        names={row["key"]: row["name"] for row in rows}, wrong=wrong_places(problems),
        refused=refusal.sentence if refusal else None,
    )  # fmt: skip


def rows_shown(table: Table, content: Content) -> list[dict[str, Any]]:
    """Return what the form shows of every row, the execution first."""
    if table.evaluation is None:
        return []
    now, most, owed = points_in_force(table), most_points(journal(), table), rows_to_decide(table)
    by_id, filed = {row["id"]: row for row in content["indicators"]}, table.evaluation.figures.get("rows") or {}
    figures = table.evaluation.figures
    first = {
        "key": EXECUTION, "name": _("预算执行率"),
        "target": figures.get("adjusted_budget") or content["budget"]["total"],
        "actual": figures.get("executed"), "reason": (filed.get(EXECUTION) or {}).get("reason") or "",
        "most": most[EXECUTION], "own": table.evaluation.execution_points, "now": now[EXECUTION],
    }  # fmt: skip
    return [first, *(
        _row(score, by_id[str(score["row"])], filed.get(score["row"]) or {}) | {"now": now[str(score["row"])]}
        | {"owed": score["row"] in owed} for score in table.evaluation.scores
    )]  # fmt: skip


def _row(score: Any, row: Any, filed: Any) -> dict[str, Any]:
    percent = f" {filed['percent']}%" if filed.get("percent") else ""
    return {
        "key": score["row"], "name": row["level3"], "target": row["target"]["raw"],
        "actual": f"{filed.get('actual') or '—'}{percent}", "reason": score["reason"] or "",
        "evidence": filed.get("evidence") or "", "most": score["weight"], "own": score["points"],
        "proposed": score.get("proposed"), "excused": score["kind"] == "not_applicable",
    }  # fmt: skip
