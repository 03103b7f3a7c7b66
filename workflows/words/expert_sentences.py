"""Sentences and notices of experts from outside: who was asked until when, who is excluded, who scored what."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.addressees import Addressee, Notice, named
from workflows.events import Recorded
from workflows.folds.replay import Table
from workflows.vocabulary import Grade

Told = tuple[Notice, ...]


def _declared(fact: Any) -> str:
    return f"声明有须回避的情形，不参加评审，情形：{fact.reason}" if fact.related else "声明没有须回避的情形"


def _scored(fact: Any) -> str:
    opinion = f"，评审意见：{fact.opinion}" if fact.opinion else ""
    return f"专家评分{fact.total}分（{Grade(fact.grade).chinese if fact.grade in set(Grade) else fact.grade}）{opinion}"


SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "expert.assigned": lambda f: f"请专家{f.name}评审，{f.until}前反馈",
    "expert.declared": _declared,
    "expert.scored": _scored,
}


def _asked(recorded: Recorded, _before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    text = f"请您评审{named(after)}，截止{fact.until}。请在“专家评审”页先声明回避情况，再评分。"
    return (Notice(Addressee(fact.person), recorded.kind, f"请评审：{named(after)}", text),)


def _came(recorded: Recorded, before: Table, after: Table) -> Told:
    """Tell whoever asked, without the expert's name: it stands on the page of those who may see it."""
    fact: Any = recorded.fact
    mine = next((each for each in before.experts if each.assignment == fact.assignment), None)
    if mine is None:
        return ()
    if recorded.kind == "expert.scored":
        said = "一名专家已评分"
    elif fact.related:
        said = "一名专家声明回避，可另请专家"
    else:
        return ()
    return (Notice(Addressee(mine.by), recorded.kind, f"专家评审：{named(after)}", f"{named(after)}：{said}。"),)


RULES: Mapping[str, Callable[[Recorded, Table, Table], Told]] = {
    "expert.assigned": _asked,
    "expert.declared": _came,
    "expert.scored": _came,
}
