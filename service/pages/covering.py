"""代理授权: who covers for me, for whom I cover; give a cover after a look at what it opens, end one, sign a waiver."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import RowMapping

from service.context import journal, person, transaction
from service.organ_book import organs
from service.pages.covers_shown import (
    CHAIN_NODES,
    Preview,
    colleagues,
    doubled,
    nodes_of,
    reach_of,
    units_led,
    units_of,
    waivers_led,
)
from service.pages.posted import command_id, refuse_long_texts, text
from service.present import BEIJING, day, word
from workflows.commands.covering import COVERED_ROLES, Terms, end_cover, give_cover
from workflows.commands.waiving import sign_waiver
from workflows.errors import FieldsInvalid, GoaltrailError, NotAllowed, NotFound
from workflows.events import CoverGiven
from workflows.store.covers import cover_of, covers_about, covers_not_over
from workflows.store.journal import PostgresJournal
from workflows.store.posts import actor_of, people_with_posts
from workflows.vocabulary import Actor, Role

pages = Blueprint("covering", __name__)


@pages.get("/covers")
def show() -> str:
    """Show the covers that concern the person, and the form for a new one."""
    return _page()


@pages.post("/covers/preview")
def preview() -> ResponseReturnValue:
    """Show what a cover would open now, by giving it and taking it back at once; nothing is kept."""
    g.fresh = _page
    refuse_long_texts()
    principal, deputy = _both()
    tx = transaction()
    kept = tx.savepoint()
    fact: Any = give_cover(
        PostgresJournal(tx), principal=principal, deputy=deputy, terms=_terms(), by=person(), command_id=command_id()
    ).fact
    kept.rollback()
    return _page(reach=reach_of(deputy, fact), previewed=fact)


@pages.post("/covers")
def give() -> ResponseReturnValue:
    """Give a cover."""
    g.fresh = _page
    refuse_long_texts()
    principal, deputy = _both()
    give_cover(
        journal(), principal=principal, deputy=deputy, terms=_terms(), by=person(), command_id=command_id()
    )
    flash(_("已授权%(deputy)s代%(name)s办理。", deputy=deputy.name, name=principal.name), "good")
    return redirect(url_for("covering.show"), 303)


@pages.post("/covers/<uuid:cover>/end")
def end(cover: UUID) -> ResponseReturnValue:
    """End a cover early."""
    g.fresh = _page
    refuse_long_texts()
    row = cover_of(transaction(), str(cover))
    if row is None or not _concerns(row):
        raise NotFound
    end_cover(
        journal(), principal=row["principal"], cover=row["cover"], reason=text("reason"), by=person(),
        command_id=command_id(),
    )  # fmt: skip
    flash(_("代理授权已结束。"), "good")
    return redirect(url_for("covering.show"), 303)


@pages.post("/waivers")
def waive() -> ResponseReturnValue:
    """Sign a waiver for a small unit of one's department (S12)."""
    g.fresh = _page
    refuse_long_texts()
    unit = next((row for row in units_led() if row["id"] == text("unit")), None)
    if unit is None:
        raise NotAllowed(_("只能为本部门所属单位签发职责分离豁免。"), rule="S12")
    sign_waiver(
        journal(), unit=unit["id"], department=unit["parent"], person=_somebody(text("waived")),
        until=_day("until") + timedelta(days=1), reason=text("waiver_reason"), by=person(), command_id=command_id(),
    )  # fmt: skip
    flash(_("职责分离豁免已签发，将在页面和历程中注明。"), "good")
    return redirect(url_for("covering.show"), 303)


def _page(
    refused: GoaltrailError | None = None, *, reach: Preview | None = None, previewed: CoverGiven | None = None
) -> str:
    tx, guards = transaction(), person().holds(Role.SECURITY_ADMIN)
    mine = [post for post in person().posts if post.role in COVERED_ROLES and not post.via]
    people = people_with_posts(tx)
    rows = covers_not_over(tx, tx.now()) if guards else covers_about(tx, person().id)
    return render_template(
        "covers.html", given=[row for row in rows if guards or row["principal"] == person().id],
        taken=[row for row in rows if row["deputy"] == person().id], guards=guards, gives=bool(mine) or guards,
        posts=mine, colleagues=colleagues(people, mine), nodes=nodes_of(mine, everything=guards), units=units_of(mine),
        now=tx.now(), typed=request.form, chosen_nodes=request.form.getlist("nodes"),
        chosen_units=request.form.getlist("units"), reach=reach, previewed=previewed,
        refused=refused.sentence if refused else None, led=units_led(), waivers=waivers_led(),
        doubled=doubled(people), state=_state, role_word=_role_word, last_day=_last_day, node_word=_node_word,
    )  # fmt: skip


def _state(row: RowMapping) -> tuple[str, str]:
    """Return how a cover stands now, in a word and its colour."""
    now = transaction().now()
    if row["ended_at"] is not None:
        return _("已提前结束"), ""
    if row["to_at"] <= now:
        return _("已期满"), ""
    return (_("生效中"), "green") if row["from_at"] <= now else (_("未开始"), "blue")


def _last_day(end: datetime) -> str:
    """Return the last day in Beijing of a period whose end does not belong to it."""
    return day(end - timedelta(seconds=1))


def _role_word(role: str) -> str:
    return word(Role(role))


def _node_word(node: str) -> str:
    return str(_(CHAIN_NODES.get(node, node)))


def _concerns(row: RowMapping) -> bool:
    return person().id in (row["principal"], row["deputy"]) or person().holds(Role.SECURITY_ADMIN)


def _both() -> tuple[Actor, Actor]:
    """Return the principal, by default the person, and the deputy, each with the posts held now."""
    principal = _somebody(text("principal")) if text("principal") else replace(person(), covers=())
    return principal, _somebody(text("deputy"))


def _somebody(who: str) -> Actor:
    tx = transaction()
    name = next((name for each, name, _role, _organ in people_with_posts(tx) if each == who), None)
    if name is None:
        raise FieldsInvalid(_("请选择人员；没有岗位的人员不能代理或被代理。"), field="deputy")
    return replace(actor_of(tx, who, name), covers=())


def _terms() -> Terms:
    return Terms(
        _day("from_day"), _day("to_day") + timedelta(days=1), text("reason"),
        nodes=tuple(sorted(set(request.form.getlist("nodes")) & set(CHAIN_NODES))),
        units=tuple(sorted(set(request.form.getlist("units")) & set(organs().names))), most=text("most") or None,
    )  # fmt: skip


def _day(name: str) -> datetime:
    """Return the first moment in Beijing of a typed day."""
    try:
        return datetime.strptime(text(name), "%Y-%m-%d").replace(tzinfo=BEIJING)
    except ValueError as error:
        raise FieldsInvalid(_("请按 2026-02-01 的格式填写日期。"), field=name) from error
