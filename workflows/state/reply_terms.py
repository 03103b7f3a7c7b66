"""批复时限 as values: until when a reply is due, passed on and disclosed, in calendar days, and how it turned out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from workflows.vocabulary import Word
from workflows.workdays import add_workdays


class Term(Word):
    """How a term stands on a day: still running, run out, or ended by the deed in time or late."""

    RUNNING = "running", "办理中", "running"
    OVERDUE = "overdue", "已超期", "overdue"
    IN_TIME = "in_time", "按期", "done in time"
    LATE = "late", "逾期办理", "done late"
    NONE = "none", "无期限", "no term"


@dataclass(frozen=True)
class Replied:
    """The newest reply to a table: its document, its Beijing day, and the last days (ISO) for what follows.

    `pass_on_due` is empty where the unit is the department itself or the pinned pack knows no such term. Once the
    department's finance office has passed the reply on, `passed_on` is the day, under `doc_no` in `document`.
    The reply to a revision (`revision`, from 1) is passed on like the first one, whose day stays as `first_on`; its
    document is the revision's own stream.
    """

    reply: str
    on: str
    pass_on_due: str = ""
    disclose_due: str = ""
    passed_on: str = ""
    doc_no: str = ""
    document: str = ""
    first_on: str = ""
    revision: int = 0

    @property
    def began(self) -> str:
        """Return the day of the first reply, from which disclosure and finance's own term count."""
        return self.first_on or self.on

    @property
    def waits(self) -> bool:
        """Whether the department still owes its unit the reply, with a term."""
        return bool(self.pass_on_due and not self.passed_on)


@dataclass(frozen=True)
class Tally:
    """Of how many terms how many were kept, missed, run still, or ran out with nothing done."""

    in_time: int = 0
    late: int = 0
    running: int = 0
    overdue: int = 0

    @property
    def total(self) -> int:
        """Return how many terms there are."""
        return self.in_time + self.late + self.running + self.overdue


def last_day(start: date, days: int, *, next_workday: bool) -> date:
    """Return the last calendar day of a term; a rest day moves it to the next working day only where `next_workday`."""
    end = start + timedelta(days=days)
    return add_workdays(end, 0).date if next_workday else end


def term(due: str, done: str, today: str) -> Term:
    """Return how a term stands; days are ISO texts, empty where there is none."""
    if not due:
        return Term.NONE
    if done:
        return Term.IN_TIME if done <= due else Term.LATE
    return Term.RUNNING if today <= due else Term.OVERDUE


def tally(terms: Iterable[Term]) -> Tally:
    """Count terms; those without a due day are left out."""
    found = list(terms)
    return Tally(*(found.count(each) for each in (Term.IN_TIME, Term.LATE, Term.RUNNING, Term.OVERDUE)))
