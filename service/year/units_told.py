"""Which notices and reminders a year's campaigns ask for, from the exported events alone: no database, no worker."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from service.year.units_recounted import MISSING, Called, UnitsRecount
from workflows.workdays import BEIJING, add_workdays

RUNGS = {"T-7": 7, "T-3": 3, "T-1": 1, "T": 0}
TELLS = ("campaign.opened", "campaign.extended", "campaign.closed", "campaign.urged")
POSTS = ("clerk", "unit_head")
NINE, A_DAY, BEFORE = time(9, 0), timedelta(days=1), timedelta(microseconds=1)
Key = tuple[str, str, str]
"""Whose message: the campaign with what it is about, the template, the person."""


@dataclass
class UnitsTold:
    """Everything that units had to be told of campaigns; `asked` is the recount that it went along with."""

    asked: UnitsRecount
    notices: set[Key] = field(default_factory=set)
    reminders: set[Key] = field(default_factory=set)
    holders: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    waiting: dict[tuple[str, str, datetime], datetime] = field(default_factory=dict)


def told_from(lines: Iterable[str], lists: Mapping[str, str], until: datetime) -> UnitsTold:
    """Go through a JSONL export; a rung rings between the last event before its moment and the first one after.

    `lists` holds the lists of units by their hash, as canonical text; reminders count up to `until`.
    """
    told = UnitsTold(UnitsRecount(lists))
    for line in lines:
        body = json.loads(line)["body"]
        _ring(told, datetime.fromisoformat(body["at"]))
        told.asked.add(body)
        if body["kind"] in ("grant.given", "grant.revoked"):
            _grant(told, body)
        elif body["subject"] == "campaign":
            _tell(told, body)
            _wait(told, body["stream"], datetime.fromisoformat(body["at"]))
    _ring(told, until)
    return told


def _grant(told: UnitsTold, body: Mapping[str, Any]) -> None:
    data = body["data"]
    if data["role"] in POSTS:
        people = told.holders[data["organ"]]
        (people.add if body["kind"] == "grant.given" else people.discard)(data["person"])


def _tell(told: UnitsTold, body: Mapping[str, Any]) -> None:
    if body["kind"] in TELLS:
        units = body["data"].get("units") or told.asked.campaigns[body["stream"]].units
        about = f"{body['stream']}:{body['version']}"
        told.notices.update((about, body["kind"], person) for unit in units for person in told.holders[unit])


def _wait(told: UnitsTold, stream: str, now: datetime) -> None:
    """Note the rungs still ahead of every closing that counts for some unit, and forget those of no unit any more."""
    called = told.asked.campaigns[stream]
    closings = set() if called.ended else {called.closing(unit) for unit in called.units}
    told.waiting = {
        key: at for key, at in told.waiting.items() if key[0] != stream or key[2] in closings
    }  # fmt: skip
    for closes in closings:
        for rung, at in rungs_of(closes):
            if max(now, called.opens) < at < closes:
                told.waiting[stream, rung, closes] = at


def rungs_of(closes: datetime) -> Iterator[tuple[str, datetime]]:
    """Yield the rungs of a closing: 9:00 of the last working day on which there is time, and of days before it."""
    day = (closes - BEFORE).astimezone(BEIJING).date()
    last = add_workdays(day + A_DAY, -1).date
    for rung, days in RUNGS.items():
        at = add_workdays(last, -days).date if days else last
        yield rung, datetime.combine(at, NINE, BEIJING).astimezone(UTC)


def _ring(told: UnitsTold, now: datetime) -> None:
    """Let everything ring whose moment is past: whoever is missing by then and whose time ends there is reminded."""
    for key, at in list(told.waiting.items()):
        if at < now:
            stream, rung, closes = key
            del told.waiting[key]
            called = told.asked.campaigns[stream]
            template = f"reminder.campaign.{rung}.{(closes - BEFORE).astimezone(BEIJING).date()}"
            told.reminders.update((stream, template, who) for who in _missing(told, called, closes))


def _missing(told: UnitsTold, called: Called, closes: datetime) -> Iterator[str]:
    for unit, standing in told.asked.standings(called):
        if standing == MISSING and called.closing(unit) == closes:
            yield from told.holders[unit]
