"""Who is told when a rung of a ladder comes: those whom the event names, each by name."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from workflows.addressees import Addressee, Notice, desk_title, named
from workflows.definitions.ladders import Deed
from workflows.events import Recorded
from workflows.folds.replay import Table
from workflows.workdays import beijing_date


def _escalated(recorded: Recorded, _before: Table, after: Table) -> tuple[Notice, ...]:
    fact: Any = recorded.fact
    desk = after.task(fact.task)
    if desk is None:
        return ()
    again = f".{desk.clock}" if desk.clock else ""
    day = beijing_date(datetime.fromisoformat(fact.due_at)).isoformat()
    handed = "您可以直接办理，也可以督促办理人；谁先办谁算。"
    then = handed if fact.do == Deed.HAND else "请督促办理人；您可以查看此表。"
    subject = f"{Deed(fact.do).chinese}：{named(after)}"
    text = f"{named(after)}的{desk_title(desk)}期限为{day}，至今没有办理。{then}（规则 {fact.rule}）"
    template = f"{recorded.kind}.{fact.do}.{fact.rung}{again}"
    said = {"期限": day, "升级方式": Deed(fact.do).chinese, "要求": then, "规则": fact.rule}
    return tuple(Notice(Addressee(each["person"]), template, subject, text, said) for each in fact.people)


RULES: Mapping[str, Callable[[Recorded, Table, Table], tuple[Notice, ...]]] = {"task.escalated": _escalated}
"""Part of workflows.words.notices.RULES."""
