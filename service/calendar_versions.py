"""The versions of the calendar of working days: the one in force, those that wait, those of before; by whom, when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.calendars import CALENDAR, shipped_content
from workflows.commands.publishing_calendars import CALENDARS, waiting_calendars
from workflows.errors import UnknownCalendar
from workflows.events import CalendarPublished, Recorded
from workflows.journal import Journal
from workflows.ledger.hashes import content_hash


@dataclass(frozen=True)
class Version:
    """One version: its hash and content, its state (in_force, waiting, earlier), who proposed and who published it."""

    hash: str
    content: Mapping[str, Any]
    state: str
    author: str = ""
    publisher: str = ""
    author_id: str = ""
    at: datetime | None = None


def versions_of_calendar(journal: Journal) -> tuple[Version, ...]:
    """Return the version in force, those that wait, then those of before, newest first; each content once."""
    found: dict[str, Version] = {}
    for each in (*_published(journal), *_waiting(journal), *_shipped(journal)):
        found.setdefault(each.hash, each)
    order = {"in_force": 0, "waiting": 1, "earlier": 2}
    return tuple(sorted(found.values(), key=lambda each: order[each.state]))


def version_named(versions: tuple[Version, ...], named: str) -> Version:
    """Return the version of that hash, the one in force where none is named; UnknownCalendar for no such."""
    found = next((each for each in versions if each.hash == named or not named), None)
    if found is None:
        raise UnknownCalendar
    return found


def _published(journal: Journal) -> Iterator[Version]:
    history = CALENDARS.versions(journal, CALENDAR)
    published = [each for each in history if isinstance(each.fact, CalendarPublished)]
    for number, each in enumerate(reversed(published)):
        version = _hash(each)
        authors = [one for one in history if _hash(one) == version and one.version < each.version and one is not each]
        yield Version(
            version, journal.content(version), "earlier" if number else "in_force",
            "、".join(dict.fromkeys(one.signer for one in authors if not isinstance(one.fact, CalendarPublished))),
            each.signer, at=each.at,
        )  # fmt: skip


def _waiting(journal: Journal) -> Iterator[Version]:
    for each in waiting_calendars(journal):
        version = _hash(each)
        yield Version(version, journal.content(version), "waiting", each.signer, author_id=each.actor_id, at=each.at)


def _shipped(journal: Journal) -> Iterator[Version]:
    content = shipped_content()
    nothing_published = CALENDARS.last_published(journal, CALENDAR) is None
    yield Version(content_hash(content), content, "in_force" if nothing_published else "earlier")


def _hash(recorded: Recorded) -> str:
    return str(getattr(recorded.fact, "content_hash", ""))
