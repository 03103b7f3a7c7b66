"""What a campaign's event sets going, in its own transaction: notices to its units, and the reminders still ahead."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from workflows.addressees import Notice
from workflows.campaigns import Campaign
from workflows.campaigns.reminding import TASK, Reminder, all_reminders, closing_in, closings_of, reminders_of
from workflows.campaigns.sentences import SENTENCES
from workflows.events import Recorded
from workflows.store.campaigns import campaign_at
from workflows.store.organs import organ_names
from workflows.store.outbox import notice_row
from workflows.store.recording import Staged, write, write_notices
from workflows.store.streams import history_of
from workflows.store.transaction import Transaction
from workflows.words.campaign_notices import told_of_campaign
from workflows.workdays import Calendar

WAITING = f"""
SELECT DISTINCT stream_id FROM desk.timer WHERE state = 'pending' AND task LIKE '{TASK}:%'"""  # noqa: S608 - a word
BEHIND = f"""
SELECT DISTINCT stream_id FROM desk.timer WHERE state = 'pending' AND due_at > :now AND task LIKE '{TASK}:%'
  AND task NOT LIKE '%:' || :calendar"""  # noqa: S608 - a word
SET = f"""
SELECT dedupe_key, task, state, due_at FROM desk.timer
WHERE stream_id = :stream AND state <> 'cancelled' AND task LIKE '{TASK}:%'"""  # noqa: S608 - a word
REVIVE = """
UPDATE desk.timer SET state = 'pending', done_at = NULL, attempts = 0, next_at = due_at
WHERE stream_id = :stream AND state = 'cancelled' AND dedupe_key = ANY(:keys)"""
"""A calendar that comes back, or an end that was taken back, asks for what was cancelled before."""
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
    names = organ_names(tx)
    write_notices(tx, [
        notice_row(
            notice, stream=stream, version=version, task=f"{TASK}:{unit}" if owed else None, at=tx.now(),
            known={"单位": names.get(unit, unit)},
        )
        for unit, notice in told
    ])  # fmt: skip


def set_reminders(tx: Transaction, campaign: Campaign, calendar: Calendar, now: datetime) -> None:
    """Set the reminders that are still ahead and cancel those whose reason is gone.

    What came due before and nobody has sent yet stays, as long as its closing counts.
    """
    ahead = reminders_of(campaign, calendar.of(campaign.bureau), now)
    keys, staged = [each.key(campaign.id) for each in ahead], Staged()
    staged.add("kept", {"stream": campaign.id, "keys": [*keys, *_due(tx, campaign, now)], "at": tx.now()})
    staged.add("timers", *(
        {"stream": campaign.id, "task": each.task, "kind": each.rung, "key": each.key(campaign.id),
         "provisional": each.provisional, "due": each.due_at, "then": []}
        for each in ahead
    ))  # fmt: skip
    write(tx, staged)
    tx.run(REVIVE, stream=campaign.id, keys=keys)


def _due(tx: Transaction, campaign: Campaign, now: datetime) -> list[str]:
    """Return the keys of reminders that are due at a moment and speak of a closing that still counts."""
    closings = closings_of(campaign)
    rows = tx.rows(SET, stream=campaign.id)
    return [row["dedupe_key"] for row in rows if row["due_at"] <= now and closing_in(row["task"]) in closings]


def waiting_campaigns(tx: Transaction) -> tuple[UUID, ...]:
    """Return the campaigns that still have a reminder to send."""
    return tuple(row["stream_id"] for row in tx.rows(WAITING))


def campaigns_behind(tx: Transaction, calendar: Calendar) -> tuple[UUID, ...]:
    """Return the campaigns that have a reminder ahead by another calendar than the one in force."""
    return tuple(row["stream_id"] for row in tx.rows(BEHIND, now=tx.now(), calendar=calendar.version[:8]))


def recount_reminders(tx: Transaction, campaign_id: UUID, calendar: Calendar, since: datetime) -> bool:
    """Set a campaign's reminders by the calendar in force since a moment; whether anything changed.

    What the calendar asked for since then and the campaign knew of is set too, if the recounting comes late.
    """
    campaign = campaign_at(tx, campaign_id)
    from_then = max(since, history_of(tx, campaign_id)[-1].at)
    wanted = {each.key(campaign.id) for each in reminders_of(campaign, calendar.of(campaign.bureau), from_then)}
    if wanted <= {row["dedupe_key"] for row in tx.rows(SET, stream=campaign_id)}:
        return False
    set_reminders(tx, campaign, calendar, from_then)
    return True


def reminder_named(campaign: Campaign, task: str, rung: str, calendar: Calendar, now: datetime) -> Reminder | None:
    """Return the reminder that a timer stands for, None where the campaign no longer asks for it.

    One that another calendar counted counts where that rung has come by the calendar in force; else it is set anew.
    """
    closes = closing_in(task)
    known = all_reminders(campaign, calendar.of(campaign.bureau))
    found = next((each for each in known if (each.closes, each.rung) == (closes, rung)), None)
    return found if found and (found.task == task or found.due_at <= now) else None
