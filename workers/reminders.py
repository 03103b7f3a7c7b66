"""A due timer becomes what it stands for: a reminder, an overdue mark, an opened window; once, in one transaction."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from uuid import UUID, uuid5

from sqlalchemy import Engine, RowMapping

from workers.campaign_reminders import of_campaign, remind_units
from workers.document_clocks import of_document, remind_office
from workers.failures import attempted
from workflows.addressees import Notice
from workflows.clocks.timers import (
    DEEM_READ,
    DISCLOSE,
    OPEN_MONITORING,
    OPEN_SELF_EVALUATION,
    OVERDUE,
    PASS_ON,
    RELEASE,
    RESUME,
    meant,
)
from workflows.commands.administering import mark_overdue
from workflows.commands.escalating import deem_read, escalate_task
from workflows.commands.evaluating import open_self_evaluation
from workflows.commands.holding import release_expired
from workflows.commands.monitoring import open_monitoring
from workflows.commands.pausing import resume_expired
from workflows.commands.recipe import Seen
from workflows.definitions.ladders import Deed
from workflows.delivery.values import values_of_desk, values_of_table
from workflows.errors import LedgerRefused
from workflows.events import Recorded
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.store.journal import PostgresJournal
from workflows.store.outbox import put_notice
from workflows.store.replies import ACCOUNTS, BUDGET, accounts_behind, budget_behind, was_released
from workflows.store.timers import held_timer, lease_due, mark_fired, mark_timer_failed
from workflows.store.transaction import begin
from workflows.store.work import postpone_timer
from workflows.vocabulary import SYSTEM, Stage
from workflows.words.disclosure_sentences import accounts_reminder
from workflows.words.notices import reminder
from workflows.words.reply_sentences import budget_reminder, disclosure_reminder, pass_on_reminder
from workflows.words.review_notices import amendment_reminder

BATCH = 20
LONGEST_RUN = 5.0
WAIT_AFTER_FAILURE, WAIT_FOR_DECISION, WAIT_FOR_CLOCK = 10.0, 600.0, 60.0
FIRED = UUID("d0c7a7f0-3c1b-5a55-9f5e-6b0f0d1f2a34")
"""Namespace of the system's command ids: the same timer always gives the same command."""
COMMAND_WAITS = "有申请等待第二人确认，确认后再下达"
OUT_OF_TIME, CLOCK_WENT_BACK = "GT003", "时钟早于此表最后一条记录，待时钟走过后再办"


def fire_due(engine: Engine, *, lease_seconds: float) -> int:
    """Fire the timers that are due, for a few seconds at most, and return how many were taken in hand."""
    taken, until = 0, time.monotonic() + LONGEST_RUN
    while time.monotonic() < until:
        with begin(engine) as tx:
            timers = sorted(lease_due(tx, limit=BATCH, seconds=lease_seconds), key=lambda timer: timer["due_at"])
        if not timers:
            break
        taken += len(timers)
        for timer in timers:
            attempted(partial(fire, engine, timer), partial(_failed, engine, timer))
    return taken


def fire(engine: Engine, leased: RowMapping) -> None:
    """Carry out one leased timer and mark it as fired, both or neither; where the clock went back it waits, untried."""
    try:
        _carry_out(engine, leased)
    except LedgerRefused as refused:
        if refused.facts.get("sqlstate") != OUT_OF_TIME:
            raise
        with begin(engine) as tx:
            postpone_timer(tx, leased["id"], CLOCK_WENT_BACK, wait=WAIT_FOR_CLOCK)


def _carry_out(engine: Engine, leased: RowMapping) -> None:
    """Do what a timer stands for; the table's stream is locked before the row."""
    with begin(engine) as tx:
        journal = PostgresJournal(tx)
        if leased["task"] in OF_A_YEAR:
            remind_of_year(journal, leased)
            return
        if of_campaign(leased):
            remind_units(journal, leased)
            return
        if of_document(leased):
            remind_office(journal, leased)
            return
        table = journal.lock_table(leased["stream_id"])
        timer = held_timer(tx, leased["id"])
        if timer is None:
            return
        if timer["kind"] in OPENINGS and table.request:
            postpone_timer(tx, timer["id"], COMMAND_WAITS, wait=WAIT_FOR_DECISION)
            return
        mark_fired(tx, timer["id"])
        deed_of(timer["kind"])(journal, table, timer)


def remind_of_year(journal: PostgresJournal, leased: RowMapping) -> None:
    """Remind of a term that runs on a year's stream, while what it is for has not been done."""
    timer = held_timer(journal.tx, leased["id"])
    if timer is None:
        return
    mark_fired(journal.tx, timer["id"])
    history, rung = journal.history(timer["stream_id"]), timer["kind"].partition(".")[2]
    notice = OF_A_YEAR[timer["task"]](journal, history, rung)
    if notice:
        put_notice(journal.tx, notice, stream=timer["stream_id"], version=len(history))


def of_budget(journal: PostgresJournal, history: Sequence[Recorded], rung: str) -> Notice | None:
    """Return what reminds the budget section after the congress, while tables of the year wait for their reply."""
    behind = budget_behind(journal.tx, history)
    return budget_reminder(behind[0], rung, behind[1]) if behind else None


def of_accounts(journal: PostgresJournal, history: Sequence[Recorded], rung: str) -> Notice | None:
    """Return what reminds a department after the approval of its final accounts, while it disclosed nothing."""
    fact = accounts_behind(journal.tx, history)
    return accounts_reminder(fact, rung) if fact else None


OF_A_YEAR: Mapping[str, Callable[[PostgresJournal, Sequence[Recorded], str], Notice | None]] = {
    BUDGET: of_budget, ACCOUNTS: of_accounts,
}  # fmt: skip
"""What each term of a year reminds of."""


def remind_after_reply(journal: PostgresJournal, table: Table, timer: RowMapping) -> None:
    """Remind the department of what is due after a reply: told once for the whole reply, however many tables it has."""
    replied = table.replied
    if replied is None:
        return
    if meant(timer["task"]) == PASS_ON and replied.waits:
        notice = pass_on_reminder(table, replied, timer["kind"])
        put_notice(journal.tx, notice, stream=UUID(replied.reply), version=1)
    if meant(timer["task"]) == DISCLOSE and not was_released(journal.tx, table.department, table.year):
        notice = disclosure_reminder(table, replied, timer["kind"])
        put_notice(journal.tx, notice, stream=UUID(replied.reply), version=1)


def remind(journal: PostgresJournal, table: Table, timer: RowMapping) -> None:
    """Put the rung's reminders into the outbox, one for each holder of the desk and channel, if the task is open."""
    remind_after_reply(journal, table, timer)
    asked = table.amendment
    if asked and asked.amendment == meant(timer["task"]):
        told = amendment_reminder(table, asked, timer["kind"])
        put_notice(
            journal.tx, told, stream=table.id, version=table.version, known=values_of_table(table)
        )
    for desk in table.desks:
        if desk.task == meant(timer["task"]):
            notice = reminder(table, desk, timer["kind"])
            known = values_of_desk(table, desk)
            put_notice(
                journal.tx, notice, stream=table.id, version=table.version, task=desk.task, known=known
            )


def pass_due(journal: Journal, table: Table, timer: RowMapping) -> None:
    """Record that the task's due moment passed."""
    mark_overdue(journal, table.id, task=meant(timer["task"]), command_id=command_of(timer))


def escalate(journal: Journal, table: Table, timer: RowMapping) -> None:
    """Tell the superior of a late task, or let him decide it too, as the table's chain says."""
    task, kind = meant(timer["task"]), timer["kind"]
    escalate_task(journal, table.id, task=task, kind=kind, command_id=command_of(timer))


def deem_copy_read(journal: Journal, table: Table, timer: RowMapping) -> None:
    """Note that a copy counts as read that its receiver did not open in time."""
    copy, _colon, person = meant(timer["task"]).partition(":")
    deem_read(journal, table.id, copy=copy, person=person, command_id=command_of(timer))


def release_claim(journal: Journal, table: Table, timer: RowMapping) -> None:
    """Give a claimed task back whose time is over."""
    release_expired(journal, table.id, task=meant(timer["task"]), command_id=command_of(timer))


def end_pause(journal: Journal, table: Table, timer: RowMapping) -> None:
    """Let a suspended table go on whose date has come."""
    resume_expired(journal, table.id, command_id=command_of(timer))


def open_window(journal: Journal, table: Table, timer: RowMapping) -> None:
    """Open the monitoring window whose date has come, if it is still planned."""
    window = table.window(meant(timer["task"]))
    if table.stage == Stage.MONITORING and window and window.state == "planned" and not table.paused:
        open_monitoring(
            journal, table.id, seen=Seen(table.version), window=window.window, by=SYSTEM,
            command_id=command_of(timer),
        )  # fmt: skip


def open_evaluation(journal: Journal, table: Table, timer: RowMapping) -> None:
    """Open the self-evaluation whose date has come, if the table is still being monitored."""
    if table.stage == Stage.MONITORING:
        open_self_evaluation(
            journal, table.id, seen=Seen(table.version), by=SYSTEM, command_id=command_of(timer)
        )


def command_of(timer: RowMapping) -> UUID:
    """Return the command id of a timer's deed: derived from its key, so that a repeat is known as one."""
    return uuid5(FIRED, timer["dedupe_key"])


OPENINGS = {OPEN_MONITORING, OPEN_SELF_EVALUATION}
DEEDS: Mapping[str, Callable[[PostgresJournal, Table, RowMapping], None]] = {
    OVERDUE: pass_due,
    OPEN_MONITORING: open_window,
    OPEN_SELF_EVALUATION: open_evaluation,
    RELEASE: release_claim,
    RESUME: end_pause,
    DEEM_READ: deem_copy_read,
}
"""What each kind of timer does that is no rung."""


def deed_of(kind: str) -> Callable[[PostgresJournal, Table, RowMapping], None]:
    """Return what a timer does: its kind's deed, an escalation (inform.T+3, hand.T+5), or a reminder (T-3, T+1)."""
    return DEEDS.get(kind) or (escalate if kind.partition(".")[0] in (Deed.INFORM, Deed.HAND) else remind)


def _failed(engine: Engine, timer: RowMapping, said: str) -> None:
    wait = WAIT_AFTER_FAILURE * 6 ** (timer["attempts"] - 1)
    with begin(engine) as tx:
        mark_timer_failed(tx, timer["id"], said, wait=wait)
