"""三员分立: nobody holds two of the three officers' posts, whoever asks, in whatever order, and at the same moment."""

from collections.abc import Iterator
from threading import Thread
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from tests.support import roster
from tests.support.cluster import Database
from workflows.commands.administering import give_grant
from workflows.errors import LedgerRefused, NotAllowed
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import Post, Role


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    made = make_engine(database.app_url, connections=3)
    yield made
    made.dispose()


def test_the_database_itself_keeps_the_three_officers_apart(engine: Engine) -> None:
    insert = "INSERT INTO desk.post (person, role, organ, name, from_at, version) VALUES ('p', :role, 'b', '甲', now(), :version)"
    with begin(engine) as tx:
        tx.run(insert, role="audit_admin", version=1)
    for role in ("system_admin", "security_admin"):
        with pytest.raises(LedgerRefused), begin(engine) as tx:
            tx.run(insert, role=role, version=2)
    with begin(engine) as tx:
        tx.run("UPDATE desk.post SET to_at = now() WHERE person = 'p'")
        tx.run(insert, role="system_admin", version=3)
        assert tx.scalar("SELECT count(*) FROM desk.post WHERE person = 'p' AND to_at IS NULL") == 1


def test_a_grant_that_would_mix_them_leaves_no_event(engine: Engine) -> None:
    def give(role: Role) -> None:
        with begin(engine) as tx:
            give_grant(PostgresJournal(tx), person="p", name="甲", post=Post(role, "b"), by=roster.SYSTEM_ADMIN, command_id=uuid4())

    give(Role.AUDIT_ADMIN)
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.CLERK):
        with pytest.raises(NotAllowed):
            give(role)
    with begin(engine) as tx:
        assert tx.scalar("SELECT count(*) FROM log.event WHERE subject = 'person'") == 1


def test_of_two_grants_at_the_same_moment_one_is_refused(engine: Engine) -> None:
    refused: list[str] = []

    def give_the_other() -> None:
        try:
            with begin(engine) as tx:
                give_grant(PostgresJournal(tx), person="p", name="甲", post=Post(Role.SECURITY_ADMIN, "b"), by=roster.SYSTEM_ADMIN, command_id=uuid4())
        except (NotAllowed, LedgerRefused) as refusal:
            refused.append(refusal.sentence)

    with begin(engine) as tx:
        give_grant(PostgresJournal(tx), person="p", name="甲", post=Post(Role.AUDIT_ADMIN, "b"), by=roster.SYSTEM_ADMIN, command_id=uuid4())
        second = Thread(target=give_the_other)
        second.start()
        second.join(0.5)
        assert second.is_alive() is True
    second.join(30)
    with begin(engine) as tx:
        held = [row["role"] for row in tx.rows("SELECT role FROM desk.post WHERE person = 'p'")]
    assert (refused, held) == (["系统管理员、安全管理员、审计管理员相互监督，一人只能担任其中一种（三员分立）。"], ["audit_admin"])
