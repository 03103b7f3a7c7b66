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
from service.pages.beside_shown import last_year_of
from service.pages.draft_form import (
    AMOUNT_UNITS,
    AMOUNTS,
    FIELDS,
    MOST_ROWS,
    content_of,
    empty_row,
    needs_reason,
    rearranged,
)
from service.pages.draft_kept import (
    asked_in,
    counted,
    kept,
    looked,
    marks_of,
    reasons_due,
    recorded_rows,
    standing,
    told_why,
    total_weight,
)
from service.pages.findings_shown import shown
from service.pages.posted import command_id, draft_version, refuse_long_texts, seen, text
from service.pages.words import DETAILS, place_name
from service.present import parsed, target_json, unread
from workflows.commands.drafting import content_in_work, findings_of, save_draft
from workflows.commands.field_situations import barred_content
from workflows.commands.recipe import SHORTEST_REASON, chain_of
from workflows.content.changes import awaiting_reason, changes_between
from workflows.content.places import names_of_rows
from workflows.errors import FieldsInvalid, GoaltrailError, NotOpenNow, ReasonMissing, TableChangedMeanwhile
from workflows.folds.replay import Table
from workflows.journal import Content, Draft
from workflows.measures.weights import propose_weights
from workflows.packs import Pack, pinned_pack
from workflows.rights.lifecycle import decide
from workflows.state.beginnings import freely_written
from workflows.store.queries import table_seen_by
from workflows.vocabulary import Action, Role

SAVED_BEFORE = "您在另一窗口已经保存过此草稿，请核对最新内容后再保存。"

BY_SCRIPT = (KEEP, LOOK) = ("keep", "look")
"""What the form's script wishes: to keep what was typed so far, or to learn whether somebody kept a newer draft."""

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
    draft = content_in_work(journal(), table)
    findings = shown(findings_of(journal(), table, content), content)
    asked, last = asked_in(table), last_year_of(table, content)
    return render_template(
        "draft.html", table=table, content=content, draft_version=version, fields=FIELDS, amounts=AMOUNTS,
        amount_units=AMOUNT_UNITS, details=DETAILS, findings=findings,
        marks=marks_of(findings, asked, last), asked=asked, last=last, tree=pack.tree,
        execution_weight=pack.execution.weight, total_weight=total_weight(content), count=counted(findings),
        standing=standing(table, draft), asks_reason=reasons_due(table, draft), most_rows=MOST_ROWS,
        free=freely_written(table.origin, table.round), help=pack.help or {},
        barred=barred_content(journal(), table, chain_of(journal(), table), Role.CLERK), empty=empty_row("r0"),
        reason=request.form.get("reason", "") if more else "", **more,
    )  # fmt: skip


def _pack(table: Table) -> Pack:
    return pinned_pack(table.pack_hash, journal().content)


@pages.post("/tables/<uuid:table_id>/draft")
def save(table_id: UUID) -> ResponseReturnValue:
    """Keep what the form says; the button pressed may also add, move or remove a row or propose the weights."""
    by_script = text("do") in BY_SCRIPT
    g.back = url_for("drafting.form", table_id=table_id)
    g.fresh = partial(told_why if by_script else _again, table_id)
    table = table_seen_by(transaction(), person(), table_id)
    refuse_long_texts()
    draft = content_in_work(journal(), table)
    if text("do") == LOOK:
        return _looked(table, draft)
    if draft.version != draft_version():
        own = set(draft.editors) == {person().id}
        raise TableChangedMeanwhile(_(SAVED_BEFORE) if own else None, version=draft.version)
    return _kept_by_script(table, draft) if by_script else _kept_by_hand(table, draft)


def _looked(table: Table, draft: Draft) -> ResponseReturnValue:
    answer = decide(person(), table, Action.SAVE)
    if not answer.allowed:
        raise NotOpenNow(answer.sentence, rule=answer.rule)
    return looked(table, draft)


def _kept_by_script(table: Table, draft: Draft) -> ResponseReturnValue:
    """Keep what was typed so far; what it changed in the document's own words waits for its reason."""
    content = _typed(table, draft)
    due = {str(change["pointer"]): "" for change in changes_between(draft.content, content, {})}
    if content == draft.content:
        return kept(table, draft)
    return kept(table, _saved(table, content, due))


def _kept_by_hand(table: Table, draft: Draft) -> ResponseReturnValue:
    taken = [row["id"] for row in (*recorded_rows(table), *draft.content["indicators"])]
    content = _wished(table, _typed(table, draft), taken)
    _saved(table, content, _reasons(table, draft, content))
    flash(_("已保存"), "good")
    wish, _colon, row = text("do").partition(":")
    if wish == "library":
        return redirect(url_for("library.choose", table_id=table.id), 303)
    if wish == "close":
        return redirect(url_for("tables.show", table_id=table.id), 303)
    return redirect(url_for("drafting.form", table_id=table.id, _anchor=row or None), 303)


def _saved(table: Table, content: Content, reasons: dict[str, str]) -> Draft:
    if len(content["indicators"]) > MOST_ROWS:
        raise FieldsInvalid(_("绩效指标最多 %(n)d 行，请删去多余的行。", n=MOST_ROWS))
    return save_draft(
        journal(), table.id, seen=seen(), draft_version=draft_version(), content=content, reasons=reasons,
        by=person(), command_id=command_id(),
    )  # fmt: skip


def _typed(table: Table, draft: Draft) -> Content:
    recorded = recorded_rows(table)
    return content_of(request.form, draft.content, [row["id"] for row in recorded], recorded)


def _wished(table: Table, content: Content, used: Sequence[str]) -> Content:
    wish = text("do")
    if wish == "weights":
        weights = propose_weights(content, _pack(table))
        rows = [row | {"weight": str(weights[row["id"]])} for row in content["indicators"]]
        return {**content, "indicators": rows}
    return rearranged(content, wish, used)


def _reasons(table: Table, draft: Draft, content: Content) -> dict[str, str]:
    """Return the typed reason for every changed place, also those kept without one by the form's script.

    ReasonMissing where the document's own words were changed and no reason is typed.
    """
    reason, free = text("reason"), freely_written(table.origin, table.round)
    places = [str(change["pointer"]) for change in changes_between(draft.content, content, {})]
    due = awaiting_reason(journal().content(table.content_hash), content, draft.reasons)
    if not free and len(reason) < SHORTEST_REASON and (due or any(needs_reason(place) for place in places)):
        raise ReasonMissing(_("您改动了申报文本的内容，请在页面底部填写改动理由（不少于5个字）。"))
    return dict.fromkeys([*places, *due], reason) if reason else {}


def _again(table_id: UUID, refusal: GoaltrailError) -> str:
    """Return the form with what was typed, the refusal, and after a conflict what differs from the newest content."""
    table = table_seen_by(transaction(), person(), table_id)
    draft = content_in_work(journal(), table)
    typed = _typed(table, draft)
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
