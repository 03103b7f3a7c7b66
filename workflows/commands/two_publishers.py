"""Bringing a chain, pack or calendar into force under four eyes: one administrator proposes, another publishes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID, uuid5

from workflows import events as e
from workflows.commands.administering import PEOPLE
from workflows.errors import FieldsInvalid, GoaltrailError, NotAllowed
from workflows.journal import Command, Content, Journal
from workflows.rights.segregation import refusal_of_administrator
from workflows.vocabulary import Actor, Post, Role

P = TypeVar("P", e.DefinitionProposed, e.RulePackProposed, e.CalendarProposed, e.TemplateProposed)
Q = TypeVar("Q", e.DefinitionPublished, e.RulePackPublished, e.CalendarPublished, e.TemplatePublished)


@dataclass(frozen=True)
class Matter(Generic[P, Q]):
    """What is published: the subject of its stream, its Chinese word, its two facts, the refusal of the unproposed."""

    subject: str
    word: str
    proposed: type[P]
    published: type[Q]
    unknown: type[GoaltrailError]

    @property
    def verb(self) -> str:
        """Return the subject as it stands in the names of commands."""
        return self.subject.replace("_", "-")

    def stream_of(self, name: str) -> UUID:
        """Return the stream on which the versions of this name lie."""
        return uuid5(PEOPLE, f"{self.subject}:{name}")

    def propose(self, journal: Journal, name: str, content: Content, by: Actor, command_id: UUID) -> P:
        """Lay a version before the others: kept under its hash, not in force. FieldsInvalid for the one in force."""
        post, own, stream = self._post(by), uuid5(command_id, f"{by.id}:propose-{self.verb}"), self.stream_of(name)
        proposed = self.proposed(name, journal.put_content(content), by.id)
        if journal.recorded(stream, own):
            return proposed
        if proposed.content_hash == self.last_published(journal, name):
            raise FieldsInvalid(f"此{self.word}与现行版本完全相同，无须提出。", field="content")
        journal.append(stream, self.subject, (proposed,), Command(by, post, own))
        return proposed

    def publish(  # noqa: PLR0917 - whose, which version, how it is checked, by whom
        self, journal: Journal, name: str, content_hash: str, check: Callable[[Content], None], by: Actor,
        command_id: UUID,
    ) -> Q:  # fmt: skip
        """Put a proposed version into force if `check` refuses nothing. NotAllowed for its author (S9)."""
        post, own, stream = self._post(by), uuid5(command_id, f"{by.id}:publish-{self.verb}"), self.stream_of(name)
        published = self.published(name, content_hash)
        if journal.recorded(stream, own):
            return published
        if by.id in self._authors(journal, name, content_hash):
            raise NotAllowed(f"{self.word}须由提出人之外的另一名流程管理员发布（职责分离）。", rule="S9")
        check(journal.content(content_hash))
        journal.append(stream, self.subject, (published,), Command(by, post, own))
        return published

    def versions(self, journal: Journal, name: str) -> tuple[e.Recorded, ...]:
        """Return who proposed and who published which version, oldest first."""
        return journal.history(self.stream_of(name))

    def last_published(self, journal: Journal, name: str) -> str | None:
        """Return the hash published last, by whomever; None where none was."""
        facts = [each.fact for each in self.versions(journal, name) if isinstance(each.fact, self.published)]
        return facts[-1].content_hash if facts else None

    def _post(self, by: Actor) -> Post:
        against = refusal_of_administrator(by)
        post = next((post for post in by.posts if post.role == Role.PROCESS_ADMIN), None)
        if post is None:
            raise NotAllowed(f"{self.word}须由流程管理员提出和发布。")
        if against:
            raise NotAllowed(against.sentence, rule=against.rule)
        return post

    def _authors(self, journal: Journal, name: str, content_hash: str) -> frozenset[str]:
        """Return who proposed this version since it was last published; refused where nobody did."""
        authors: set[str] = set()
        for recorded in self.versions(journal, name):
            fact = recorded.fact
            if isinstance(fact, self.proposed) and fact.content_hash == content_hash:
                authors.add(recorded.actor_id)
            elif isinstance(fact, self.published) and fact.content_hash == content_hash:
                authors.clear()
        if not authors:
            raise self.unknown("没有等待发布的这个版本，请先由流程管理员提出。", name=name)
        return frozenset(authors)
