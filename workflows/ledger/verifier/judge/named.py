"""What an event names at its table: a task, a window, a comment, a file."""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import derived
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.evidence.moments import beijing_day
from workflows.ledger.verifier.judge.desks import Desk, Window
from workflows.ledger.verifier.judge.expecting import expect
from workflows.ledger.verifier.judge.judge import Judge
from workflows.ledger.verifier.judge.table import Table


def check_none_open(table: Table, event: Event) -> None:
    """Some steps wait until the open revision is over."""
    if table.revision:
        raise Broken("step", "kind", event.kind, f"revision {table.revision}")


def window_named(table: Table, event: Event, *states: str) -> Window:
    """Return the table's own window that the event names, if it is in one of these states."""
    window = table.window(event.data["window"])
    if window is None or window.state not in states:
        raise Broken("step", "data.window", event.data["window"], window.state if window else "?")
    return window


def at_its_desk(table: Table, event: Event, desk: Optional[Desk], node: str) -> None:
    """The event names this desk and its task."""
    if desk is None or desk.node != node:
        raise Broken("step", "data.node", event.data["node"], node)
    expect(event, {"task": desk.task})


def entering_beside(table: Table, event: Event, node: str, stage: str, who: Tuple[str, str, str], person: Any = None) -> Tuple[str, Dict[str, Any]]:
    """Return the fact that a desk that stands beside every definition receives the table."""
    role, organ, level = who
    return "node.entered", {
        "node": node, "stage": stage, "round": table.round, "task": derived(table.id, f"{node}#{event.command}"), "role": role,
        "organ": organ, "level": level, "person": person,
    }  # fmt: skip


def appraisal_named(table: Table, event: Event) -> Dict[str, Any]:
    """Return the table's appraisal, if it is the one that the event names."""
    if table.appraisal is None or table.appraisal["appraisal"] != event.data["appraisal"]:
        raise Broken("step", "data.appraisal", event.data["appraisal"], "appraisal.filed")
    return table.appraisal


def recommendation_named(table: Table, event: Event, state: str) -> Dict[str, Any]:
    """Return the recommendation that an event answers, in the state that it has to be in."""
    key = event.data["recommendation"]
    found = next((each for each in table.recommendations if each["recommendation"] == key and each["state"] == state), None)
    if found is None:
        raise Broken("step", "data.recommendation", key, state)
    return found


def mending_named(table: Table, key: Any) -> Dict[str, Any]:
    """Return the rectification of that key."""
    found = next((each for each in table.rectifications if each["rectification"] == key), None)
    if found is None:
        raise Broken("step", "data.rectification", key, " ".join(each["rectification"] for each in table.rectifications))
    return found


def day_to_come(judge: Judge, event: Event) -> None:
    """The day by which something is asked for lies ahead."""
    if not beijing_day(event.at) < str(event.data["deadline"]):
        judge.blame("steps", "value", event, "data.deadline", event.data["deadline"], f"> {beijing_day(event.at)}")


def attachment_named(table: Table, event: Event) -> Dict[str, Any]:
    """Return the file that the event names."""
    found = next((each for each in table.attachments if each["attachment"] == event.data["attachment"]), None)
    if found is None:
        raise Broken("step", "data.attachment", event.data["attachment"], "an attachment of the table")
    return found


def task_named(table: Table, event: Event) -> Desk:
    """Return the open task that an event names, with its node and round."""
    desk = table.task(event.data["task"])
    if desk is None:
        raise Broken("step", "data.task", event.data["task"], "an open task")
    expect(event, {"node": desk.node, **({"round": desk.round} if "round" in event.data else {})})
    return desk


def reviewing(event: Event, desk: Desk) -> None:
    """Filing is done by the clerk in charge alone: such a task is not passed on."""
    if desk.level == "filing":
        raise Broken("step", "data.task", desk.task, "a reviewing task")


def check_goes_on(table: Table, event: Event) -> None:
    """While a project is paused nothing more is asked of its monitoring, and it is not paused again."""
    if table.pauses and not table.pauses[-1]["until"]:
        raise Broken("step", "kind", event.kind, "project.resumed")


def comment_named(table: Table, event: Event) -> Dict[str, Any]:
    """Return the open comment that the event names."""
    found = next((each for each in table.threads if each["thread"] == event.data["thread"] and not each["resolved"]), None)
    if found is None:
        raise Broken("step", "data.thread", event.data["thread"], "an open comment")
    return found
