"""A table as it was: how a moment is asked for, which version stood then, and the replay up to it (features D6)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from workflows.errors import MomentUnclear, NoSuchMoment
from workflows.events import Recorded
from workflows.folds.replay import Table, replay
from workflows.workdays import BEIJING

VERSION = re.compile(r"[0-9]{1,12}")
INDEX = re.compile(r"#([0-9]{1,18})")
DAY = re.compile(r"(19|2[01])\d\d-\d\d-\d\d", re.ASCII)
TIME = re.compile(r"(19|2[01])\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


@dataclass(frozen=True)
class LogIndex:
    """A place in the sealed order of the whole log, counted from 0."""

    number: int


Asked = int | LogIndex | datetime
"""A version of the table, a place in the log, or a moment."""


def moment_asked(text: str) -> Asked:
    """Read "7" (version), "#1203" (place in the log), "2026-03-01" (the end of that day) or an ISO time.

    Times without an offset are Beijing's, years those from 1900 to 2199. Raises MomentUnclear for anything else.
    """
    text = re.sub(r"(T[0-9:.]+) (\d\d:\d\d)$", r"\1+\2", text.strip())  # a plus sign arrives as a blank in an address
    index = INDEX.fullmatch(text)
    if index:
        return LogIndex(int(index[1]))
    if VERSION.fullmatch(text):
        return int(text)
    try:
        if DAY.fullmatch(text):
            last = datetime.combine(datetime.fromisoformat(text), time.min, BEIJING) + timedelta(days=1)
            return last - timedelta(microseconds=1)
        if TIME.fullmatch(text):
            at = datetime.fromisoformat(text)
            return at if at.tzinfo else at.replace(tzinfo=BEIJING)
    except ValueError as error:
        raise MomentUnclear from error
    raise MomentUnclear


def version_at(
    asked: Asked, history: Sequence[Recorded], places: Mapping[int, int], *, size: int, now: datetime
) -> int:
    """Return which version of the table stood at a moment; its history is given oldest first.

    `places` names the log index of each sealed version and `size` the number of sealed events. Raises NoSuchMoment for
    a moment before the table's first event or one that has not come yet; today's end counts as now.
    """
    if isinstance(asked, LogIndex):
        if asked.number >= size:
            raise NoSuchMoment(f"台账目前只编号到 #{size - 1}，没有 #{asked.number}。")
        stood = [version for version, place in places.items() if place <= asked.number]
    elif isinstance(asked, datetime):
        if asked > now and asked.astimezone(BEIJING).date() > now.astimezone(BEIJING).date():
            raise NoSuchMoment("这个时间还没有到来，请选择已经过去的时间。")
        stood = [each.version for each in history if each.at <= asked]
    else:
        if asked > len(history):
            raise NoSuchMoment(f"此表目前只有{len(history)}条记录，没有第{asked}条。")
        stood = [asked] if asked else []
    if not stood:
        raise NoSuchMoment("在这个时刻，此表还没有登入台账。")
    return max(stood)


def replay_until(table_id: UUID, history: Sequence[Recorded], version: int) -> Table:
    """Return the table as it stood after its event number `version`."""
    return replay(table_id, history[:version])


CONTENT_TOLD = frozenset({
    "table.imported", "table.created", "table.submitted", "correction.applied", "revision.approved",
    "amendment.confirmed",
})  # fmt: skip
"""Kinds that say which content stands from then on."""


def content_hash_at(history: Sequence[Recorded]) -> str | None:
    """Return the hash of the content that stood after these events, None before any."""
    told = (each for each in reversed(history) if each.kind in CONTENT_TOLD)
    last = next(told, None)
    return getattr(last.fact, "content_hash", None) if last else None
