"""The invariants of domain.md 15, checked on a table's history by code that shares nothing with the fold."""

import json
from collections import Counter

from workflows.events import CLOSES_ITS_TASK, load
from workflows.folds.replay import Table, from_json, replay, to_json
from workflows.ledger.canonical import canonical
from workflows.vocabulary import ENDED, Stage


def check_table(table: Table, history, news=None) -> None:
    """Assert INV1-3, 4, 7-9, 18 for one table against its recorded events; `news` are those not loaded before."""
    rebuilt = replay(table.id, history)
    assert rebuilt == table, "INV1"
    assert from_json(to_json(table)) == table, "INV1: the snapshot is the state"
    assert [each.version for each in history] == list(range(1, len(history) + 1)), "INV2"
    check_desks(table)
    check_in_force(table, history)
    check_tasks(table, history)
    check_decisions(history)
    check_grades(history)
    for each in history if news is None else news:
        fact = each.fact
        assert load(fact.kind, fact.shape, json.loads(canonical(fact.data()))) == fact, "INV18"


def check_in_force(table: Table, history) -> None:
    """INV11: the version in force is that of the reply, or of the last correction that two persons agreed to."""
    told = [each.fact.content_hash for each in history if each.kind in ("table.replied", "correction.applied")]
    assert table.in_force == (told[-1] if told else None), "INV11"


def check_desks(table: Table) -> None:
    if table.stage in ENDED:
        assert table.desks == (), "INV3: no task is open in an ended table"
    elif table.stage != Stage.MONITORING:
        assert table.desks, "INV3: somebody holds the table"
    assert {desk.stage for desk in table.desks} <= {table.stage}, "INV3: all desks lie in the stage"
    assert len({desk.task for desk in table.desks}) == len(table.desks), "INV3"


def check_tasks(table: Table, history) -> None:
    opened = [each.fact.task for each in history if each.kind == "node.entered"]
    opened += [task["task"] for each in history if each.kind == "node.shared" for task in each.fact.tasks]
    opened += [each.fact.task for each in history if each.kind == "task.signer_added"]
    opened += [task["task"] for each in history if each.kind == "task.recalled" for task in each.fact.reopened]
    closed = Counter(each.fact.task for each in history if each.kind in CLOSES_ITS_TASK)
    assert len(set(opened)) == len(opened), "INV4: a task is opened once"
    still_open = {desk.task for desk in table.desks}
    assert closed == Counter(task for task in opened if task not in still_open), "INV4"


def check_grades(history) -> None:
    """INV10: no node is completed while a form of this content says 中 or 差; only a return takes a form away."""
    forms = {}
    for each in history:
        fact = each.fact
        if each.kind == "review.scored":
            forms[fact.node, each.actor_id] = fact.grade
        elif each.kind == "table.submitted":
            forms = {}
        elif each.kind in ("table.returned", "admin.intervened"):
            gone = {fact.node, *(fact.overtaken or [])}
            forms = {key: grade for key, grade in forms.items() if key[0] not in gone}
        elif each.kind == "amendment.confirmed":
            forms = {key: grade for key, grade in forms.items() if key[0] == fact.node}
        elif each.kind == "node.completed":
            low = [key for key, grade in forms.items() if key[0] == fact.node and grade in ("fair", "poor")]
            assert low == [], "INV10"


def check_decisions(history) -> None:
    """INV7-9: who decided had not filed, was on one level of the round, and decided on the content of that moment."""
    authors, levels, content, stage = set(), {}, None, Stage.DRAFT
    for each in history:
        fact = each.fact
        if each.kind == "table.imported":
            authors.add(each.actor_id)
        elif each.kind == "table.submitted":
            assert stage == Stage.DRAFT, "INV9: content changes in drafting alone"
            authors |= {each.actor_id, *fact.editors}
            content, levels = fact.content_hash, {}
        elif each.kind in ("node.entered", "node.shared"):
            stage = Stage(fact.stage)
        elif each.kind == "amendment.confirmed":
            assert fact.base == content, "INV9: what is completed is the content that lay before everybody"
            content = fact.content_hash
        elif each.kind == "task.decided":
            assert fact.content_hash == content, "INV8"
            for who in {each.actor_id, each.behalf.id if each.behalf else each.actor_id}:
                assert who not in authors, "INV7: nobody decides on what he filed, nor is it decided for him"
                levels.setdefault(who, set()).add(fact.level)
        elif each.kind == "table.replied":
            assert fact.content_hash == content, "INV11: what was decided comes into force"
    assert all(len(held) == 1 for held in levels.values()), "INV7: one person, one level of a round"
