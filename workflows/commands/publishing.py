"""Publishing a chain under four eyes: one process administrator proposes, another publishes what is sound."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from workflows import events as e
from workflows.commands.administering import PEOPLE, definition_in_force
from workflows.definitions import chain_from
from workflows.definitions.comparing import places_gone
from workflows.definitions.lint import forbidding, lint
from workflows.definitions.reading import read_definition
from workflows.definitions.roster import Roster
from workflows.errors import DefinitionUnfit, FieldsInvalid, NodeInUse, NotAllowed, UnknownChain
from workflows.journal import Command, Content, Journal
from workflows.segregation import refusal_of_administrator
from workflows.vocabulary import Actor, Post, Role

SUBJECT = "definition"
InUse = Mapping[str, Sequence[str]]
"""Node -> the tables (in words) that stand there now, along some version of the chain."""


def propose_definition(journal: Journal, *, content: Any, by: Actor, command_id: UUID) -> e.DefinitionProposed:
    """Lay a chain before the others: kept under its hash, not in force. DefinitionUnreadable names all faults."""
    post, own = _post(by), uuid5(command_id, f"{by.id}:propose-definition")
    name = read_definition(content).name
    proposed = e.DefinitionProposed(name, journal.put_content(content), by.id)
    if journal.recorded(stream_of(name), own):
        return proposed
    if proposed.content_hash == _published(journal, name):
        raise FieldsInvalid("此审批链与现行版本完全相同，无须提出。", field="content")
    journal.append(stream_of(name), SUBJECT, (proposed,), Command(by, post, own))
    return proposed


def publish_definition(
    journal: Journal, *, name: str, content_hash: str, roster: Roster, in_use: InUse, by: Actor, command_id: UUID
) -> e.DefinitionPublished:  # fmt: skip
    """Put a proposed chain into force for new tables; tables on their way keep the version that they are pinned to.

    NotAllowed for its author (S9), DefinitionUnfit where the lint finds errors, NodeInUse where tables stand at a node
    that the new version lacks (features E3, M6).
    """
    post, own, stream = _post(by), uuid5(command_id, f"{by.id}:publish-definition"), stream_of(name)
    published = e.DefinitionPublished(name, content_hash)
    if journal.recorded(stream, own):
        return published
    if by.id in _authors(journal, name, content_hash):
        raise NotAllowed("审批链须由提出人之外的另一名流程管理员发布（职责分离）。", rule="S9")
    content = journal.content(content_hash)
    _refuse_unfit(content, roster)
    _refuse_in_use(journal, name, content, in_use)
    journal.append(stream, SUBJECT, (published,), Command(by, post, own))
    return published


def versions_of(journal: Journal, name: str) -> tuple[e.Recorded, ...]:
    """Return who proposed and who published which version of a chain, oldest first."""
    return journal.history(stream_of(name))


def stream_of(name: str) -> UUID:
    """Return the stream on which a chain's versions lie."""
    return uuid5(PEOPLE, f"{SUBJECT}:{name}")


def _post(by: Actor) -> Post:
    against = refusal_of_administrator(by)
    post = next((post for post in by.posts if post.role == Role.PROCESS_ADMIN), None)
    if post is None:
        raise NotAllowed("审批链须由流程管理员提出和发布。")
    if against:
        raise NotAllowed(against.sentence, rule=against.rule)
    return post


def _authors(journal: Journal, name: str, content_hash: str) -> frozenset[str]:
    """Return who proposed this version since it was last published; UnknownChain where nobody did."""
    authors: set[str] = set()
    for recorded in versions_of(journal, name):
        fact = recorded.fact
        if isinstance(fact, e.DefinitionProposed) and fact.content_hash == content_hash:
            authors.add(recorded.actor_id)
        elif isinstance(fact, e.DefinitionPublished) and fact.content_hash == content_hash:
            authors.clear()
    if not authors:
        raise UnknownChain("没有等待发布的这个版本，请先由流程管理员提出。", name=name)
    return frozenset(authors)


def _published(journal: Journal, name: str) -> str | None:
    facts = [each.fact for each in versions_of(journal, name) if isinstance(each.fact, e.DefinitionPublished)]
    return facts[-1].content_hash if facts else None


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
        listed = "；".join(f"{node}（{len(tables)}张：{'、'.join(tables[:5])}）" for node, tables in stuck.items())
        raise NodeInUse(
            f"以下环节还有绩效目标表停留，不能删除：{listed}。",
            problems=tuple(f"{node}：{table}" for node, tables in stuck.items() for table in tables),
        )
