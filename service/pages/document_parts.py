"""部门整体部分 of a filing document: edited, reviewed or sent back, its goals linked to tables, versions compared."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import RowMapping

from service.context import journal, person, transaction
from service.pages.document_shown import own_rows, part_now
from service.pages.documents import document_page
from service.pages.part_form import BLANK_GOALS, BLANK_ITEMS, part_posted
from service.pages.posted import asked, command_id, seen, text
from workflows.commands.filing_documents import amend_document, document_now, link_goals, review_document
from workflows.content.part_differences import part_differences
from workflows.errors import FieldsInvalid, GoaltrailError
from workflows.filing_rules import FilingAct, decide
from workflows.filings import PartVersion
from workflows.goal_links import aims_of
from workflows.store.documents import how_far
from workflows.store.queries import Filters, document_seen_by, tables_visible_to

MOST_TABLES = 500
LONGEST_NUMBER = 4

pages = Blueprint("document_parts", __name__)


def _row(document_id: UUID) -> RowMapping:
    """Return the document's row; NotFound for whoever may not read one of its tables."""
    return document_seen_by(transaction(), person(), document_id)


@pages.get("/documents/<uuid:document_id>/part")
def edit(document_id: UUID) -> str:
    """Show the part as a form to whoever may write it anew."""
    return _edit_page(document_id)


def _edit_page(document_id: UUID, refused: GoaltrailError | None = None, typed: dict[str, Any] | None = None) -> str:
    row = _row(document_id)
    document = document_now(journal(), document_id)
    permit = decide(person(), document, FilingAct.AMEND, how_far(transaction(), row))
    part = part_now(document)
    return render_template(
        "document_edit.html", document=row, filing=document, permit=permit, part=typed or part,
        refused=refused.sentence if refused else None, changes=part_differences(part, typed) if typed else (),
        blank_goals=BLANK_GOALS, blank_items=BLANK_ITEMS,
    )  # fmt: skip


@pages.post("/documents/<uuid:document_id>/part")
def amend(document_id: UUID) -> ResponseReturnValue:
    """Record a new version of the part."""
    _row(document_id)
    typed = part_posted(request.form, part_now(document_now(journal(), document_id)))
    g.back = url_for("documents.show", document_id=document_id)
    g.fresh = partial(_edit_page, document_id, typed=typed)
    document = amend_document(
        journal(), document_id, seen=seen(), part=typed, by=person(), command_id=command_id(), reason=text("reason")
    )
    flash(_("已保存为第%(n)d版", n=document.parts[-1].number), "good")
    return redirect(url_for("documents.show", document_id=document_id, _anchor="part"), 303)


@pages.post("/documents/<uuid:document_id>/links")
def link(document_id: UUID) -> ResponseReturnValue:
    """Record which tables carry out which goals, as ticked; links to tables that the person may not read stay."""
    row = _row(document_id)
    g.back, g.fresh = url_for("documents.show", document_id=document_id), partial(document_page, document_id)
    visible = {
        each["ordinal"] for each in
        own_rows(row, tables_visible_to(transaction(), person(), Filters(document=document_id), limit=MOST_TABLES))
    }  # fmt: skip
    ticked: dict[str, set[int]] = {}
    for typed in request.form.getlist("link"):
        pointer, _colon, number = typed.rpartition(":")
        if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER):
            raise FieldsInvalid(_("表单不完整，请刷新页面后重试。"))
        ticked.setdefault(pointer, set()).add(int(number))
    part = part_now(document_now(journal(), document_id))
    links = {
        aim.pointer: sorted((ticked.get(aim.pointer, set()) & visible) | (set(aim.links) - visible))
        for aim in aims_of(part)
    }
    link_goals(
        journal(), document_id, seen=seen(), links=links, by=person(), command_id=command_id(), reason=text("reason")
    )
    flash(_("已确认目标与绩效目标表的对应关系"), "good")
    return redirect(url_for("documents.show", document_id=document_id, _anchor="links"), 303)


@pages.post("/documents/<uuid:document_id>/review")
def review(document_id: UUID) -> ResponseReturnValue:
    """Record that an office found the part good, or sends it back."""
    _row(document_id)
    g.back, g.fresh = url_for("documents.show", document_id=document_id), partial(document_page, document_id)
    passed = text("do") == "pass"
    review_document(
        journal(), document_id, seen=seen(), passed=passed, by=person(), command_id=command_id(),
        opinion=text("opinion"),
    )  # fmt: skip
    flash(_("已记录审阅意见") if passed else _("已退回部门部分"), "good")
    return redirect(url_for("documents.show", document_id=document_id, _anchor="part-state"), 303)


@pages.get("/documents/<uuid:document_id>/differences")
def differences(document_id: UUID) -> str:
    """Show what differs between the versions `from` and `to`, by default the last two."""
    row, document = _row(document_id), document_now(journal(), document_id)
    numbers = [each.number for each in document.parts] or [0]
    first, last = (_chosen(name, default) for name, default in (("from", max(numbers[-1] - 1, 1)), ("to", numbers[-1])))
    old, new = sorted((document.part(first), document.part(last)), key=lambda each: each.number)
    return render_template(
        "document_differences.html", document=row, filing=document, old=old, new=new,
        changes=part_differences(_content(old), _content(new)),
    )


def _chosen(name: str, default: int) -> int:
    typed = asked(name)
    usable = typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER
    return int(typed) if usable else 0 if typed else default


def _content(version: PartVersion) -> dict[str, Any]:
    return journal().content(version.content_hash)
