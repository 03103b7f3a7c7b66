"""What people asked of each other about a table: opinions, extensions, copies for information, a pause; values only."""

from dataclasses import dataclass

OPINION, EXTENSION = "opinion", "extension"


@dataclass(frozen=True)
class Inquiry:
    """An opinion or an extension asked for by the holder of a task: of whom, by when or until when, and the answer.

    `to` is "" for an extension, which whoever leads the next level answers; `until` is a date; `state` is "open",
    "given", "granted" or "refused".
    """

    id: str
    kind: str
    task: str
    by: str
    to: str
    words: str
    until: str
    state: str = "open"
    answer: str = ""


@dataclass(frozen=True)
class Copy:
    """One person's copy of the table, sent for information; `read_at` is UTC ISO, "" while unread.

    From `read_due` (UTC ISO) on it counts as read though nobody opened it, by `read_by_rule`; "" where nothing says so.
    """

    copy: str
    person: str
    by: str
    read_at: str = ""
    read_due: str = ""
    read_by_rule: str = ""


@dataclass(frozen=True)
class Suspension:
    """A pause of the table: since when (UTC ISO), until which date, by whom and why."""

    since: str
    until: str
    by: str
    why: str
