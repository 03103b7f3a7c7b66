"""待办: what waits for the person, counted by kind, the most urgent first; one click opens it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import desk, person, transaction
from service.pages.asked_of_me import asked_of_me
from service.pages.commenting import owed_answers
from service.pages.paging import SIZE, paging
from service.pages.words import BESIDE_THE_CHAIN
from service.present import word
from workflows.rights.permissions import seat_at, within
from workflows.rights.segregation import refusal_at
from workflows.store.queries import table_in, tables_waiting_for
from workflows.vocabulary import REVIEW_STAGES, Role, Stage

AT_MOST = 1000
KINDS = {
    "drafting": "编制提交", "reply": "批复", "monitoring_filing": "填报监控", "monitoring_check": "审核监控",
    "evaluation_filing": "填报自评", "evaluation_unit": "审核自评", "evaluation_department": "复核自评",
    "archiving": "办结归档", **BESIDE_THE_CHAIN,
}  # fmt: skip

pages = Blueprint("worklist", __name__)


@dataclass(frozen=True)
class Kind:
    """One kind of work and how much of it there is."""

    key: str
    name: str
    count: int


def kind_name(node: str, stage: str) -> str:
    """Return what the work at a desk is called."""
    name = KINDS.get(node.partition(":")[0])
    return _(name) if name else Stage(stage).chinese


@pages.get("/")
def home() -> ResponseReturnValue:
    """Go to the work that waits."""
    return redirect(url_for("worklist.show"))


@pages.get("/work")
def show() -> str:
    """Show the worklist, all of it or one kind."""
    waiting = tables_waiting_for(transaction(), person(), limit=AT_MOST)
    asked = request.args.get("kind", "")
    counts = Counter((_key(row), kind_name(row["node"], row["stage"])) for row in waiting)
    chosen = chosen_kind(waiting, asked)
    here, top = paging(len(chosen)), desk()
    kinds = [Kind(key, name, count) for (key, name), count in sorted(counts.items())]
    return render_template(
        "worklist.html", paging=here, kind=asked, kinds=kinds, reviews=sum(map(is_review, chosen)),
        overdue=top.overdue if top else 0, asked=asked_of_me(),
        tasks=[_task(row) for row in chosen[here.offset : here.offset + SIZE]],
    )  # fmt: skip


def _key(row: Any) -> str:
    node: str = row["node"].partition(":")[0]
    return node if node in KINDS else row["stage"]


def chosen_kind(waiting: Iterable[Any], kind: str) -> list[Any]:
    """Return the waiting rows of one kind, of all kinds for an empty text, or those that are overdue."""
    return [row for row in waiting if _asked(row, kind)]


def is_review(row: Any) -> bool:
    """Whether a row is a review, which may be decided among many; the reply has a page of its own."""
    return row["stage"] in REVIEW_STAGES and row["node"] != "reply"


def _asked(row: Any, kind: str) -> bool:
    return row["task_overdue"] if kind == "overdue" else kind in ("", _key(row))


def _task(row: Any) -> dict[str, object]:
    same = ("title", "year", "unit", "returned", "entered_at")
    return {name: row[name] for name in same} | {
        "kind": kind_name(row["node"], row["stage"]), "address": address_of(row["node"], row["table_id"]),
        "amount": amount(row["amount_wan"]), "due_at": row["task_due_at"], "overdue": row["task_overdue"],
        "provisional": row["task_provisional"], "forbidden": forbidden(row),
        "table_id": row["table_id"], "review": is_review(row),
        "behalf": row["behalf"], "waits_for": waits_for(row) if row["not_yet"] else "",
        "signed": signed(row), "held": held(row),
        "comments": owed_answers(table_in(transaction(), row)),
    }  # fmt: skip


def signed(row: Any) -> str:
    """Return how far a node with several signers is, empty where one signs alone."""
    table = table_in(transaction(), row)
    votes = sum(vote.node == row["node"] for vote in table.votes)
    left = sum(desk.node == row["node"] for desk in table.desks)
    return str(_("已签%(n)d人，待签%(m)d人", n=votes, m=left)) if votes + left > 1 else ""


def waits_for(row: Any) -> str:
    """Return who signs before the person, by their posts."""
    table = table_in(transaction(), row)
    desk = table.task(row["task"])
    before = [each for each in table.desks if desk and each.task in desk.waits_for]
    return "、".join(dict.fromkeys(word(Role(each.role)) for each in before))


def held(row: Any) -> str:
    """Return that the person claimed the task, was asked to work on it first, or may decide it because it is late."""
    table = table_in(transaction(), row)
    desk = table.task(row["task"])
    seat = seat_at(person(), table, desk) if desk else None
    if seat and seat.handed:
        return str(_("升级办理"))
    if row["delegated_to"] == person().id:
        return str(_("受委派先行办理"))
    if row["claimed_by"] and row["behalf"]:
        return str(_("%(who)s已认领", who=row["behalf"]))
    return str(_("已由您认领")) if row["claimed_by"] == person().id else ""


def forbidden(row: Any) -> str:
    """Return why segregation forbids the person this task of a table that waits at the person's post, else nothing."""
    table = table_in(transaction(), row)
    desk = table.task(row["task"])
    seat = seat_at(within(person(), row["amount_wan"]), table, desk) if desk else None
    refusal = refusal_at(person(), table, seat.desk, seat.cover) if seat else None
    return refusal.sentence if refusal else ""


def address_of(node: str, table_id: object) -> str:
    """Return where the work is done: the form to fill in, or the table to decide on."""
    desk, _colon, window = node.partition(":")
    if desk == "drafting":
        return url_for("drafting.form", table_id=table_id)
    if desk == "monitoring_filing":
        return url_for("monitoring.form", table_id=table_id, window=window)
    if desk == "evaluation_filing":
        return url_for("evaluating.form", table_id=table_id)
    anchor = "rectifications" if desk.startswith("rectification") else None
    return url_for("tables.show", table_id=table_id, _anchor=anchor)


def amount(value: Any) -> str:
    """Return an amount in 万元 as lists print it; a dash where it is unknown."""
    return "—" if value is None else f"{value:,.2f}"
