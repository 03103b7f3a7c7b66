"""Where a table goes next: the nodes that open, through nodes passed over, or straight back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Dict, List, Set, Tuple

from workflows.ledger.verifier.events.amounts import amount
from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import derived
from workflows.ledger.verifier.judge.desks import Todo
from workflows.ledger.verifier.judge.judge import Judge
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.law.definitions import Node
from workflows.ledger.verifier.law.stages import LINE, REVIEWS


def entering(table: Table, event: Event, node: Node, round_: int, window: str = "", person: Any = None) -> Tuple[str, Dict[str, Any]]:
    """Return the fact that a node receives the table; several signers' tasks are checked as they are opened."""
    key = f"{node.name}:{window}" if window else node.name
    if node.shared:
        return "node.shared", {"node": key, "stage": node.stage, "round": round_, "level": node.level}
    return "node.entered", {
        "node": key, "stage": node.stage, "round": round_, "task": derived(table.id, f"{key}#{event.command}"), "role": node.role,
        "organ": getattr(table, node.of), "level": node.level, "person": table.owner if node.role == "clerk" else person,
    }  # fmt: skip


def onwards(judge: Judge, table: Table, event: Event, node: str) -> Todo:
    """What a pass leads to: straight back after a return with 直达, else the next nodes of this stage or of a later one."""
    done = table.done(table.stage) | {node}
    if table.returned is not None and keeps_the_promise(judge, table, event, node):
        return straight_back(judge, table, event, done, table.round, table.content_hash)
    others = {desk.node for desk in table.desks if desk.node != node}
    return way_on(judge, table, event, table.stage, done, others, table.round, table.content_hash)


def keeps_the_promise(judge: Judge, table: Table, event: Event, node: str) -> bool:
    """Whether a node that was returned to with 直达 lets the table go straight back: the same content, conditions as before."""
    returned = table.returned or {}
    passed = set(returned["done"]) - {node} - {name for each in REVIEWS for name in table.done(each)}
    return (returned["to"], returned["content_hash"]) == (node, table.content_hash) and answers_hold(judge, table, event, passed, table.content_hash)


def answers_hold(judge: Judge, table: Table, event: Event, passed: Set[str], content_hash: str) -> bool:
    """Whether every node that a straight way passes over would open, or not, as when the table came there last."""
    weighed = [(node.name, node.when) for node in judge.definition(table).nodes if node.when is not None and node.name in passed]
    now = inputs_of(judge, table, content_hash, event) if weighed else {}
    return all(when.holds(now) == table.answers.get(name) for name, when in weighed)


def way_on(judge: Judge, table: Table, event: Event, stage: str, done: Set[str], others: Set[str], round_: int, content_hash: str) -> Todo:
    """What follows where `done` need no visit: the nodes that open, through passed-over ones and stages; conditions are told."""
    chain = judge.definition(table)
    passed: List[str] = []
    entered: List[Node] = []
    inputs = inputs_of(judge, table, content_hash, event) if chain.conditional else {}
    while stage in REVIEWS:
        entered, skipped = chain.opening(stage, done, inputs)
        passed += [each.name for each in skipped]
        done = done | set(passed)
        if entered or any(each.name not in done for each in chain.of(stage)):
            break
        stage = LINE[LINE.index(stage) + 1]
    entered = [each for each in entered if each.name not in others]
    todo = [entering(table, event, each, round_) for each in entered]
    if passed or any(each.when is not None for each in entered):
        todo.insert(0, ("route.chosen", {"round": round_, "stage": stage, "inputs": as_recorded(inputs), "passed_over": passed}))
    return todo


def inputs_of(judge: Judge, table: Table, content_hash: str, event: Event) -> Dict[str, Any]:
    """Return what conditions are asked of: the table's values and those of its content."""
    sheet = judge.sheet(content_hash, event)
    total = None if "，" in str(sheet.budget) else amount(sheet.budget or "")
    return {
        "金额": total / 10_000 if total is not None and sheet.unit == "元" else total, "属性": str(sheet.attribute or ""),
        "年度": table.year, "文种": table.family, "类别": table.scope, "重点": sheet.key or bool(table.key_by), "公开": sheet.disclosure or "",
    }  # fmt: skip


def straight_back(judge: Judge, table: Table, event: Event, done: Set[str], round_: int, content_hash: str) -> Todo:
    """What the answer to a return with 直达 leads to: whoever returned it, and what waited beside, over what was complete."""
    chain, returned = judge.definition(table), table.returned or {}
    back = chain.named(returned["node"])
    inputs = inputs_of(judge, table, content_hash, event) if chain.conditional else {}
    beside, _ = chain.opening(back.stage, done.union(returned["done"]), inputs)
    by = judge.posts.still(returned["by"], back.role, getattr(table, back.of))
    standing = {name for each in REVIEWS for name in table.done(each)} if done else set()
    return [
        ("route.shortened", {"round": round_, "to": back.name, "passed_over": sorted(set(returned["done"]) - done - standing)}),
        entering(table, event, back, round_, person=by),
        *(entering(table, event, each, round_) for each in beside if each != back),
    ]  # fmt: skip


def as_recorded(inputs: Dict[str, Any]) -> List[Dict[str, Any]]:
    """Return the values of conditions as an event names them: by name, amounts as text."""
    return [{"name": name, "value": str(value) if isinstance(value, Decimal) else value} for name, value in sorted(inputs.items())]
