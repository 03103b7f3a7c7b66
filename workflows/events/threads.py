"""Facts of comments on a place of a table (批注): opened and resolved by reviewers, answered by the unit."""

from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class ThreadOpened(Event):
    """A reviewer commented on a place: its JSON pointer (rows by their stable ID), coded by a review criterion.

    `row` is the indicator row's ID, empty for another place; `level` is that of the desk where the reviewer sat.
    """

    kind = "thread.opened"
    erasable = ("words",)
    thread: str
    node: str
    round: int
    level: str
    pointer: str
    row: str
    criterion: str
    content_hash: str
    words: str


@dataclass(frozen=True)
class ThreadAnswered(Event):
    """The unit answered a comment."""

    kind = "thread.answered"
    erasable = ("words",)
    thread: str
    words: str


@dataclass(frozen=True)
class ThreadResolved(Event):
    """A reviewer of the level that commented laid the comment aside."""

    kind = "thread.resolved"
    erasable = ("opinion",)
    thread: str
    opinion: str
