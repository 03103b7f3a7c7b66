"""已办、已阅、我发起: what the person dealt with, read from the log; the neighbours of the worklist (features H1)."""

from flask import Blueprint, render_template
from flask_babel import gettext as _

from service.context import person, transaction
from service.pages.paging import SIZE, paging
from workflows.store.dealings import count_dealt_with, dealt_with

pages = Blueprint("dealings", __name__)
NAMES = {"done": "已办", "read": "已阅", "begun": "我发起"}


@pages.get("/work/done", defaults={"which": "done"})
@pages.get("/work/read", defaults={"which": "read"})
@pages.get("/work/begun", defaults={"which": "begun"})
def show(which: str) -> str:
    """Show one of the three lists."""
    here = paging(count_dealt_with(transaction(), person(), which))
    rows = dealt_with(transaction(), person(), which, limit=SIZE, offset=here.offset)
    return render_template("dealings.html", which=which, name=_(NAMES[which]), rows=rows, paging=here)
