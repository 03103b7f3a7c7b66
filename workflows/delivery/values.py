"""What the placeholders of a notice stand for: taken from the event, its table and the words that ship."""

from collections.abc import Mapping
from typing import Any

from workflows.addressees import Notice, desk_title, due_day, named, said_of
from workflows.delivery.wording import LINK
from workflows.events import Recorded
from workflows.folds.replay import Desk, Table
from workflows.vocabulary import Stage

SAID = ("reason", "note", "question", "problem", "words")
"""Fields of events that a notice's words may repeat; which notice may is said in the catalogue."""


def values_of_event(recorded: Recorded, before: Table, after: Table) -> dict[str, str]:
    """Return the values of an event of a table."""
    fact: Any = recorded.fact
    desk = _desk(fact, after) or _desk(fact, before)
    said = next((str(getattr(fact, name)) for name in SAID if getattr(fact, name, "")), "")
    until = str(getattr(fact, "until", None) or getattr(fact, "deadline", None) or (due_day(desk) if desk else ""))
    place = desk_title(desk) if desk else _stage(fact) or after.stage.chinese
    return values_of_table(after) | {"环节": place, "期限": until, "理由": said, "办理人": recorded.signer}


def values_of_desk(table: Table, desk: Desk) -> dict[str, str]:
    """Return the values of a reminder about an open task."""
    return values_of_table(table) | said_of(desk)


def values_of_table(table: Table) -> dict[str, str]:
    """Return what is known of every table."""
    return {"表名": named(table), "年度": str(table.year), "文号": table.doc_no or ""}


def values_of(notice: Notice, known: Mapping[str, str]) -> dict[str, str]:
    """Return all values of one notice: what is known, what it says itself, its shipped words, the place of its link."""
    values = {**known, **notice.said, "原题": notice.subject, "原文": notice.text}
    return {name: said.replace(LINK, "") for name, said in values.items()} | {"链接": LINK}


def _desk(fact: Any, table: Table) -> Desk | None:
    task = getattr(fact, "task", None)
    found = table.task(task) if isinstance(task, str) else None
    node = getattr(fact, "node", None)
    return found or (table.desk(node) if isinstance(node, str) else None)


def _stage(fact: Any) -> str:
    to = getattr(fact, "to", None)
    return Stage(to).chinese if to in set(Stage) else ""
