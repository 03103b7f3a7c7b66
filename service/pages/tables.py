"""绩效目标表: the list with its filters, and one table's page."""

import re
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from service.context import person, transaction
from service.organ_book import organs
from service.pages.as_was import as_was_page
from service.pages.posted import asked as asked_for
from service.pages.posted import year_of
from service.pages.table_list import leaf_asked, rows_shown
from service.pages.table_view import table_page
from workflows.definitions import chain_from, shipped
from workflows.errors import FieldsInvalid
from workflows.store.queries import Filters
from workflows.vocabulary import Role, Stage

ORDERS = {"changed": "最近变动", "due": "办理期限", "title": "名称", "amount": "金额"}

pages = Blueprint("tables", __name__)


@pages.get("/tables")
def index() -> str:
    """Show the tables in the person's scope that the filters leave."""
    asked, order = filters_asked(), request.args.get("order", "changed")
    here = leaf_asked(asked, order if order in ORDERS else "changed")
    return render_template(
        "tables.html", asked=asked, order=order, orders=ORDERS, stages=tuple(Stage), paging=here,
        nodes=chain_from(shipped()).nodes,
        rows=rows_shown(here.rows, transaction().now()),
        departments=organs().of_kind("department"), units=organs().of_kind("unit"),
        may_reply=person().holds(Role.FINANCE_BUDGET),
    )  # fmt: skip


def filters_asked() -> Filters:
    """Return what the address asks for; FieldsInvalid for an amount or a year that is none."""
    return Filters(
        year=year_of(asked_for("year")), stage=asked_for("stage") or None, department=asked_for("department") or None,
        unit=asked_for("unit") or None, overdue=True if asked_for("overdue") else None, least=_amount("least"),
        most=_amount("most"), words=asked_for("text") or None,
        node=asked_for("node") or None, revision=asked_for("revision") == "1",
    )  # fmt: skip


def _amount(name: str) -> Decimal | None:
    typed = asked_for(name).replace(",", "")
    if typed and not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,6})?", typed):
        raise FieldsInvalid(_("金额须填写数字。"))
    return Decimal(typed) if typed else None


@pages.get("/tables/<uuid:table_id>")
def show(table_id: UUID) -> Any:
    """Show one table as it stands, or with `as_of` as it was."""
    return table_page(table_id) if "as_of" not in request.args else as_was_page(table_id, asked_for("as_of"))
