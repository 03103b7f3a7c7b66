"""What a campaign's event sets going, in its own transaction: notices to its units, and the reminders still ahead."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from workflows.addressees import Notice
from workflows.campaigns import Campaign
from workflows.campaigns.moments import INSTANT
from workflows.campaigns.reminding import TASK, Reminder, reminders_of
from workflows.campaigns.sentences import SENTENCES
from workflows.events import Recorded
from workflows.store.campaigns import campaign_at
from workflows.store.outbox import notice_row
from workflows.store.recording import Staged, write, write_notices
from workflows.store.transaction import Transaction
from workflows.words.campaign_notices import told_of_campaign
from workflows.workdays import Calendar

WAITING = f"""
SELECT DISTINCT stream_id FROM desk.timer WHERE state = 'pending' AND task LIKE '{TASK}:%'"""  # noqa: S608 - a word
PENDING = f"""
SELECT dedupe_key FROM desk.timer
WHERE stream_id = :stream AND state IN ('pending', 'leased') AND task LIKE '{TASK}:%'"""  # noqa: S608 - a word
NOT_KEPT = "campaign.urged"


def follow_campaign(tx: Transaction, recorded: Recorded, calendar: Calendar) -> None:
    """Tell the units of a campaign's event and set its reminders anew; nothing for an event of anything else."""
    if recorded.kind not in SENTENCES:
        return
    campaign = campaign_at(tx, recorded.stream)
    told = told_of_campaign(recorded, campaign)
    put_unit_notices(tx, told, stream=campaign.id, version=recorded.version, owed=recorded.kind == NOT_KEPT)
    set_reminders(tx, campaign, calendar, recorded.at)


def put_unit_notices(
    tx: Transaction, told: Iterable[tuple[str, Notice]], *, stream: UUID, version: int, owed: bool
) -> None:
    """Write notices to units in one statement; those about what is `owed` are dropped where it was filed meanwhile."""
    write_notices(tx, [
        notice_row(
            notice, stream=stream, version=version, task=f"{TASK}:{unit}" if owed else None, at=tx.now()
        )
        for unit, notice in told
    ])  # fmt: skip


def set_reminders(tx: Transaction, campaign: Campaign, calendar: Calendar, now: datetime) -> None:
    """Set the reminders that are still ahead and cancel those whose reason is gone."""
    ahead = reminders_of(campaign, calendar.of(campaign.bureau), now)
    staged = Staged()
    staged.add("kept", {"stream": campaign.id, "keys": [each.key(campaign.id) for each in ahead], "at": tx.now()})
    staged.add("timers", *(
        {"stream": campaign.id, "task": each.task, "kind": each.rung, "key": each.key(campaign.id),
         "provisional": each.provisional, "due": each.due_at, "then": []}
        for each in ahead
    ))  # fmt: skip
    write(tx, staged)


def waiting_campaigns(tx: Transaction) -> tuple[UUID, ...]:
    """Return the campaigns that still have a reminder to send."""
    return tuple(row["stream_id"] for row in tx.rows(WAITING))


def recount_reminders(tx: Transaction, campaign_id: UUID, calendar: Calendar) -> bool:
    """Set a campaign's reminders by the calendar in force; whether anything changed."""
    campaign = campaign_at(tx, campaign_id)
    wanted = {each.key(campaign.id) for each in reminders_of(campaign, calendar.of(campaign.bureau), tx.now())}
    ahead = {row["dedupe_key"] for row in tx.rows(PENDING, stream=campaign_id)}
    if wanted <= ahead:
        return False
    set_reminders(tx, campaign, calendar, tx.now())
    return True


def reminder_named(campaign: Campaign, task: str, rung: str, calendar: Calendar, due_at: datetime) -> Reminder | None:
    """Return the reminder that a timer stands for, None where the campaign or the calendar no longer asks for it."""
    known = reminders_of(campaign, calendar.of(campaign.bureau), due_at - INSTANT)
    return next((each for each in known if (each.task, each.rung) == (task, rung)), None)
