"""已办、已阅、我发起: what the person dealt with, read from the log; the neighbours of the worklist (features H1)."""

from flask import Blueprint, render_template
from flask_babel import gettext as _

from service.context import person, transaction
from service.pages.paging import SIZE, paging
from workflows.store.dealings import BEGUN, DONE, READ, count_dealt_with, dealt_with

pages = Blueprint("dealings", __name__)
NAMES = {DONE: "已办", READ: "已阅", BEGUN: "我发起"}


@pages.get("/work/done")
def done() -> str:
    """Show the tables that the person decided on."""
    return _page(DONE)


@pages.get("/work/read")
def read() -> str:
    """Show the tables of which the person read a copy."""
    return _page(READ)


@pages.get("/work/begun")
def begun() -> str:
    """Show the tables that the person began or submitted."""
    return _page(BEGUN)


def _page(which: str) -> str:
    here = paging(count_dealt_with(transaction(), person(), which))
    rows = dealt_with(transaction(), person(), which, limit=SIZE, offset=here.offset)
    return render_template("dealings.html", which=which, name=_(NAMES[which]), rows=rows, paging=here)
