"""绩效评价 and recommendations on a table's page, the components of imported ratios, and the list of all of them."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.posted import asked, command_id, refuse_long_texts, seen, sent_file, text, year_of
from service.pages.state_shown import names_in
from service.pages.table_view import table_page
from service.present import organ_name, word
from workflows.commands import assessing
from workflows.commands.assessing import Proof
from workflows.errors import FieldsInvalid
from workflows.folds.replay import Table
from workflows.measures.unit_loop import imported_percent
from workflows.packs import pinned_pack
from workflows.packs.pack import Ratio
from workflows.rights.assessing import answering_post, carrying_post
from workflows.rights.lifecycle import decide
from workflows.state.assessments import (
    ACCEPTED,
    ADDRESSED,
    IMPLEMENTED,
    MADE,
    REJECTED,
    SORTS,
    Assessment,
    Component,
    Recommendation,
    components_now,
)
from workflows.store.assessed import assessed_tables
from workflows.store.queries import refuse_unseen, table_in
from workflows.store.streams import history_of
from workflows.vocabulary import Action, Role

pages = Blueprint("assessing", __name__)
STATES = {MADE: "待答复", ACCEPTED: "已采纳", REJECTED: "未采纳", IMPLEMENTED: "已落实"}
TAGS = {MADE: "amber", ACCEPTED: "blue", REJECTED: "", IMPLEMENTED: "green"}
MOST = 500


@dataclass(frozen=True)
class Told:
    """A recommendation as the page shows it, and what the person may do with it."""

    item: Recommendation
    state: str
    tag: str
    to: str
    by: str
    may_answer: bool
    may_carry_out: bool


@dataclass(frozen=True)
class Evaluated:
    """An evaluation as the page shows it."""

    item: Assessment
    sort: str
    by: str
    may_report: bool


@dataclass(frozen=True)
class Entered:
    """An imported ratio: its formula, its components and what they make."""

    ratio: Ratio
    component: Component | None
    percent: str


@dataclass(frozen=True)
class Assessments:
    """What the section on a table's page shows."""

    evaluations: tuple[Evaluated, ...]
    recommendations: tuple[Told, ...]
    ratios: tuple[Entered, ...]
    may_open: bool
    may_recommend: bool
    may_enter: bool
    addressed: dict[str, str]

    @property
    def shown(self) -> bool:
        """Whether there is something to show or to do."""
        return bool(self.evaluations or self.recommendations or self.ratios or self.may_open or self.may_recommend)


def assessments_of(table: Table) -> Assessments:
    """Return the evaluations, recommendations and components of a table, and what this person may do about them."""
    told = table.assessments or table.recommendations
    names = names_in(history_of(transaction(), table.id)) if told else {}
    report, answer, carry = map(
        partial(_may, table),
        (Action.REPORT_EVALUATION, Action.ACCEPT_RECOMMENDATION, Action.IMPLEMENT_RECOMMENDATION),
    )
    return Assessments(
        tuple(_evaluated(each, names, may=report) for each in table.assessments),
        tuple(_told(table, each, names, answer=answer, carry=carry) for each in table.recommendations),
        ratios_of(table), _may(table, Action.OPEN_EVALUATION), _may(table, Action.RECOMMEND),
        _may(table, Action.RECORD_COMPONENT), {code: _(name) for code, name in ADDRESSED.items()},
    )  # fmt: skip


def ratios_of(table: Table) -> tuple[Entered, ...]:
    """Return the ratios that a table on overall spending carries, each with its newest components."""
    rules = pinned_pack(table.pack_hash, journal().content).unit_loop if table.scope != "project" else None
    known = components_now(table.components)
    found = ((ratio, known.get(ratio.name)) for ratio in (rules.imported if rules else ()))
    return tuple(
        Entered(ratio, one, f"{imported_percent(ratio, one)}%" if one else "") for ratio, one in found
    )


def _may(table: Table, action: Action) -> bool:
    return decide(person(), table, action).allowed


def _evaluated(each: Assessment, names: Any, *, may: bool) -> Evaluated:
    by = f"{names.get(each.by, each.by)}（{organ_name(each.organ)} {word(Role(each.role))}）"
    mine = person().holds(Role(each.role), each.organ)
    return Evaluated(each, _(SORTS[each.sort]), by, may and mine and not each.reported)


def _told(table: Table, each: Recommendation, names: Any, *, answer: bool, carry: bool) -> Told:
    return Told(
        each, _(STATES[each.state]), TAGS[each.state], _(ADDRESSED[each.to]), names.get(each.by, each.by),
        answer and each.open and each.by != person().id and answering_post(person(), table, each.to) is not None,
        carry and each.state == ACCEPTED and carrying_post(person(), table, each.to) is not None,
    )  # fmt: skip


@pages.app_context_processor
def _for_the_page() -> dict[str, object]:
    return {"assessments_of": assessments_of}


@pages.get("/evaluations")
def index() -> str:
    """List the evaluations and recommendations of the tables that the person may read."""
    year, state = year_of(asked("year")), asked("state")
    rows = assessed_tables(transaction(), person(), year, limit=MOST)
    tables = [table_in(transaction(), row) for row in rows]
    told = [(table, each) for table in tables for each in table.recommendations if state in ("", each.state)]
    return render_template(
        "evaluations.html", evaluations=[(table, each) for table in tables for each in table.assessments], told=told,
        states=STATES, tags=TAGS, sorts=SORTS, addressed=ADDRESSED, year=year, state=state, most=len(rows) == MOST,
    )  # fmt: skip


@pages.post("/tables/<uuid:table_id>/evaluations")
def open_one(table_id: UUID) -> ResponseReturnValue:
    """Take the project into an evaluation."""
    _begins(table_id)
    assessing.open_evaluation(journal(), table_id, **_subject(), reason=text("reason"), deadline=_day())
    return _done(table_id, _("已列入绩效评价"))


@pages.post("/tables/<uuid:table_id>/evaluations/<key>")
def report(table_id: UUID, key: str) -> ResponseReturnValue:
    """Report an evaluation."""
    _begins(table_id)
    assessing.report_evaluation(
        journal(), table_id, **_subject(), evaluation=key, score=text("score"), opinion=text("opinion"),
        report=_proof(),
    )  # fmt: skip
    return _done(table_id, _("已报告绩效评价"))


@pages.post("/tables/<uuid:table_id>/recommendations")
def recommend(table_id: UUID) -> ResponseReturnValue:
    """Make a recommendation."""
    _begins(table_id)
    assessing.recommend(
        journal(), table_id, **_subject(), words=text("words"), to=text("to") or "unit", evaluation=text("evaluation"),
        deadline=_day(),
    )  # fmt: skip
    return _done(table_id, _("已提出建议"))


@pages.post("/tables/<uuid:table_id>/recommendations/<key>/answer")
def answer(table_id: UUID, key: str) -> ResponseReturnValue:
    """Adopt a recommendation, or not."""
    _begins(table_id)
    if text("adopted") == "yes":
        assessing.accept_recommendation(
            journal(), table_id, **_subject(), recommendation=key, opinion=text("opinion")
        )
        return _done(table_id, _("已采纳建议"))
    assessing.reject_recommendation(journal(), table_id, **_subject(), recommendation=key, reason=text("opinion"))
    return _done(table_id, _("已答复不采纳"))


@pages.post("/tables/<uuid:table_id>/recommendations/<key>/implement")
def implement(table_id: UUID, key: str) -> ResponseReturnValue:
    """Say that a recommendation was carried out."""
    _begins(table_id)
    sent = request.files.get("file")
    evidence = _proof() if sent and sent.filename else None
    assessing.implement_recommendation(
        journal(), table_id, **_subject(), recommendation=key, report=text("report"), evidence=evidence
    )
    return _done(table_id, _("已报告建议落实情况"))


@pages.post("/tables/<uuid:table_id>/components")
def enter(table_id: UUID) -> ResponseReturnValue:
    """Enter the components of a ratio."""
    _begins(table_id)
    assessing.record_component(
        journal(), table_id, **_subject(), indicator=text("indicator"), numerator=text("numerator"),
        denominator=text("denominator"), counted_in=text("counted_in"), note=text("note"), evidence=_proof(),
    )  # fmt: skip
    return _done(table_id, _("已登记分子、分母"))


def _begins(table_id: UUID) -> None:
    g.back, g.fresh = url_for("tables.show", table_id=table_id), partial(table_page, table_id)
    refuse_unseen(transaction(), person(), table_id)
    refuse_long_texts()


def _subject() -> dict[str, Any]:
    return {"seen": seen(), "by": person(), "command_id": command_id()}


def _proof() -> Proof:
    return Proof(*sent_file(_("请选择要上传的文件。")))


def _day() -> date:
    try:
        return date.fromisoformat(text("deadline"))
    except ValueError as wrong:
        raise FieldsInvalid(_("请填写期限（年-月-日）。"), field="deadline") from wrong


def _done(table_id: UUID, words: str) -> ResponseReturnValue:
    flash(words, "good")
    return redirect(url_for("tables.show", table_id=table_id, _anchor="assessments"), 303)
