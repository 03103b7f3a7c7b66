"""Editing a draft: one form, saved as a whole; adding, moving and removing rows save it too."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import escape

from service.context import journal, person, transaction
from service.pages.draft_form import AMOUNTS, FIELDS, content_of, needs_reason, rearranged
from service.pages.findings_shown import shown
from service.pages.posted import command_id, draft_version, refuse_long_texts, seen, text
from service.pages.returning import asked_back
from service.pages.words import DETAILS, place_name
from service.present import parsed, target_json, unread
from workflows.changes import changes_between
from workflows.commands.drafting import content_in_work, findings_of, save_draft
from workflows.commands.recipe import SHORTEST_REASON
from workflows.definitions import chain_from
from workflows.errors import GoaltrailError, NotOpenNow, ReasonMissing, TableChangedMeanwhile
from workflows.journal import Content
from workflows.lifecycle import decide
from workflows.packs import Pack, pack_from
from workflows.places import names_of_rows
from workflows.replay import Table
from workflows.scoring import amount
from workflows.store.queries import table_seen_by
from workflows.vocabulary import Action
from workflows.weights import propose_weights

SAVED_BEFORE = "您在另一窗口已经保存过此草稿，请核对最新内容后再保存。"

pages = Blueprint("drafting", __name__)


@pages.get("/tables/<uuid:table_id>/draft")
def form(table_id: UUID) -> ResponseReturnValue:
    """Show the form, or the table's page where the person may not edit."""
    table = table_seen_by(transaction(), person(), table_id)
    answer = decide(person(), table, Action.SAVE)
    if not answer.allowed:
        raise NotOpenNow(answer.sentence, rule=answer.rule)
    draft = content_in_work(journal(), table)
    return draft_page(table, draft.content, draft.version)


def draft_page(table: Table, content: Content, version: int, **more: Any) -> str:
    """Return the form filled with this content."""
    pack = _pack(table)
    findings = shown(findings_of(journal(), table, content), content)
    marks = {each["row"]: "flagged" for each in findings if each["severity"] == "W" and each["row"]}
    asked = asked_back(
        journal(), table, chain_from(journal().content(table.definition_hash)), journal().history(table.id)
    )
    marks |= {each.row: "flagged asked" for each in (asked.places if asked else ()) if each.row}
    marks |= {each["row"]: "blocked" for each in findings if each["severity"] == "B" and each["row"]}
    return render_template(
        "draft.html", table=table, content=content, draft_version=version, fields=FIELDS, amounts=AMOUNTS,
        details=DETAILS, findings=findings, marks=marks, asked=asked, tree=pack.tree,
        execution_weight=pack.execution.weight,
        total_weight=sum((amount(row["weight"] or "0") or 0 for row in content["indicators"]), 0),
        reason=request.form.get("reason", "") if more else "", **more,
    )  # fmt: skip


def _pack(table: Table) -> Pack:
    return pack_from(journal().content(table.pack_hash))


@pages.post("/tables/<uuid:table_id>/draft")
def save(table_id: UUID) -> ResponseReturnValue:
    """Keep what the form says; the button pressed may also add, move or remove a row or propose the weights."""
    g.back, g.fresh = url_for("drafting.form", table_id=table_id), partial(_again, table_id)
    table = table_seen_by(transaction(), person(), table_id)
    refuse_long_texts()
    draft = content_in_work(journal(), table)
    if draft.version != draft_version():
        own = set(draft.editors) == {person().id}
        raise TableChangedMeanwhile(_(SAVED_BEFORE) if own else None, version=draft.version)
    before, used = draft.content, _recorded_rows(table)
    taken = [*used, *(row["id"] for row in before["indicators"])]
    content = _wished(table, content_of(request.form, before, used), taken)
    reasons = _reasons(before, content)
    save_draft(
        journal(), table_id, seen=seen(), draft_version=draft_version(), content=content, reasons=reasons,
        by=person(), command_id=command_id(),
    )  # fmt: skip
    flash(_("已保存"), "good")
    wish, _colon, row = text("do").partition(":")
    if wish == "close":
        return redirect(url_for("tables.show", table_id=table_id), 303)
    return redirect(url_for("drafting.form", table_id=table_id, _anchor=row or None), 303)


def _recorded_rows(table: Table) -> list[str]:
    return [row["id"] for row in journal().content(table.content_hash)["indicators"]]


def _wished(table: Table, content: Content, used: Sequence[str]) -> Content:
    wish = text("do")
    if wish == "weights":
        weights = propose_weights(content, _pack(table))
        rows = [row | {"weight": str(weights[row["id"]])} for row in content["indicators"]]
        return {**content, "indicators": rows}
    return rearranged(content, wish, used)


def _reasons(before: Content, content: Content) -> dict[str, str]:
    """Return the typed reason for every changed place; ReasonMissing where the document's own words were changed."""
    reason = text("reason")
    places = [str(change["pointer"]) for change in changes_between(before, content, {})]
    if len(reason) < SHORTEST_REASON and any(needs_reason(place) for place in places):
        raise ReasonMissing(_("您改动了申报文本的内容，请在页面底部填写改动理由（不少于5个字）。"))
    return dict.fromkeys(places, reason) if reason else {}


def _again(table_id: UUID, refusal: GoaltrailError) -> str:
    """Return the form with what was typed, the refusal, and after a conflict what differs from the newest content."""
    table = table_seen_by(transaction(), person(), table_id)
    draft = content_in_work(journal(), table)
    typed = content_of(request.form, draft.content, _recorded_rows(table))
    differences = None
    if isinstance(refusal, TableChangedMeanwhile):
        found = changes_between(draft.content, typed, {})
        rows = names_of_rows(draft.content, typed)
        differences = [each | {"place": place_name(each["pointer"] or "", rows)} for each in found]
    return draft_page(
        table, typed, draft.version, conflict=refusal.sentence, differences=differences,
        unreasoned=isinstance(refusal, ReasonMissing),
    )  # fmt: skip


@pages.post("/read-target")
def read_target() -> str:
    """Say what the machine reads in one typed target; asked by the form while somebody types."""
    raw = next((value for name, value in request.form.items() if name.endswith("-target")), "")
    target = target_json(raw)
    return str(escape(parsed(target) or unread(target)))
