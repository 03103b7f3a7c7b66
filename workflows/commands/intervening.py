"""管理干预: two persons loosen a stuck table, in or before the node where it stands; its content is never touched."""

from dataclasses import dataclass
from uuid import UUID

from workflows import events as e
from workflows.commands.proposals import proposed
from workflows.commands.recipe import Seen, Work, begin, reason_given
from workflows.commands.rectifying import mending_again
from workflows.commands.reviewing import overtaken_by, returnable_nodes
from workflows.errors import FieldsInvalid
from workflows.journal import Journal
from workflows.rights.permissions import confirming_posts
from workflows.state.standing import Request, Table
from workflows.vocabulary import Action, Actor, Post, Role

REENTER, MOVE_BACK = "reenter", "move_back"
BECAUSE = "管理干预"


def ask_to_reenter(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, node: str, reason: str
) -> Table:
    """Ask that a node be entered anew for the present roster: its named signers are found again, its votes are void."""
    return _ask(journal, table_id, seen, by, _Asked(command_id, REENTER, node, None, reason))


def ask_to_move_back(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, node: str, to_node: str, reason: str
) -> Table:  # fmt: skip
    """Ask that a table stuck at a node go back to an earlier one of this round: never forward, never content (T23)."""
    return _ask(journal, table_id, seen, by, _Asked(command_id, MOVE_BACK, node, to_node, reason))


@dataclass(frozen=True)
class _Asked:
    command_id: UUID
    measure: str
    node: str
    to_node: str | None
    reason: str


def _ask(journal: Journal, table_id: UUID, seen: Seen, by: Actor, what: _Asked) -> Table:
    work = begin(journal, table_id, by, what.command_id, Action.INTERVENE)
    if work.done:
        return work.table
    work.ask(Action.INTERVENE, seen)
    why, request = reason_given(what.reason), str(work.command_id)
    asked = e.InterventionProposed(request, what.measure, what.node, what.to_node)
    _refuse_impossible(work, asked)
    waiting = e.ConfirmationRequested(request=request, action=Action.INTERVENE, reason=why)
    return work.record((asked, waiting), Post(Role.PROCESS_ADMIN, work.table.bureau))


def _refuse_impossible(work: Work, asked: e.InterventionProposed) -> None:
    if work.table.desk(asked.node) is None:
        raise FieldsInvalid("此表现在不在该环节。", field="node")
    if asked.node.partition(":")[0] not in {node.node for node in work.chain.nodes}:
        raise FieldsInvalid("整改和抽查的任务不在审批链上，请改派办理人。", field="node")
    if asked.measure == MOVE_BACK and asked.to_node not in returnable_nodes(work):
        raise FieldsInvalid("只能退到本轮已经办理过的环节，不能越过未办理的环节。", field="to_node")


def apply_intervention(work: Work, request: Request, opinion: str) -> Table:
    """Agree as the second person: the node is entered anew, or the earlier one is; what came after counts no more."""
    asked, table = proposed(work, request, e.InterventionProposed), work.table
    _refuse_impossible(work, asked)
    if asked.to_node is None:
        overtaken: tuple[str, ...] = (asked.node,)
        left = [fact for fact in work.leaving_all(BECAUSE) if fact.node == asked.node]
        node, _colon, window = asked.node.partition(":")
    else:
        node, window = asked.to_node, ""
        overtaken = overtaken_by(work, node, work.chain.node(node).stage, node)
        left = list(work.leaving_all(BECAUSE))
    facts = (
        e.ConfirmationGiven(request.id, opinion),
        e.AdminIntervened(
            asked.request, asked.measure, asked.node, asked.to_node, request.reason, request.by, overtaken
        ),
        *left, work.entering(work.chain.node(node), round=table.round, window=window or None),
        *(mending_again(work, table.stage) if asked.to_node else ()),
    )  # fmt: skip
    return work.record(facts, confirming_posts(work.by, table)[0])
