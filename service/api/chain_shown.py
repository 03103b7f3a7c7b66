"""A table's chain as its page tells it: what is done, who holds it now, who comes next with deputies and due days."""

from collections.abc import Callable, Iterable, Sequence

from service.api.answers import ChainNode, Deputy, Holder, Signing
from service.api.answers_of_ladders import escalations_of, rungs_of
from service.present import organ_name, word
from workflows.commands.foreseeing import way_ahead
from workflows.content.goal_table import amount_in_wan
from workflows.definitions import Chain, Node, pinned_chain
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.rights import preview
from workflows.rights.preview import Candidate, Planned
from workflows.state.standing import Desk
from workflows.store.transaction import Transaction
from workflows.store.way_ahead import people_around
from workflows.vocabulary import MAIN_LINE, REVIEW_STAGES, Role, Stage

HoldersOf = Callable[[Desk], Sequence[Candidate]]


def chain_nodes(tx: Transaction, journal: Journal, table: Table) -> list[ChainNode]:
    """Return the nodes in reading order; those to come as the preview says that they will be (features L2)."""
    chain = pinned_chain(table.definition_hash, journal.content)
    people = people_around(tx, table, tx.now())
    ahead = way_ahead(journal, table, holders=people.holders, deputies=people.deputies)
    planned = {each.node: each for each in ahead}
    amount = amount_in_wan(journal.content(table.content_hash))

    def holders(desk: Desk) -> Sequence[Candidate]:
        return people.candidates(table, desk, amount)

    return [_node(table, chain, node, planned.get(node.node), holders) for node in chain.nodes]


def _node(table: Table, chain: Chain, node: Node, planned: Planned | None, holders: HoldersOf) -> ChainNode:
    desks = [desk for desk in table.desks if desk.node.partition(":")[0] == node.node]
    if desks:
        tasks = [_held(desk, holders(desk)) for desk in desks]
        due_at = next((desk.due_at for desk in desks if desk.due_at), None)
        return _shown(node, "open", tasks, due_at=due_at, provisional=any(desk.provisional for desk in desks))
    if planned is not None and planned.skipped:
        return _shown(node, "skipped", [], reason=planned.reason)
    if planned is not None:
        tasks = [_planned(task) for task in planned.tasks]
        return _shown(node, "coming", tasks, due_on=planned.due, provisional=planned.provisional)
    return _shown(node, "done" if _is_behind(table, chain, node) else "later", [])


def _is_behind(table: Table, chain: Chain, node: Node) -> bool:
    if table.ended or node.node in {name for stage in REVIEW_STAGES for name in table.done_in(stage)}:
        return True
    stages: Sequence[Stage] = MAIN_LINE
    return node in chain.nodes and stages.index(node.stage) < stages.index(table.stage)


def _held(desk: Desk, people: Iterable[Candidate]) -> Signing:
    only = desk.claimed_by or desk.person
    who = [_holder(each) for each in people if only in (None, "", each.id)]
    return Signing(
        task=desk.task, role=desk.role, organ=desk.organ, organ_name=organ_name(desk.organ), people=who,
        escalated=escalations_of(desk),
    )  # fmt: skip


def _planned(task: preview.PlannedTask) -> Signing:
    who = [_holder(each) for each in task.people]
    return Signing(
        task=None, role=task.role, organ=task.organ, organ_name=organ_name(task.organ), people=who, escalated=[]
    )


def _holder(candidate: Candidate) -> Holder:
    deputies = [
        Deputy(person=each.by.id, name=each.by.name, from_at=each.from_at, to_at=each.to_at)
        for each in candidate.deputies
    ]
    return Holder(person=candidate.id, name=candidate.name, deputies=deputies)


def _clock(node: Node) -> dict[str, object]:
    """Return a node's clock as it is, one of three, and in words."""
    kinds = {"working_days": node.working_days, "calendar_days": node.calendar_days, "fixed_date": node.fixed_date}
    other = node.calendar_days or node.fixed_date
    return {"clock": node.clock} | {
        kind: value if value or (kind == "working_days" and not other) else None for kind, value in kinds.items()
    }


def _shown(node: Node, state: str, tasks: list[Signing], **more: object) -> ChainNode:
    said = {"due_at": None, "due_on": None, "provisional": False, "reason": ""} | more
    said |= {"ladder": rungs_of(node), "on_return": node.on_return, "on_suspend": node.on_suspend}
    return ChainNode.model_validate(
        {
            "node": node.node, "title": node.title, "stage": node.stage, "role": node.role,
            "role_name": word(Role(node.role)), "state": state, "tasks": tasks, **_clock(node), **said,
        }
    )  # fmt: skip
