"""读入核对: every indicator's target as printed beside what the machine read; the clerk puts the reading right."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any
from unicodedata import normalize
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.posted import cleaned, command_id, draft_version, refuse_long_texts, seen, text
from workflows.commands.drafting import content_in_work, save_draft
from workflows.commands.recipe import SHORTEST_REASON
from workflows.content.changes import changes_between
from workflows.content.targets import parse_target, reckonable
from workflows.errors import FieldsInvalid, GoaltrailError, ReasonMissing, TableChangedMeanwhile
from workflows.folds.replay import Table
from workflows.journal import Content
from workflows.rights.lifecycle import decide
from workflows.store.queries import table_seen_by
from workflows.vocabulary import Action

PARTS = ("op", "value", "unit")
OPERATORS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "="}
"""How a reading compares, and how that is printed."""
DATE = "date"

pages = Blueprint("parsed_cells", __name__)


@pages.get("/tables/<uuid:table_id>/parsed")
def show(table_id: UUID) -> str:
    """Show every row's printed target beside what was read of it."""
    return _page(table_seen_by(transaction(), person(), table_id), None)


def _page(table: Table, refusal: GoaltrailError | None) -> str:
    draft = content_in_work(journal(), table)
    open_now = decide(person(), table, Action.SAVE).allowed
    content = draft.content if open_now else journal().content(table.content_hash)
    return render_template(
        "parsed_cells.html", table=table, content=content, draft_version=draft.version, may_correct=open_now,
        rows=[_shown(row) for row in content["indicators"]], operators=tuple(OPERATORS), signs=OPERATORS,
        posted=request.form, wrong=refusal.sentence if refusal else None,
    )  # fmt: skip


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with whether a person put its reading right: it differs from what the machine reads."""
    target = row["target"]
    read = parse_target(target["raw"]) if target["raw"] else None
    by_machine = {name: getattr(read, name, None) for name in PARTS}
    corrected = any(target[name] != by_machine[name] for name in PARTS)
    return {**row, "machine": by_machine, "corrected": corrected}


@pages.post("/tables/<uuid:table_id>/parsed")
def correct(table_id: UUID) -> ResponseReturnValue:
    """Keep the corrected readings in the draft with the reason; the printed texts stay as they are."""
    table = table_seen_by(transaction(), person(), table_id)
    g.fresh = lambda refusal: _page(table, refusal)
    refuse_long_texts()
    draft = content_in_work(journal(), table)
    if draft.version != draft_version():
        raise TableChangedMeanwhile(version=draft.version)
    content = _corrected(draft.content)
    places = [str(change["pointer"]) for change in changes_between(draft.content, content, {})]
    if not places:
        raise FieldsInvalid(_("没有改动。"))
    reason = text("reason")
    if len(reason) < SHORTEST_REASON:
        raise ReasonMissing(_("请说明更正识别结果的理由（不少于5个字）。"))
    save_draft(
        journal(), table_id, seen=seen(), draft_version=draft_version(), content=content,
        reasons=dict.fromkeys(places, reason), by=person(), command_id=command_id(),
    )  # fmt: skip
    flash(_("已更正%(n)d处识别结果，原文未变。", n=len(places)), "good")
    return redirect(url_for("parsed_cells.show", table_id=table_id), 303)


def _corrected(content: Content) -> Content:
    """Return the content with the posted readings; rows that the form does not name stay as they are."""
    after = deepcopy(content)
    for row in after["indicators"]:
        posted = {name: request.form.get(f"{row['id']}-{name}") for name in PARTS}
        if None not in posted.values():
            row["target"] |= _read({name: cleaned(value or "") or None for name, value in posted.items()})
    return after


def _read(posted: dict[str, str | None]) -> dict[str, str | None]:
    if posted["op"] not in (None, *OPERATORS):
        raise FieldsInvalid(_("请从列表中选择比较方式。"))
    if (posted["op"] is None) != (posted["value"] is None):
        raise FieldsInvalid(_("比较方式与数值须同时填写，或者都留空（定性指标）。"))
    number = normalize("NFKC", posted["value"] or "").replace(",", "") or None
    if not reckonable(posted["op"], number, posted["unit"]):
        if posted["unit"] == DATE:
            raise FieldsInvalid(_("日期“%(value)s”须写成2026-07-31的样子。", value=posted["value"]))
        raise FieldsInvalid(_("数值“%(value)s”不是数字。", value=posted["value"]))
    return posted | {"value": number}
