"""The administrators' and the system's verbs: grants, published definitions and packs, overdue marks."""

from typing import Any
from uuid import UUID, uuid5

from workflows import events as e
from workflows.commands.recipe import Seen, begin
from workflows.definitions import SHIPPED, shipped
from workflows.errors import NotAllowed, UnknownChain
from workflows.folds.replay import Table
from workflows.journal import Command, Content, Journal
from workflows.organs import ORGANS_STREAM, heirs_told
from workflows.rights.segregation import refusal_of_administrator, refusal_of_officer
from workflows.vocabulary import SYSTEM, Action, Actor, Post, Role

PEOPLE = UUID("6f0d5c1e-0d5b-5d0e-9a3e-4c1f5f3a7b10")
"""Namespace from which a person's stream is derived."""


def give_grant(
    journal: Journal, *, person: str, name: str, post: Post, by: Actor, command_id: UUID
) -> tuple[e.Recorded, ...]:
    """Give a person a post, an event on the person's own stream. NotAllowed where S8 forbids the mixture.

    Asked again after the append: only then is the stream locked, and a grant given meanwhile counts too.
    """
    stream = uuid5(PEOPLE, person)
    _refuse_mixture(Actor(person, name, (*_posts_held(journal, stream), post)))
    fact = e.GrantGiven(person, name, post.role, post.organ)
    given = journal.append(stream, "person", (fact,), Command(by, by.posts[0], command_id))
    _refuse_mixture(Actor(person, name, _posts_held(journal, stream)))
    if post.organ in heirs_told(journal.history(ORGANS_STREAM)):
        raise NotAllowed("该机构已经撤并或撤销，岗位须在承接机构授予。", rule="R-ORGAN")
    return given


def _refuse_mixture(held: Actor) -> None:
    refusal = refusal_of_administrator(held) or refusal_of_officer(held)
    if refusal:
        raise NotAllowed(refusal.sentence, rule=refusal.rule)


def _posts_held(journal: Journal, stream: UUID) -> tuple[Post, ...]:
    held: dict[Post, bool] = {}
    for fact in (recorded.fact for recorded in journal.history(stream)):
        if isinstance(fact, e.GrantGiven | e.GrantRevoked):
            held[Post(Role(fact.role), fact.organ)] = isinstance(fact, e.GrantGiven)
    ended = heirs_told(journal.history(ORGANS_STREAM))
    return tuple(post for post, given in held.items() if given and post.organ not in ended)


def revoke_grant(
    journal: Journal, *, person: str, post: Post, reason: str, by: Actor, command_id: UUID
) -> tuple[e.Recorded, ...]:
    """Take a post from a person."""
    fact = e.GrantRevoked(person, post.role, post.organ, reason)
    return journal.append(uuid5(PEOPLE, person), "person", (fact,), Command(by, by.posts[0], command_id))


def publish(journal: Journal, *, subject: str, content: dict[str, Any], by: Actor, command_id: UUID) -> str:
    """Publish a chain definition or a rule pack under its hash and return the hash; the same content is kept once."""
    content_hash = journal.put_content(content)
    stream = uuid5(PEOPLE, f"{subject}:{content['name']}")
    facts = {"definition": e.DefinitionPublished, "rule_pack": e.RulePackPublished}
    already = {getattr(recorded.fact, "content_hash", None) for recorded in journal.history(stream)}
    if content_hash not in already:
        published = facts[subject](content["name"], content_hash)
        journal.append(stream, subject, (published,), Command(by, by.posts[0], command_id))
    return content_hash


def definition_in_force(journal: Journal, name: str) -> Content:
    """Return the chain under this name that was published last, or the one that ships; UnknownChain for neither."""
    published = [
        recorded.fact.content_hash for recorded in journal.history(uuid5(PEOPLE, f"definition:{name}"))
        if isinstance(recorded.fact, e.DefinitionPublished)
    ]  # fmt: skip
    if published:
        return journal.content(published[-1])
    if name not in SHIPPED:
        raise UnknownChain(f"没有名为“{name}”的审批链。", name=name)
    return shipped(name)


def mark_overdue(journal: Journal, table_id: UUID, *, task: str, command_id: UUID) -> Table:
    """Record that a task's due moment passed, if the task is still open and not yet marked; by the system."""
    work = begin(journal, table_id, SYSTEM, command_id, Action.MARK_OVERDUE)
    desk = next((desk for desk in work.table.desks if desk.task == task and not desk.overdue), None)
    if work.done or desk is None or desk.due_at is None:
        return work.table
    work.ask(Action.MARK_OVERDUE, Seen(work.table.version))
    fact = e.TaskOverdue(desk.node, desk.task, desk.round, desk.due_at, "deadline.passed")
    return work.record((fact,), Post(Role.SYSTEM, "system"))
