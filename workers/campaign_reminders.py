"""A campaign's rung becomes its reminders: who is missing is read as it fires, what moved meanwhile is left out."""

from uuid import UUID

from sqlalchemy import Engine, RowMapping

from workflows.calendars.in_force import CALENDAR_STREAM
from workflows.campaigns.coverage import Standing
from workflows.campaigns.reminding import TASK
from workflows.events import CalendarPublished
from workflows.store.campaign_news import (
    campaigns_behind,
    put_unit_notices,
    recount_reminders,
    reminder_named,
    waiting_campaigns,
)
from workflows.store.campaign_sums import standings_of
from workflows.store.campaigns import campaign_at
from workflows.store.journal import PostgresJournal
from workflows.store.timers import held_timer, mark_fired
from workflows.store.transaction import Transaction, begin
from workflows.words.campaign_notices import reminders
from workflows.workdays import published_version


def of_campaign(timer: RowMapping) -> bool:
    """Whether a timer belongs to a campaign."""
    return str(timer["task"]).startswith(f"{TASK}:")


def remind_units(journal: PostgresJournal, leased: RowMapping) -> None:
    """Remind the units that have not filed and whose time ends at the closing that the timer was set for."""
    timer = held_timer(journal.tx, leased["id"])
    if timer is None:
        return
    mark_fired(journal.tx, timer["id"])
    campaign = campaign_at(journal.tx, timer["stream_id"])
    due = reminder_named(campaign, timer["task"], timer["kind"], journal.calendar(), journal.now())
    if due is None:
        return
    missing = [
        each for each in standings_of(journal.tx, campaign)
        if each.standing == Standing.MISSING and each.closes == due.closes
    ]  # fmt: skip
    put_unit_notices(journal.tx, reminders(campaign, due, missing), stream=campaign.id, version=1, owed=True)


def behind_the_calendar(tx: Transaction) -> tuple[UUID, ...]:
    """Return the campaigns whose reminders are still to be set by the calendar in force."""
    calendar = PostgresJournal(tx).calendar()
    return campaigns_behind(tx, calendar) if published_version(calendar.version) else ()


def recount_campaigns(engine: Engine) -> int:
    """Set the reminders of running campaigns by the calendar in force; return for how many anything changed."""
    with begin(engine) as tx:
        waiting = waiting_campaigns(tx)
    changed = 0
    for campaign_id in waiting:
        with begin(engine) as tx:
            changed += _recount(PostgresJournal(tx), campaign_id)
    return changed


def _recount(journal: PostgresJournal, campaign_id: UUID) -> bool:
    published = [each.at for each in journal.history(CALENDAR_STREAM) if isinstance(each.fact, CalendarPublished)]
    return bool(published) and recount_reminders(journal.tx, campaign_id, journal.calendar(), published[-1])
