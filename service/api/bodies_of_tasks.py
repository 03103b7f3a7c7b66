"""What callers send about one task and to one another: hand over, delegate, add signers, ask, copy, urge, put off."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from service.api.bodies import Body, File, Text, WithOpinion, WithReason, Word
from workflows.vocabulary import Outcome, Stage

Pointer = Annotated[str, Field(pattern="^/", max_length=200)]


class OneTask(Body):
    """Which task of the table."""

    task: Word


class TaskWithReason(WithReason):
    """A task, and why."""

    task: Word


class TaskLetGo(OneTask):
    """A claimed task given back, with a reason if there is one."""

    reason: Text = ""


class TaskForSomebody(TaskWithReason):
    """A task, the colleague (person ID) to whom it goes, and why."""

    person: Word


class TaskAnswer(OneTask):
    """One's opinion on a delegated task."""

    opinion: Text


class NewSigner(TaskForSomebody):
    """One more signer: before one's own task, after it, or beside it."""

    how: Literal["before", "after", "parallel"]


class Question(OneTask):
    """A question to a colleague who may read the table."""

    person: Word
    question: Text
    answer_by: date | None = None


class QuestionAnswer(Body):
    """The opinion one was asked for."""

    request: Word
    opinion: Text


class Copy(Body):
    """Colleagues (person IDs) who receive a copy."""

    people: list[Word] = Field(min_length=1, max_length=50)
    note: Text = ""


class Urgency(OneTask):
    """A reminder to those who hold a task."""

    note: Text = ""


class MoreTime(TaskWithReason):
    """Until when a task should be due, and why."""

    until: date


class TimeGranted(WithOpinion):
    """Which request for more time is granted."""

    request: Word


class TimeRefused(WithReason):
    """Which request for more time is refused, and why."""

    request: Word


class Pause(WithReason):
    """Until when the table rests, and why."""

    until: date


class Resumption(Body):
    """A table goes on, with a reason if there is one."""

    reason: Text = ""


class Correction(WithReason):
    """What single fields of the content in force shall read, by JSON pointer."""

    values: dict[Pointer, Text] = Field(min_length=1, max_length=50)


class Intervention(WithReason):
    """A stuck node: entered anew, or with `to_node` the table goes back to that earlier one."""

    node: Word
    to_node: Word | None = None


class OnPaper(Body):
    """A decision taken on paper with its scan; it counts once a second person confirms it."""

    task: Word
    leader: Word
    signed_on: date
    outcome: Outcome
    scan_name: Word
    scan: File
    opinion: Text = ""
    to: Stage | None = None

