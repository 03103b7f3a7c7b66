"""The names under which work can be woken: the same functions for Celery's workers and for a dispatcher on its own."""

from collections.abc import Callable, Mapping

from workers.alarms import raise_alarms
from workers.campaign_reminders import recount_campaigns
from workers.celery_app import app
from workers.cleaning import clean_up
from workers.digest import write_digest
from workers.document_clocks import set_review_clocks
from workers.notifications import deliver_waiting
from workers.recounting import recount_open
from workers.reminders import fire_due
from workers.snapshots import keep_counts, keep_day, keep_states
from workers.surroundings import engine, settings
from workflows.store.installation import beat
from workflows.store.outbox import sweep_expired
from workflows.store.timers import sweep_expired_timers
from workflows.store.transaction import begin


def notices() -> None:
    """Release notices whose holder vanished, then deliver what waits."""
    with begin(engine()) as tx:
        sweep_expired(tx)
    own = settings()
    deliver_waiting(
        engine(), own.outgoing, sender=own.sender, lease_seconds=own.lease_seconds, others=own.others,
        link=own.public_url, quiet=own.quiet,
    )  # fmt: skip


def timers() -> None:
    """Release timers whose holder vanished, then fire what is due."""
    with begin(engine()) as tx:
        sweep_expired_timers(tx)
    fire_due(engine(), lease_seconds=settings().lease_seconds)


def states() -> None:
    """Keep the states and tallies of tables beside the log."""
    keep_states(engine())
    keep_counts(engine())


def day() -> None:
    """Keep the sheets of the day."""
    keep_day(engine(), settings().snapshot_folder)


def cleaning() -> None:
    """Take away what is past its time."""
    clean_up(engine(), settings().retention)


def digest() -> None:
    """Write the daily digest of the log's head, once a day."""
    write_digest(engine(), settings().anchors)


def alarms() -> None:
    """Record tasks that nobody may take."""
    raise_alarms(engine())


def deadlines() -> None:
    """Set the clocks of documents' reviews; count open deadlines and campaigns anew after a calendar was published."""
    set_review_clocks(engine())
    recount_open(engine())
    recount_campaigns(engine())


def canary() -> None:
    """Show that a wake-up call went through the broker and a worker."""
    with begin(engine()) as tx:
        beat(tx, "canary")


def beaten() -> None:
    """Show that the beat sent a wake-up call which went through the broker and a worker; only the beat sends it."""
    with begin(engine()) as tx:
        beat(tx, "beat")


WORK: Mapping[str, Callable[[], None]] = {
    each.__name__: each for each in (notices, timers, states, day, cleaning, digest, alarms, deadlines, canary, beaten)
}
CALLS = {name: app.task(name=name)(work) for name, work in WORK.items()}
"""Every name that can be woken; each is safe to run twice and at the same time."""
