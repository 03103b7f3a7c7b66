"""批量办理: tables ticked on the worklist, each seen once more, passed or returned at once, each with its result."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.access_list import csv_of
from service.context import person, transaction
from service.organ_book import organs
from service.pages.bulk_items import items_shown
from service.pages.bulk_orders import Order, Outcome, order_posted, outcomes_of, read, stage_of, written
from service.pages.paging import SIZE
from service.pages.posted import command_id, refuse_long_texts, text
from service.pages.worklist import AT_MOST, chosen_kind, is_review
from service.present import word
from service.request_transaction import part_of_it
from workflows.commands.bulk import MOST_AT_ONCE, Result, all_or_none, for_all
from workflows.commands.bulk_acts import Target, verb_for
from workflows.commands.rehearsal import rehearsal
from workflows.errors import CommandReused, FieldsInvalid, GoaltrailError, NotFound
from workflows.store.answers import keep_answer, kept_under, take_key
from workflows.store.choosing import standings_among
from workflows.store.queries import tables_waiting_for
from workflows.vocabulary import Action

COLUMNS = ("绩效目标表", "填报单位", "编号", "结果", "现处阶段", "说明", "依据规则")

pages = Blueprint("bulk", __name__)


@pages.get("/work/bulk")
def show() -> str:
    """Show the chosen tables once more, before anything is done: those ticked, one page, all, or those refused."""
    return bulk_page(_chosen())


def _chosen() -> list[UUID]:
    choose = request.args.get("choose", "ticked")
    if choose == "refused":
        _action, _together, outcomes = _kept(request.args.get("of", type=UUID))
        return [each.table_id for each in outcomes if not each.done]
    if choose == "ticked":
        return list(dict.fromkeys(_ids(request.args.getlist("t"))))[:MOST_AT_ONCE]
    waiting = tables_waiting_for(transaction(), person(), limit=AT_MOST)
    rows = chosen_kind(waiting, request.args.get("kind", ""))
    if choose == "page":
        start = (max(1, request.args.get("page", 1, type=int)) - 1) * SIZE
        rows = rows[start : start + SIZE]
    return list(dict.fromkeys(row["table_id"] for row in rows if is_review(row)))


def _ids(typed: Sequence[str]) -> list[UUID]:
    try:
        return [UUID(each) for each in typed]
    except ValueError as error:
        raise FieldsInvalid(_("表单不完整，请刷新页面后重试。")) from error


def bulk_page(
    tables: Sequence[UUID], refusal: GoaltrailError | None = None, tried: Sequence[Outcome] | None = None
) -> str:
    """Return the page; after a refusal or a rehearsal with what was said, ticked and typed."""
    items = items_shown(tables)
    open_items = [each for each in items if not each.refusal]
    posted = {each.partition(":")[0] for each in request.form.getlist("item")}
    return render_template(
        "bulk.html", items=open_items, excluded=[each for each in items if each.refusal],
        unticked={str(each.table_id) for each in open_items} - posted if posted else set(),
        targets=tuple(Target), typed=request.form, refused=refusal.sentence if refusal else None,
        tried=tried, against={each.table_id: each.sentence for each in tried or () if not each.done},
        done=sum(each.done for each in tried or ()), most=MOST_AT_ONCE,
    )  # fmt: skip


@pages.post("/work/bulk")
def decide() -> ResponseReturnValue:
    """Carry the order out and go to its results; with `do=try` say what would happen.

    The same form again carries nothing out: it goes to the results that are kept.
    """
    g.fresh = lambda refusal: bulk_page(_posted_tables(), refusal)
    refuse_long_texts()
    order, command = order_posted(), command_id()
    if text("do") == "try":
        with rehearsal(part_of_it):
            tried = outcomes_of(_run(order, command))
        return bulk_page(_posted_tables(), tried=tried)
    kept = take_key(transaction(), person().id, _key(command), order.fingerprint)
    if kept is not None and kept.request_sha256 != order.fingerprint:
        raise CommandReused
    if kept is None:
        outcomes = outcomes_of(_run(order, command))
        keep_answer(
            transaction(), person().id, _key(command), status=303, headers={}, body=written(order, outcomes)
        )
    return redirect(url_for("bulk.results", command=command), 303)


def _run(order: Order, command: UUID) -> tuple[Result, ...]:
    """Carry the order out in the request's one transaction, each table a part of its own or all of them one."""
    run = all_or_none if order.together else for_all
    return run(
        part_of_it, tuple(order.items.items()), verb_for(order.wish, person()), by=person(), action=order.wish.action,
        command_id=command,
    )  # fmt: skip


def _posted_tables() -> list[UUID]:
    posted = request.form.getlist("item") + request.form.getlist("shown")
    return list(dict.fromkeys(_ids([each.partition(":")[0] for each in posted])))[:MOST_AT_ONCE]


def _key(command: UUID | None) -> str:
    return f"bulk:{command}"


def _kept(command: UUID | None) -> tuple[Action, bool, list[Outcome]]:
    kept = kept_under(transaction(), person().id, _key(command))
    if kept is None:
        raise NotFound
    return read(kept.body)


@pages.get("/work/bulk/<uuid:command>")
def results(command: UUID) -> str:
    """Show what became of every table of an own order."""
    action, together, outcomes = _kept(command)
    lines = _lines(outcomes)
    return render_template(
        "bulk_results.html", action=action, together=together, lines=lines, command=command,
        done=sum(each.done for each in outcomes), refused=sum(not each.done for each in outcomes),
    )  # fmt: skip


def _lines(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Return a line for each table, the refused ones first; nothing but its ID is said of one that may not be read."""
    rows = standings_among(transaction(), person(), [each.table_id for each in outcomes])
    found = [
        {
            "table_id": each.table_id, "done": each.done, "stage": stage_of(each), "sentence": each.sentence,
            "rule": each.rule, "title": rows[each.table_id]["title"] if each.table_id in rows else "",
            "unit": rows[each.table_id]["unit"] if each.table_id in rows else "",
        }
        for each in outcomes
    ]  # fmt: skip
    return sorted(found, key=lambda line: bool(line["done"]))


@pages.get("/work/bulk/<uuid:command>/results.csv")
def sheet(command: UUID) -> Response:
    """Hand the results out as a sheet."""
    _action, _together, outcomes = _kept(command)
    names = organs().names
    rows = [
        (
            line["title"], names.get(line["unit"], line["unit"]), str(line["table_id"]),
            "已办理" if line["done"] else "未办理", word(line["stage"]) if line["stage"] else "", line["sentence"],
            line["rule"],
        )
        for line in _lines(outcomes)
    ]  # fmt: skip
    headers = {"Content-Disposition": f'attachment; filename="bulk-{str(command)[:8]}.csv"'}
    return Response(csv_of(COLUMNS, rows), content_type="text/csv; charset=utf-8", headers=headers)
