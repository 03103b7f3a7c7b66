"""绩效目标表: the list with its filters, and one table's page."""

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from service.context import person, transaction
from service.pages.paging import SIZE, paging
from service.pages.table_view import table_page
from service.pages.worklist import amount
from workflows.errors import FieldsInvalid
from workflows.store.organs import all_organs
from workflows.store.queries import Filters, count_visible_to, tables_visible_to
from workflows.vocabulary import Role, Stage

ORDERS = {"changed": "最近变动", "due": "办理期限", "title": "名称", "amount": "金额"}

pages = Blueprint("tables", __name__)


@pages.get("/tables")
def index() -> str:
    """Show the tables in the person's scope that the filters leave."""
    tx, asked = transaction(), filters_asked()
    here = paging(count_visible_to(tx, person(), asked))
    order = request.args.get("order", "changed")
    rows = tables_visible_to(
        tx, person(), asked, order=order if order in ORDERS else "changed", limit=SIZE, offset=here.offset
    )
    organs = all_organs(tx)
    return render_template(
        "tables.html", asked=asked, order=order, orders=ORDERS, stages=tuple(Stage), paging=here,
        rows=[dict(row) | {"amount": amount(row["amount_wan"])} for row in rows],
        departments=[each for each in organs if each["kind"] == "department"],
        units=[each for each in organs if each["kind"] == "unit"], may_reply=person().holds(Role.FINANCE_BUDGET),
    )  # fmt: skip


def filters_asked() -> Filters:
    """Return what the address asks for; FieldsInvalid for an amount that is no number."""
    args = request.args
    return Filters(
        year=args.get("year", type=int), stage=args.get("stage") or None, department=args.get("department") or None,
        unit=args.get("unit") or None, overdue=True if args.get("overdue") else None, least=_amount("least"),
        most=_amount("most"), words=args.get("text", "").strip() or None,
    )  # fmt: skip


def _amount(name: str) -> Decimal | None:
    typed = request.args.get(name, "").strip().replace(",", "")
    try:
        return Decimal(typed) if typed else None
    except InvalidOperation as error:
        raise FieldsInvalid(_("金额须填写数字。")) from error


@pages.get("/tables/<uuid:table_id>")
def show(table_id: UUID) -> Any:
    """Show one table."""
    return table_page(table_id)
