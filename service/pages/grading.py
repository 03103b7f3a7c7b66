"""审核表 and 良·直接完善: the posts by which a form is filled in, a completion asked for and answered."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.posted import cleaned, command_id, refuse_long_texts, seen, text
from service.pages.review_shown import reviews_of
from service.pages.table_view import table_page
from workflows.commands import amending, grading
from workflows.state.criteria import Criterion
from workflows.store.queries import refuse_unseen

pages = Blueprint("grading", __name__)


@pages.app_context_processor
def _for_the_page() -> dict[str, object]:
    return {"reviews_of": reviews_of}


def _about(table_id: UUID) -> None:
    g.back, g.fresh = url_for("tables.show", table_id=table_id), partial(table_page, table_id)
    refuse_unseen(transaction(), person(), table_id)
    refuse_long_texts()


def _back(table_id: UUID, said: str) -> ResponseReturnValue:
    flash(said, "good")
    return redirect(url_for("tables.show", table_id=table_id, _anchor="review"), 303)


@pages.post("/tables/<uuid:table_id>/review")
def fill(table_id: UUID) -> ResponseReturnValue:
    """Fill the review form in."""
    _about(table_id)
    items = {
        code.value: {name: text(f"{name}-{code}") for name in ("grade", "points", "comment")} for code in Criterion
    }
    table = grading.score_review(
        journal(), table_id, seen=seen(), by=person(), command_id=command_id(), mode=text("mode"), items=items,
        grade=text("grade"), opinion=text("opinion"),
    )  # fmt: skip
    form = next(each for each in reversed(table.reviews) if each.person == person().id)
    return _back(table_id, _("审核表已登记，合计%(total)s分", total=form.total))


@pages.post("/tables/<uuid:table_id>/amendment")
def propose(table_id: UUID) -> ResponseReturnValue:
    """Ask the unit to agree to the places that were written anew."""
    _about(table_id)
    pointers, news, reasons = (map(cleaned, request.form.getlist(name)) for name in ("pointer", "new", "reason"))
    changes = [
        {"pointer": pointer, "new": new, "reason": reason}
        for pointer, new, reason in zip(pointers, news, reasons, strict=False) if new
    ]  # fmt: skip
    amending.propose_amendment(
        journal(), table_id, seen=seen(), by=person(), command_id=command_id(), changes=changes, opinion=text("opinion")
    )
    return _back(table_id, _("已请单位确认直接完善"))


@pages.post("/tables/<uuid:table_id>/amendment/<uuid:amendment>/confirm")
def confirm(table_id: UUID, amendment: UUID) -> ResponseReturnValue:
    """Agree for the unit."""
    _about(table_id)
    amending.confirm_amendment(
        journal(), table_id, seen=seen(), by=person(), command_id=command_id(), amendment=str(amendment),
        opinion=text("opinion"),
    )  # fmt: skip
    return _back(table_id, _("已确认直接完善，表的内容已按此更新"))


@pages.post("/tables/<uuid:table_id>/amendment/<uuid:amendment>/reject")
def reject(table_id: UUID, amendment: UUID) -> ResponseReturnValue:
    """Do not agree for the unit, or take the own proposal back."""
    _about(table_id)
    amending.reject_amendment(
        journal(), table_id, seen=seen(), by=person(), command_id=command_id(), amendment=str(amendment),
        reason=text("reason"),
    )  # fmt: skip
    return _back(table_id, _("已答复，表的内容不变"))
