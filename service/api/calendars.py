"""The calendar of working days for programs: read a year of it, bring the next year's notice in, publish it."""

from datetime import datetime

from pydantic import Field

from service.api.answers import Shape
from service.api.asked import Asked
from service.api.bodies import Body
from service.api.operation import Reply
from service.calendar_versions import Version, version_named, versions_of_calendar
from service.context import journal, person
from workflows.calendars.comparing import calendar_differences
from workflows.calendars.notice import Notice, entry_of, with_entry
from workflows.commands.publishing_calendars import calendar_content_in_force, propose_calendar, publish_calendar

DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
HASH = "^([0-9a-f]{64})?$"


class CalendarQuery(Body):
    """Which version (the one in force where none is named) and which year (all where none is named)."""

    version: str = Field("", pattern=HASH)
    year: int | None = Field(None, ge=2000, le=2100)


class CalendarVersion(Shape):
    """One version: `state` is in_force, waiting or earlier; nobody proposed what ships."""

    version: str
    state: str
    author: str
    publisher: str
    at: datetime | None


class CalendarYear(Shape):
    """One year's notice: the country's, or with an organ its place's own days."""

    year: int
    organ: str
    notice: str
    dated: str
    days_off: list[str]
    make_up_days: list[str]


class CalendarShown(Shape):
    """A version with its years, what it changes of the one in force, and all versions."""

    version: str
    state: str
    years: list[CalendarYear]
    changes: list[str]
    versions: list[CalendarVersion]


class NewYear(Body):
    """A year's notice (of a bureau's place where an organ is named); it takes the place of what that year has now."""

    year: int = Field(ge=2000, le=2100)
    notice: str = Field(min_length=1, max_length=60)
    dated: str = Field(pattern=DAY)
    organ: str = Field("", max_length=60)
    days_off: list[str] = Field(max_length=200)
    make_up_days: list[str] = Field(max_length=200)


class Publication(Body):
    """The version that another administrator proposed."""

    version: str = Field(pattern="^[0-9a-f]{64}$")


class CalendarDone(Shape):
    """A version was proposed or published."""

    version: str
    dry_run: bool


def show_calendar(asked: Asked) -> Reply:
    """Return a version of the calendar."""
    query: CalendarQuery = asked.query
    versions = versions_of_calendar(journal())
    chosen = version_named(versions, query.version)
    said = CalendarShown(
        version=chosen.hash, state=chosen.state, years=_years(chosen, query.year),
        changes=[each.said for each in calendar_differences(versions[0].content, chosen.content)],
        versions=[
            CalendarVersion(
                version=each.hash, state=each.state, author=each.author, publisher=each.publisher, at=each.at
            ) for each in versions
        ],
    )  # fmt: skip
    return Reply(said)


def _years(chosen: Version, year: int | None) -> list[CalendarYear]:
    entries = (*chosen.content["years"], *chosen.content["local"])
    return [CalendarYear(**{"organ": "", **each}) for each in entries if year in (None, each["year"])]


def propose_year(asked: Asked) -> Reply:
    """Propose the calendar in force with this year's notice."""
    body: NewYear = asked.body
    notice = Notice(body.year, body.notice, body.dated, body.organ)
    content = with_entry(calendar_content_in_force(journal()), entry_of(notice, body.days_off, body.make_up_days))
    proposed = propose_calendar(journal(), content=content, by=person(), command_id=asked.command_id)
    return Reply(CalendarDone(version=proposed.content_hash, dry_run=asked.dry_run), status=201)


def publish_proposed(asked: Asked) -> Reply:
    """Publish what another proposed."""
    body: Publication = asked.body
    published = publish_calendar(journal(), content_hash=body.version, by=person(), command_id=asked.command_id)
    return Reply(CalendarDone(version=published.content_hash, dry_run=asked.dry_run), status=201)
