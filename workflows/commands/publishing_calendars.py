"""The calendar of working days under four eyes: one process administrator proposes, another publishes (S9, B4)."""

from typing import Any
from uuid import UUID

from workflows import events as e
from workflows.calendars import CALENDAR, shipped_content
from workflows.calendars.form import check_form
from workflows.calendars.lint import faults_against, lint
from workflows.commands.two_publishers import Matter
from workflows.definitions.lint import forbidding
from workflows.errors import CalendarUnfit, UnknownCalendar
from workflows.journal import Content, Journal
from workflows.vocabulary import Actor

CALENDARS = Matter("calendar", "工作日历", e.CalendarProposed, e.CalendarPublished, UnknownCalendar)


def propose_calendar(journal: Journal, *, content: Any, by: Actor, command_id: UUID) -> e.CalendarProposed:
    """Lay a whole calendar before the others, not in force. CalendarUnfit names all that is wrong with it."""
    _refuse_unfit(content)
    return CALENDARS.propose(journal, CALENDAR, content, by, command_id)


def publish_calendar(journal: Journal, *, content_hash: str, by: Actor, command_id: UUID) -> e.CalendarPublished:
    """Put a proposed calendar into force: for every deadline counted from now on; open ones are counted anew after.

    NotAllowed for its author (S9), UnknownCalendar for a version that does not wait, CalendarUnfit where the lint finds
    errors or years of the calendar in force would be lost.
    """

    def sound(content: Content) -> None:
        _refuse_unfit(content)
        _refuse(faults_against(content, calendar_content_in_force(journal)))

    return CALENDARS.publish(journal, CALENDAR, content_hash, sound, by, command_id)


def calendar_content_in_force(journal: Journal) -> Content:
    """Return the content of the calendar in force; of what ships where none was published."""
    last = CALENDARS.last_published(journal, CALENDAR)
    return journal.content(last) if last else shipped_content()


def waiting_calendars(journal: Journal) -> tuple[e.Recorded, ...]:
    """Return the proposals that wait for another's confirmation, oldest first."""
    waiting: dict[str, e.Recorded] = {}
    for recorded in CALENDARS.versions(journal, CALENDAR):
        fact = recorded.fact
        if isinstance(fact, e.CalendarProposed):
            waiting.setdefault(fact.content_hash, recorded)
        elif isinstance(fact, e.CalendarPublished):
            waiting.pop(fact.content_hash, None)
    return tuple(waiting.values())


def _refuse_unfit(content: Any) -> None:
    check_form(content)
    _refuse(forbidding(lint(content)))


def _refuse(faults: tuple[Any, ...]) -> None:
    if faults:
        listed = "；".join(f"{fault.rule} {fault.sentence}".rstrip("。") for fault in faults[:3])
        said = f"工作日历有{len(faults)}处错误，不能提出或发布：{listed}。"
        raise CalendarUnfit(said, problems=tuple(fault.sentence for fault in faults))
