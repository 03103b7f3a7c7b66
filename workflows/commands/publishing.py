"""Publishing a chain under four eyes: one process administrator proposes, another publishes what is sound."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from workflows import events as e
from workflows.commands.administering import definition_in_force
from workflows.commands.two_publishers import Matter
from workflows.definitions import chain_from
from workflows.definitions.comparing import places_gone
from workflows.definitions.lint import forbidding, lint
from workflows.definitions.reading import read_definition
from workflows.definitions.roster import Roster
from workflows.errors import DefinitionUnfit, NodeInUse, UnknownChain
from workflows.journal import Content, Journal
from workflows.vocabulary import Actor

CHAIN = Matter("definition", "审批链", e.DefinitionProposed, e.DefinitionPublished, UnknownChain)
InUse = Mapping[str, Sequence[str]]
"""Node -> the tables (in words) that stand there now, along some version of the chain."""


def propose_definition(journal: Journal, *, content: Any, by: Actor, command_id: UUID) -> e.DefinitionProposed:
    """Lay a chain before the others: kept under its hash, not in force. DefinitionUnreadable names all faults."""
    return CHAIN.propose(journal, read_definition(content).name, content, by, command_id)


def publish_definition(
    journal: Journal, *, name: str, content_hash: str, roster: Roster, in_use: InUse, by: Actor, command_id: UUID
) -> e.DefinitionPublished:  # fmt: skip
    """Put a proposed chain into force for new tables; tables on their way keep the version that they are pinned to.

    NotAllowed for its author (S9), DefinitionUnfit where the lint finds errors, NodeInUse where tables stand at a node
    that the new version lacks (features E3, M6).
    """

    def sound(content: Content) -> None:
        _refuse_unfit(content, roster)
        _refuse_in_use(journal, name, content, in_use)

    return CHAIN.publish(journal, name, content_hash, sound, by, command_id)


def versions_of(journal: Journal, name: str) -> tuple[e.Recorded, ...]:
    """Return who proposed and who published which version of a chain, oldest first."""
    return CHAIN.versions(journal, name)


def stream_of(name: str) -> UUID:
    """Return the stream on which a chain's versions lie."""
    return CHAIN.stream_of(name)


def _refuse_unfit(content: Content, roster: Roster) -> None:
    faults = forbidding(lint(chain_from(content), roster))
    if faults:
        listed = "；".join(f"{fault.rule} {fault.sentence}".rstrip("。") for fault in faults[:3])
        raise DefinitionUnfit(
            f"审批链有{len(faults)}处错误，不能发布：{listed}。", problems=tuple(fault.sentence for fault in faults)
        )


def _refuse_in_use(journal: Journal, name: str, content: Content, in_use: InUse) -> None:
    try:
        before = definition_in_force(journal, name)
    except UnknownChain:
        return
    stuck = {node: tuple(in_use[node]) for node in places_gone(before, content) if in_use.get(node)}
    if stuck:
        named = {node["node"]: node["title"] for node in before["nodes"]}
        listed = "；".join(f"“{named[node]}”（{len(at)}张：{'、'.join(at[:5])}）" for node, at in stuck.items())
        raise NodeInUse(
            f"以下环节还有绩效目标表停留，不能删除：{listed}。",
            problems=tuple(f"{named[node]}：{table}" for node, tables in stuck.items() for table in tables),
        )
