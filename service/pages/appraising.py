"""事前绩效评估 on a draft's page: the clerk files it, the department confirms it, finance may let a project in."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.posted import command_id, refuse_long_texts, seen, text
from service.pages.table_view import content_shown, table_page
from workflows.commands import appraising
from workflows.folds.replay import Table
from workflows.packs.appraisal import AppraisalRules, appraisal_rules_of
from workflows.rights.appraising import bars_filing
from workflows.rights.lifecycle import decide
from workflows.state.appraisals import STATES, Appraisal, Support
from workflows.state.standing import Attachment
from workflows.store.queries import refuse_unseen
from workflows.vocabulary import Action, Stage

pages = Blueprint("appraising", __name__)


@dataclass(frozen=True)
class Shown:
    """What a table's page shows of its appraisal: the sheet, what was filed, what bars filing, who may do what."""

    rules: AppraisalRules
    filed: Appraisal | None
    state: str
    result: str
    report: Attachment | None
    barred: str
    files: bool
    checks: bool
    waives: bool
    results: tuple[Support, ...] = tuple(Support)


def appraisal_of(table: Table, *, live: bool = True) -> Shown | None:
    """Return what the page shows of a table's appraisal, None where its pack asks for none or nothing is to be said."""
    pack = journal().content(table.pack_hash)
    rules, filed, open_now = appraisal_rules_of(pack), table.appraisal, live and table.stage == Stage.DRAFT
    barred = bars_filing(pack, table, content_shown(journal(), table)) if open_now and rules else ""
    may = {action: open_now and decide(person(), table, action).allowed for action in (
        Action.FILE_APPRAISAL, Action.CHECK_APPRAISAL, Action.WAIVE_APPRAISAL)}  # fmt: skip
    if rules is None or not (filed or barred):
        return None
    return Shown(
        rules, filed, STATES[filed.state] if filed else "", Support(filed.result).chinese if filed else "",
        table.attachment(filed.attachment) if filed else None, barred, may[Action.FILE_APPRAISAL],
        may[Action.CHECK_APPRAISAL], may[Action.WAIVE_APPRAISAL],
    )  # fmt: skip


@pages.app_context_processor
def _for_the_page() -> dict[str, object]:
    return {"appraisal_of": appraisal_of, "appraisal_bands": _bands}


def _bands(rules: AppraisalRules) -> str:
    return "、".join(f"{lower}分起{result.chinese}" for lower, result in rules.bands)


def _about(table_id: UUID) -> None:
    g.back, g.fresh = url_for("tables.show", table_id=table_id), partial(table_page, table_id)
    refuse_unseen(transaction(), person(), table_id)
    refuse_long_texts()


def _back(table_id: UUID, said: str) -> ResponseReturnValue:
    flash(said, "good")
    return redirect(url_for("tables.show", table_id=table_id, _anchor="appraisal"), 303)


@pages.post("/tables/<uuid:table_id>/appraisal")
def file(table_id: UUID) -> ResponseReturnValue:
    """File an appraisal: a grade for every item, the result, the report."""
    _about(table_id)
    items = {name.removeprefix("item-"): text(name) for name in request.form if name.startswith("item-")}
    table = appraising.file_appraisal(
        journal(), table_id, seen=seen(), items=items, result=text("result"), attachment=text("attachment"),
        opinion=text("opinion"), by=person(), command_id=command_id(),
    )  # fmt: skip
    total = table.appraisal.total if table.appraisal else ""
    return _back(table_id, _("事前绩效评估已填报，得分%(total)s分，等待主管部门核实", total=total))


@pages.post("/tables/<uuid:table_id>/appraisal/check")
def check(table_id: UUID) -> ResponseReturnValue:
    """Confirm an appraisal for the department, or do not."""
    _about(table_id)
    appraising.check_appraisal(
        journal(), table_id, seen=seen(), appraisal=text("appraisal"), outcome=text("outcome"), opinion=text("opinion"),
        by=person(), command_id=command_id(),
    )  # fmt: skip
    return _back(table_id, _("已记录对事前绩效评估的核实意见"))


@pages.post("/tables/<uuid:table_id>/appraisal/waive")
def waive(table_id: UUID) -> ResponseReturnValue:
    """Let a project in by a numbered document."""
    _about(table_id)
    appraising.waive_appraisal(
        journal(), table_id, seen=seen(), appraisal=text("appraisal"), doc_no=text("doc_no"), reason=text("reason"),
        by=person(), command_id=command_id(),
    )  # fmt: skip
    return _back(table_id, _("已按文号批准申报"))
