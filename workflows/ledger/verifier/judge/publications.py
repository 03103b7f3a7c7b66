"""Definitions, packs, calendars and words: proposed by one person, published by another."""

from __future__ import annotations

import datetime as dt
from typing import Any, Dict

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import PEOPLE, TRACES, derived
from workflows.ledger.verifier.judge.judge import Beside, Judge
from workflows.ledger.verifier.judge.seats import check_post
from workflows.ledger.verifier.law.work_calendar import WorkCalendar


def judge_publication(judge: Judge, event: Event) -> None:
    """A definition or a rule pack is published on the stream of its name, under four eyes (S9).

    Unproposed it is only where a table's beginning records what ships: a chain as the first under its name.
    """
    subject, name = event.place.subject, event.data["name"]
    if event.stream != derived(PEOPLE, f"{subject}:{name}"):
        judge.blame("steps", "value", event, "stream", event.stream, "the stream of its name")
    content = judge.contents.of(event.data["content_hash"])
    if not isinstance(content, dict) or content.get("name") != name:
        judge.blame("contents", "content", event, "data.name", name, "the content's name")
    if event.person != "system":
        check_post(judge, event)
    if event.kind in ("definition.proposed", "rule_pack.proposed", "calendar.proposed", "template.proposed"):
        if event.role != "process_admin" or event.data["by"] != event.person:
            judge.blame("posts", "person", event, "actor.role", event.role, "process_admin")
        judge.proposers.setdefault(event.data["content_hash"], set()).add(event.person)
        return
    authors = judge.proposers.pop(event.data["content_hash"], set())
    founding = event.role != "process_admin" and (subject != "definition" or name not in judge.founded) and subject != "template"
    if event.person in authors or not (authors or founding or not judge.bundle.whole):
        judge.blame("segregation", "S9", event, "actor.id", event.person)
    judge.founded.add(name if subject == "definition" else "")
    judge.published.add(event.data["content_hash"])
    if event.kind == "calendar.published":
        calendar_comes(judge, event, content)
    if event.kind == "template.published":
        words_come(judge, event, content)


def words_come(judge: Judge, event: Event, content: Any) -> None:
    """A notice's own words come into force: a subject and a text, or that the shipped ones come back."""
    if not isinstance(content, dict):
        return
    own = set(content) == {"format", "name", "subject", "text"} and all(isinstance(content[each], str) and content[each].strip() for each in ("subject", "text"))
    if not own and not (set(content) == {"format", "name", "shipped"} and content["shipped"] is True):
        judge.blame("contents", "content", event, "data.content_hash", event.data["content_hash"], "words")


def judge_resent(judge: Judge, event: Event) -> None:
    """A notice goes out again on its own stream, by a system administrator or by the person whom it is for."""
    data = event.data
    check_post(judge, event)
    if event.stream != data["notice"] or data["again"] == data["notice"]:
        judge.blame("steps", "value", event, "data.notice", data["notice"], event.stream)
    if event.role != "system_admin" and event.person != data["receiver"]:
        judge.blame("posts", "person", event, "actor.role", event.role, "system_admin")


def judge_mobile_changed(judge: Judge, event: Event) -> None:
    """Whoever gives, changes or takes away a mobile number does so for himself, on his stream; the number itself is nowhere."""
    data = event.data
    if event.stream != derived(TRACES, data["person"]):
        judge.blame("steps", "value", event, "stream", event.stream, "the stream of the person's traces")
    if event.person != data["person"]:
        judge.blame("posts", "person", event, "data.person", data["person"], event.person)
    if data["change"] not in ("set", "changed", "removed"):
        judge.blame("steps", "value", event, "data.change", data["change"], "set")


def calendar_comes(judge: Judge, event: Event, content: Any) -> None:
    """A calendar comes into force: each day lies in its year, none is off and worked, who makes up does so at a weekend."""
    version = event.data["content_hash"]
    if event.role != "process_admin":
        judge.blame("posts", "person", event, "actor.role", event.role, "process_admin")
    try:
        for each in (*content["years"], *content["local"]):
            off, made_up = set(each["days_off"]), set(each["make_up_days"])
            wrong = [day for day in sorted(off | made_up) if dt.date.fromisoformat(day).year != each["year"]]
            wrong += [day for day in sorted(made_up) if dt.date.fromisoformat(day).weekday() < 5 or day in off]
            if wrong:
                judge.blame("contents", "content", event, "data.content_hash", wrong[0], "a sound calendar")
        judge.calendars[version] = WorkCalendar(content)
    except (KeyError, TypeError, ValueError, AttributeError) as wrong_form:
        judge.blame("contents", "content", event, "data.content_hash", str(wrong_form), "a calendar")
    judge.calendar_now = version


PUBLICATIONS_BESIDE: Dict[str, Beside] = {
    "definition.proposed": judge_publication,
    "definition.published": judge_publication,
    "rule_pack.proposed": judge_publication,
    "rule_pack.published": judge_publication,
    "calendar.proposed": judge_publication,
    "calendar.published": judge_publication,
    "template.proposed": judge_publication,
    "template.published": judge_publication,
    "notice.resent": judge_resent,
    "account.mobile_changed": judge_mobile_changed,
}
