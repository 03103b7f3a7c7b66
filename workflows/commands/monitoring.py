"""Double monitoring: a window opens at the table's own checkpoint, the unit files, the department checks."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from workflows import events as e
from workflows.commands.field_situations import refuse_own_amount
from workflows.commands.recipe import Seen, Work, begin, post_at, reason_given
from workflows.errors import FieldsInvalid, NotOpenNow
from workflows.folds.replay import Desk, Table, Window
from workflows.journal import Journal
from workflows.measures.watch import Checkpoint, Measure, measure
from workflows.packs import pack_from
from workflows.vocabulary import SYSTEM, Action, Actor, Post, Role, Stage
from workflows.workdays import beijing_date

RULE = "monitoring.checkpoint"


def open_monitoring(
    journal: Journal, table_id: UUID, *, seen: Seen, window: str, by: Actor, command_id: UUID,
) -> Table:  # fmt: skip
    """Open a planned window; the system does it when the checkpoint's date has come, nobody before."""
    work = begin(journal, table_id, by, command_id, Action.OPEN_MONITORING)
    if work.done:
        return work.table
    work.ask(Action.OPEN_MONITORING, seen)
    planned = work.table.window(window)
    if planned is None or planned.state != "planned":
        raise NotOpenNow("该监控节点已下达或不存在。", rule="G-WINDOW")
    if beijing_date(journal.now()).isoformat() < planned.date:
        raise NotOpenNow(f"“{planned.name}”监控任务到{planned.date}才能下达。", rule="G-DATE")
    opened = e.MonitoringOpened(
        planned.window, planned.name, planned.date, planned.planned_percent, planned.source, RULE,
    )  # fmt: skip
    (filing,) = work.chain.first_of(Stage.MONITORING)
    return work.record((opened, work.entering(filing, round=work.table.round, window=window)), issuing_post(work))


def issuing_post(work: Work) -> Post:
    """Return the post under which a task is issued: the system's own, or the performance section's."""
    return SYSTEM.posts[0] if work.by.id == SYSTEM.id else Post(Role.FINANCE_PERFORMANCE, work.table.bureau)


def measure_window(journal: Journal, table: Table, window: Window, figures: Mapping[str, Any]) -> Measure:
    """Compute rates, progress and colour of a window's figures by the pinned pack, as the form shows before filing."""
    content = journal.content(table.in_force_on(window.date) or table.content_hash)
    point = Checkpoint(
        window.name, date.fromisoformat(window.date),
        Decimal(window.planned_percent) if window.planned_percent is not None else None, window.source,
    )  # fmt: skip
    return measure(content, point, figures, pack_from(journal.content(table.pack_hash)))


def file_monitoring(
    journal: Journal, table_id: UUID, *, seen: Seen, window: str, figures: Mapping[str, Any], by: Actor,
    command_id: UUID,
) -> Table:  # fmt: skip
    """File a window's figures: amounts as decimal strings in the table's unit, actuals per row, explanations.

    `figures` holds executed, rows {id: {actual, forecast, possibility, …}}, cause, measure, person, deadline.
    FieldsInvalid names every field that cannot be read or that the colour forces (domain.md 8.3).
    """
    work = begin(journal, table_id, by, command_id, Action.FILE_MONITORING)
    if work.done:
        return work.table
    desk = work.ask(Action.FILE_MONITORING, seen, node=f"monitoring_filing:{window}").desk
    post, open_window = post_at(desk), work.table.window(window)
    if open_window is None or desk is None:
        raise NotOpenNow("该监控节点未下达。", rule="G-WINDOW")
    refuse_own_amount(journal, work.table, work.chain, figures, open_window.date)
    found = measure_window(journal, work.table, open_window, figures)
    if found.missing:
        raise FieldsInvalid("监控表还有必须填写的内容。", problems=found.missing)
    check = work.chain.node("monitoring_check")
    facts = (
        _filed(work, desk, open_window, figures, found),
        e.NodeCompleted(desk.node, desk.round),
        work.entering(check, round=work.table.round, window=window),
    )
    return work.record(facts, post)


def _filed(work: Work, desk: Desk, point: Window, figures: Mapping[str, Any], found: Measure) -> e.MonitoringFiled:
    def text(value: Decimal | None) -> str | None:
        return None if value is None else str(value)

    erasable = e.MonitoringFiled.erasable
    return e.MonitoringFiled(
        node=desk.node, task=desk.task, window=point.window,
        figures={name: value for name, value in figures.items() if name not in erasable},
        execution_rate=text(found.execution_rate), planned=text(found.planned), deviation=text(found.deviation),
        realisation=text(found.realisation), colour=found.colour, reasons=found.reasons,
        cause=str(figures.get("cause") or ""), measure=str(figures.get("measure") or ""),
        person=str(figures.get("person") or ""), deadline=str(figures.get("deadline") or ""),
        pack=work.table.pack, pack_hash=work.table.pack_hash,
        content_hash=work.table.in_force_on(point.date) or "",
    )  # fmt: skip


def accept_monitoring(
    journal: Journal, table_id: UUID, *, seen: Seen, window: str, by: Actor, command_id: UUID, opinion: str = "",
) -> Table:  # fmt: skip
    """Agree to a window's figures."""
    work = begin(journal, table_id, by, command_id, Action.ACCEPT_MONITORING)
    if work.done:
        return work.table
    answer = work.ask(Action.ACCEPT_MONITORING, seen, node=f"monitoring_check:{window}")
    desk, post = answer.desk, post_at(answer.desk)
    node, task = (desk.node, desk.task) if desk else ("", "")
    accepted = e.MonitoringAccepted(node, task, window, opinion.strip())
    return work.record((accepted, e.NodeCompleted(node, work.table.round)), post, answer.cover)


def return_monitoring(
    journal: Journal, table_id: UUID, *, seen: Seen, window: str, by: Actor, command_id: UUID, reason: str,
) -> Table:  # fmt: skip
    """Send a window's figures back to the unit, with the reason."""
    work = begin(journal, table_id, by, command_id, Action.RETURN_MONITORING)
    if work.done:
        return work.table
    answer = work.ask(Action.RETURN_MONITORING, seen, node=f"monitoring_check:{window}")
    desk, post = answer.desk, post_at(answer.desk)
    node, task = (desk.node, desk.task) if desk else ("", "")
    (filing,) = work.chain.first_of(Stage.MONITORING)
    facts = (
        e.MonitoringReturned(node, task, window, reason_given(reason)),
        e.NodeCompleted(node, work.table.round),
        work.entering(filing, round=work.table.round, window=window),
    )
    return work.record(facts, post, answer.cover)
