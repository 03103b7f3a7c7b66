"""Where a table goes next: on along its chain, weighing conditions, or straight back to whom it was returned from."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from workflows import events as e
from workflows.commands.recipe import Work
from workflows.content.goal_table import amount_in_wan
from workflows.definitions import Chain, Node, Opening
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.state.standing import Returned
from workflows.vocabulary import MAIN_LINE, REVIEW_STAGES, Stage

Inputs = Mapping[str, Any]


def onwards(work: Work, node: str) -> tuple[e.Event, ...]:
    """Return what follows a node's completion: its stage goes on, waits for its other nodes, or gives way."""
    table = work.table
    if table.returned and node in _aims(work) and keeps_the_promise(work, table.returned, node):
        return straight_back(work, round=table.round, done=table.done_in(table.stage) | {node})
    others = {desk.node for desk in table.desks if desk.node != node}
    return entering_from(work, table.stage, table.done_in(table.stage) | {node}, others, round=table.round)


def entering_from(
    work: Work, stage: Stage, done: Collection[str] = (), others: Collection[str] = (), *, round: int,  # noqa: A002
    inputs: Inputs | None = None,
) -> tuple[e.Event, ...]:  # fmt: skip
    """Return the facts of the nodes that open in a stage, or, where nothing of it is left to do, in the next one.

    `done` are the stage's nodes that need no visit any more, `others` those that hold the table now; conditions are
    weighed with `inputs`, by default those of the recorded content.
    """
    opening, passed, finished = Opening((), ()), [], set(done)
    inputs = inputs_of(work) if inputs is None else inputs
    while stage in REVIEW_STAGES:
        opening = work.chain.opening(stage, finished, inputs)
        passed += [each.node for each in opening.skipped]
        finished |= {each.node for each in opening.skipped}
        if opening.entered or not work.chain.finished(stage, finished):
            break
        stage = MAIN_LINE[MAIN_LINE.index(stage) + 1]
    entered = [each for each in opening.entered if each.node not in others]
    weighed = passed or any(each.when for each in entered)
    chosen = (e.RouteChosen(round, stage, _as_values(inputs), tuple(passed)),) if weighed else ()
    return (*chosen, *(work.entering(each, round=round) for each in entered))


def straight_back(
    work: Work, *, round: int, done: Collection[str], inputs: Inputs | None = None  # noqa: A002
) -> tuple[e.Event, ...]:
    """Return the facts of a table that comes back directly: to who returned it, and to those it left waiting there."""
    returned = work.table.returned
    if returned is None:
        return ()
    back = work.chain.node(returned.node)
    finished = {*returned.done, *done}
    opening = work.chain.opening(back.stage, finished, inputs_of(work) if inputs is None else inputs)
    entered = [each for each in opening.entered if each != back]
    by = returned.by if any(each.id == returned.by for each in _holders(work, back.node)) else None
    standing = {node for stage in REVIEW_STAGES for node in work.table.done_in(stage)} if done else set()
    passed = tuple(sorted(set(returned.done) - set(done) - standing))
    return (
        e.RouteShortened(round, back.node, passed),
        work.entering(back, round=round, person=by),
        *(work.entering(each, round=round) for each in entered),
    )


def keeps_the_promise(work: Work, returned: Returned, node: str) -> bool:
    """Whether the node that a return went to may still let the table go straight back.

    Not where it was completed meanwhile (直接完善), nor where a condition of a node passed over answers otherwise.
    """
    table = work.table
    passed = set(returned.done) - {node} - {each for stage in REVIEW_STAGES for each in table.done_in(stage)}
    same = (returned.to, returned.content_hash) == (node, table.content_hash)
    return same and not answering_otherwise(work.journal, work.chain, table, passed, inputs_of(work))


def answering_otherwise(
    journal: Journal, chain: Chain, table: Table, passed: Collection[str], now: Inputs
) -> tuple[Node, ...]:  # fmt: skip
    """Return the nodes to be passed over whose condition answers otherwise than when it was weighed last.

    The answers then are those of the log, not of the content: scoring may have made the table 重点 since.
    """
    conditional = [node for node in chain.review_nodes() if node.when and node.node in passed]
    said = _answers(journal.history(table.id)) if conditional else {}
    return tuple(node for node in conditional if node.opens_for(now) != said.get(node.node))


def _answers(history: Iterable[e.Recorded]) -> dict[str, bool]:
    """Return of every node whether it was entered when the table came there last, or passed over by its condition."""
    said: dict[str, bool] = {}
    for fact in (recorded.fact for recorded in history):
        if isinstance(fact, e.RouteChosen):
            said |= dict.fromkeys(fact.passed_over, False)
        elif isinstance(fact, e.NodeEntered | e.NodeShared):
            said[fact.node] = True
    return said


def inputs_of(work: Work) -> Inputs:
    """Return what conditions are weighed with; nothing is read for a chain that has none."""
    if not any(node.when for node in work.chain.nodes):
        return {}
    return inputs_from(work.table, work.journal.content(work.table.content_hash))


def inputs_from(table: Table, content: Mapping[str, Any]) -> Inputs:
    """Return the values behind the names of a condition: 金额 in 万元 (None where unknown), 属性, 年度, 文种 …."""
    return {
        "金额": amount_in_wan(content), "属性": str(content.get("attribute") or ""), "年度": table.year,
        "文种": table.family, "类别": table.scope, "重点": bool(content.get("key_project") or table.key_by),
        "公开": content.get("disclosure") or "",
    }  # fmt: skip


def _as_values(inputs: Inputs) -> tuple[dict[str, str | bool | int | None], ...]:
    return tuple(
        {"name": name, "value": str(value) if isinstance(value, Decimal) else value}
        for name, value in sorted(inputs.items())
    )


def _aims(work: Work) -> Collection[str]:
    """Return the nodes at which a direct return waits for its answer: those that hold the table now."""
    return {desk.node for desk in work.table.desks}


def _holders(work: Work, node: str) -> tuple[Any, ...]:
    found = work.chain.node(node)
    return work.journal.holders(found.role, getattr(work.table, found.of))
