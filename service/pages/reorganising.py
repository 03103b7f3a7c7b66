"""机构: the tree as of a day, what happened to it, and the officer's changes, each after a look at what it touches."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.access_list import moment_meant
from service.audit_reads import note_audit_read
from service.context import ORGAN_READERS, person, transaction
from service.organ_book import organs
from service.organ_changes import ACTS, FOUND, Change, Foreseen, carried_out, foreseen
from service.pages.posted import asked, command_id, refuse_long_texts, text
from service.present import word
from workflows.errors import FieldsInvalid, GoaltrailError, NotAllowed
from workflows.organs import SORTS, Organ, OrganTree
from workflows.vocabulary import Role
from workflows.words.sentences import sentence
from workflows.workdays import beijing_date

pages = Blueprint("reorganising", __name__)


@dataclass(frozen=True)
class Line:
    """One organ of the tree and how deep it lies."""

    organ: Organ
    depth: int


@pages.get("/organs")
def show() -> str:
    """Show the organs as of a moment (`as_of`: a date or a time, by default now) and all that happened to them."""
    if not person().holds_any(ORGAN_READERS):
        raise NotAllowed(_("机构由管理员、审计人员和财政部门查阅。"), rule="R-ROLE")
    g.fresh = _page
    return _page()


@pages.post("/organs/preview")
def preview() -> ResponseReturnValue:
    """Show what a change would record and touch; nothing is kept."""
    _refuse_others()
    g.fresh = _page
    refuse_long_texts()
    return _page(found=foreseen(transaction(), _change(), by=person()))


@pages.post("/organs")
def change() -> ResponseReturnValue:
    """Carry out the change that was previewed; what others changed since is refused."""
    _refuse_others()
    g.fresh = _page
    refuse_long_texts()
    try:
        seen = int(request.form.get("seen", ""))
    except ValueError as unseen:
        raise FieldsInvalid(_("请先查看影响，再确认办理。")) from unseen
    told = carried_out(transaction(), _change(), by=person(), command_id=command_id(), seen=seen)
    flash(sentence(told[-1]), "good")
    return redirect(url_for("reorganising.show"), 303)


def _refuse_others() -> None:
    if not person().holds(Role.SECURITY_ADMIN):
        raise NotAllowed(_("机构的设立、更名、划转、撤并由安全管理员登记。"), rule="R-ORGAN")


def _change() -> Change:
    chosen = tuple(dict.fromkeys(each.strip() for each in request.form.getlist("organ") if each.strip()))
    code = text("code") or ("" if text("act") == FOUND else None)
    return Change(text("act"), chosen, text("doc_no"), text("day"), text("to"), text("name"), text("sort"), code)


def _page(refused: GoaltrailError | None = None, *, found: Foreseen | None = None) -> str:
    book, typed = organs(), asked("as_of") if request.method == "GET" else ""
    try:
        at = moment_meant(typed) if typed else None
    except FieldsInvalid as unclear:
        if not refused:
            raise
        at, refused = None, unclear
    note_audit_read(transaction(), person(), "机构")
    tree = book.then(at) if at else book.tree
    return render_template(
        "organs.html", lines=_lines(tree), ended=_ended(tree), typed=typed, at=at, told=list(reversed(book.told)),
        sentence=sentence, sorts=SORTS, acts=ACTS, form=request.form, chosen=request.form.getlist("organ"),
        administers=person().holds(Role.SECURITY_ADMIN), living=book.tree.living, found=found, tree=tree,
        today=beijing_date(transaction().now()).isoformat(), refused=refused.sentence if refused else None,
        parents=partial(_parents, book.tree), role_word=_role_word,
    )  # fmt: skip


def _role_word(role: str) -> str:
    return word(Role(role))


def _parents(tree: OrganTree, *sorts: str) -> list[Organ]:
    return [each for each in tree.living if each.sort in sorts]


def _lines(tree: OrganTree) -> list[Line]:
    """Return the living organs, each above those under it."""

    def under(organs_here: list[Organ], depth: int) -> list[Line]:
        return [
            line for each in organs_here
            for line in (Line(each, depth), *under(list(tree.children(each.id)), depth + 1))
        ]  # fmt: skip

    return under([each for each in tree.living if not tree.lives(each.parent)], 0)


def _ended(tree: OrganTree) -> list[Organ]:
    """Return the organs that had ended, the newest end first."""
    ended = [(each.ended_at, each) for each in tree.organs.values() if each.ended_at]
    return [each for _at, each in sorted(ended, key=_when, reverse=True)]


def _when(pair: tuple[datetime, Organ]) -> tuple[datetime, str]:
    return pair[0], pair[1].id
