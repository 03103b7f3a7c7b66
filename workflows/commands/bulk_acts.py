"""The acts that are asked for over many tables at once, each a verb with its details filled in: pass, return."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from workflows.commands.bulk import Verb
from workflows.commands.recipe import Seen, Work, own_command, reason_given
from workflows.commands.reviewing import approve_table, return_table, returnable_nodes
from workflows.errors import FieldsInvalid
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.vocabulary import MAIN_LINE, Action, Actor, Stage, Word


class Target(Word):
    """Where a bulk return goes: every table to the same stage, or each one step back on its own way."""

    DRAFT = "draft", "退回编制", "back to the draft"
    PREVIOUS = "previous", "退回上一环节", "back to the node before"


@dataclass(frozen=True)
class Wish:
    """What a person asks for over many tables: the action, the words for all of them, where a return goes."""

    action: Action
    opinion: str = ""
    reason: str = ""
    target: Target = Target.DRAFT


def verb_for(wish: Wish, by: Actor) -> Verb:
    """Return the verb of a wish; ReasonMissing for a return without one, FieldsInvalid for an act of another kind."""
    if wish.action not in VERBS:
        raise FieldsInvalid("请选择批量通过或批量退回。", field="action")
    return VERBS[wish.action](wish, by)


def _passing(wish: Wish, by: Actor) -> Verb:
    def act(journal: Journal, table_id: UUID, seen: Seen, command_id: UUID) -> Table:
        return approve_table(journal, table_id, seen=seen, by=by, command_id=command_id, opinion=wish.opinion)

    return act


def _returning(wish: Wish, by: Actor) -> Verb:
    reason = reason_given(wish.reason)

    def act(journal: Journal, table_id: UUID, seen: Seen, command_id: UUID) -> Table:
        to, node = Stage.DRAFT, None
        if wish.target == Target.PREVIOUS:
            to, node = step_before(journal, table_id, by, own_command(command_id, by, Action.RETURN))
        return return_table(
            journal, table_id, seen=seen, by=by, command_id=command_id, to=to, to_node=node, reason=reason
        )

    return act


VERBS: Mapping[Action, Callable[[Wish, Actor], Verb]] = {Action.APPROVE: _passing, Action.RETURN: _returning}


def step_before(journal: Journal, table_id: UUID, by: Actor, own: UUID) -> tuple[Stage, str | None]:
    """Return the stage and node that passed the table on to those who hold it now; the draft where none did."""
    work = Work(journal, journal.lock_table(table_id, own), by, own, done=False)
    here = {desk.node for desk in work.table.desks}
    nodes = {node.node: node for node in work.chain.review_nodes()}
    later = MAIN_LINE.index(work.table.stage) if work.table.stage in MAIN_LINE else 0
    before = {name for node in here if node in nodes for name in nodes[node].after}
    candidates = [
        name for name in returnable_nodes(work) if MAIN_LINE.index(nodes[name].stage) < later or name in before
    ]
    return (nodes[candidates[-1]].stage, candidates[-1]) if candidates else (Stage.DRAFT, None)
