"""What the store's tests share: people, commands and a table that can be appended to without the verbs."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

from sqlalchemy import Engine, text

from workflows import events as e
from workflows.folds.replay import Table
from workflows.journal import Command
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import Transaction, begin
from workflows.vocabulary import Actor, Post, Role

CLERK = Actor("li", "李经办", (Post(Role.CLERK, "u1"),))
HEAD = Actor("wang", "王负责", (Post(Role.UNIT_HEAD, "u1"),))
CONTENT = {
    "title": "法律顾问咨询费", "amount_unit": "万元", "budget": {"total": "3.00"}, "format": 1, "name": "standard", "nodes": [],
}  # fmt: skip
"""A table's content that is its own chain, too: one without nodes, so that every task has the usual reminders."""


def command(actor: Actor = CLERK, command_id: UUID | None = None) -> Command:
    return Command(actor, actor.posts[0], command_id or uuid4())


@contextmanager
def journal_on(engine: Engine) -> Iterator[PostgresJournal]:
    with begin(engine) as tx:
        yield PostgresJournal(tx)


def born(content_hash: str, document: UUID | None = None) -> e.TableImported:
    return e.TableImported(
        document=str(document or uuid4()), ordinal=1, bureau="b1", department="d1", unit="u1", owner="li", year=2026,
        title="法律顾问咨询费", family="hebei-special-fund", scope="project", definition="standard",
        definition_hash=content_hash, pack="p", pack_hash=content_hash, content_hash=content_hash,
    )  # fmt: skip


def entered(node: str = "drafting", task: str = "t1", **news: object) -> e.NodeEntered:
    fields = {
        "node": node, "stage": "draft", "round": 0, "task": task, "role": "clerk", "organ": "u1", "person": "li",
        "level": "unit", "due_at": None, "provisional": False, "calendar": None,
    }  # fmt: skip
    return e.NodeEntered(**(fields | news))


def make_table(engine: Engine, table_id: UUID | None = None) -> Table:
    with journal_on(engine) as journal:
        facts = (born(journal.put_content(CONTENT)), entered())
        return journal.append_to_table(Table(table_id or uuid4()), facts, command())


def note(number: int = 0) -> e.GrantRevoked:
    """A small fact for streams on which nothing else depends."""
    return e.GrantRevoked("nobody", "clerk", f"organ{number}", "测试")


def grow(tx: Transaction, stream: UUID, number: int = 0) -> e.Recorded:
    return PostgresJournal(tx).append(stream, "person", (note(number),), command())[0]


def scalar(engine: Engine, sql: str) -> object:
    with engine.connect() as connection:
        return connection.scalar(text(sql))
