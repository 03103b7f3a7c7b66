"""A table's chain in reading order: who sits at each node, what is done, until when the rest is due."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from service.api.answers import ChainNode, Holder
from service.present import organ_name, word
from workflows.definitions import Node, chain_from
from workflows.journal import Journal
from workflows.replay import Table
from workflows.store.posts import holders_at
from workflows.store.transaction import Transaction
from workflows.vocabulary import Post, Role, Stage
from workflows.workdays import add_workdays, beijing_date

Names = Mapping[Post, Sequence[tuple[str, str]]]


def chain_nodes(tx: Transaction, journal: Journal, table: Table) -> list[ChainNode]:
    """Return the nodes; those to come are due as if each desk used its whole time and the next began the day after."""
    nodes = chain_from(journal.content(table.definition_hash)).nodes
    names = holders_at(tx, list({_post(table, node) for node in nodes}), tx.now())
    states = {node.node: _state(table, node) for node in nodes}
    due = _due(table, nodes, states, beijing_date(tx.now()))
    return [_shown(table, node, states[node.node], due.get(node.node), names) for node in nodes]


def _post(table: Table, node: Node) -> Post:
    return Post(Role(node.role), getattr(table, node.of))


def _state(table: Table, node: Node) -> str:
    if any(desk.node.partition(":")[0] == node.node for desk in table.desks):
        return "open"
    order = list(Stage)
    passed = any(vote.node == node.node for vote in table.votes)
    return "done" if passed or table.ended or order.index(node.stage) < order.index(table.stage) else "coming"


def _due(
    table: Table, nodes: Sequence[Node], states: Mapping[str, str], today: date
) -> dict[str, datetime]:
    """Return the moment until which each open or coming node is due; what follows monitoring depends on its dates."""
    due: dict[str, datetime] = {}
    ends: dict[Stage, date] = {}
    for node in nodes:
        desk = table.desk(node.node)
        if desk and desk.due_at:
            due[node.node] = datetime.fromisoformat(desk.due_at)
        elif states[node.node] == "coming" and node.stage not in (Stage.MONITORING, Stage.SELF_EVALUATION):
            starts = [due[each].date() for each in node.after if each in due] or [max(ends.values(), default=today)]
            due[node.node] = add_workdays(max(starts), node.working_days).moment
        if node.node in due:
            ends[node.stage] = max(ends.get(node.stage, today), beijing_date(due[node.node]))
    return due


def _shown(table: Table, node: Node, state: str, due_at: datetime | None, names: Names) -> ChainNode:
    post = _post(table, node)
    return ChainNode(
        node=node.node, title=node.title, stage=node.stage, role=node.role, role_name=word(Role(node.role)),
        organ=post.organ, organ_name=organ_name(post.organ), working_days=node.working_days,
        state=state,  # type: ignore[arg-type]
        due_at=due_at, people=[Holder(person=person, name=name) for person, name in names[post]],
    )  # fmt: skip
