"""Writes the daily digest into the outbox: what the log's head is, by the notes outside the database."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Engine

from workflows.anchors.alarm import alarm_in
from workflows.anchors.digest import Day, beijing_midnight, digest_subject, digest_text
from workflows.anchors.reading import keys_in, newest_anchored
from workflows.anchors.refusals import NoteNotOurs
from workflows.errors import NotANote
from workflows.store.digest import digest_is_due, events_of_days, put_digest
from workflows.store.installation import mode_of
from workflows.store.sealing import log_size
from workflows.store.transaction import Transaction, begin
from workflows.workdays import BEIJING

UNREADABLE = "检查点目录无法读懂，请核查。"


def write_digest(engine: Engine, anchors: Path) -> int:
    """Write today's digest if it is due and there is something to tell; return to how many people."""
    with begin(engine) as tx:
        if not digest_is_due(tx):
            return 0
        told = day_of(tx, anchors)
        if told.newest is None and not told.alarm and not told.unreadable:
            return 0
        return len(put_digest(tx, told.day, digest_subject(told), digest_text(told)))


def day_of(tx: Transaction, anchors: Path) -> Day:
    """Return what today's digest tells."""
    day: date = tx.now().astimezone(BEIJING).date()
    counted = events_of_days(tx, beijing_midnight(day - timedelta(days=1)), beijing_midnight(day))
    told = Day(day, mode_of(tx) or "", counted.before, counted.today, log_size(tx))
    try:
        newest, keys, alarm = newest_anchored(anchors), keys_in(anchors), alarm_in(anchors)
    except (NoteNotOurs, NotANote, OSError):
        return replace(told, unreadable=UNREADABLE)
    return replace(told, newest=newest, keys=keys, alarm=alarm)
