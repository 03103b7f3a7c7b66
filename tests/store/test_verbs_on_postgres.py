"""The verbs on the real ledger: a table walks to its evaluation, and a rebuild finds the same caches."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import Engine

from tests.store.acting import command, journal_on
from tests.support import roster
from tests.support.cluster import Database
from tests.support.invariants import check_table
from tests.support.life import Life
from workflows import events as e
from workflows.clocks.timers import timers_of
from workflows.commands.administering import give_grant
from workflows.store import outbox
from workflows.store.installation import set_virtual_now
from workflows.store.journal import PostgresJournal
from workflows.store.migrating import upgrade
from workflows.store.queries import document_seen_by, documents_visible_to, tables_waiting_for
from workflows.store.rebuilding import caches_as_text, rebuild
from workflows.store.transaction import Transaction, begin
from workflows.vocabulary import SYSTEM, Stage

STEPS = (
    Life.imported, Life.completed, Life.submitted, lambda life: life.approved(roster.UNIT_HEAD),
    lambda life: life.returned(roster.DEPARTMENT_FINANCE, Stage.DRAFT), Life.submitted,
    lambda life: life.approved(roster.UNIT_HEAD), lambda life: life.approved(roster.DEPARTMENT_FINANCE),
    lambda life: life.approved(roster.FINANCE_BUSINESS), lambda life: life.approved(roster.FINANCE_PERFORMANCE),
    Life.replied, Life.window_opened, Life.evaluation_opened,
)  # fmt: skip


def appoint_everybody(app: Engine) -> None:
    with journal_on(app) as journal:
        for person in roster.PEOPLE:
            for post in person.posts:
                give_grant(journal, person=person.id, name=person.name, post=post, by=SYSTEM, command_id=uuid4())


class Clocked(PostgresJournal):
    """The journal of a simulation, whose clock the test sets like that of the journal in memory."""

    @property
    def at(self) -> datetime:
        return self.now()

    @at.setter
    def at(self, moment: datetime) -> None:
        if moment > self.now():
            set_virtual_now(self.tx, moment)
            self.tx = Transaction(self.tx.connection)


def walk(app: Engine) -> Life:
    table = None
    for step in STEPS:
        with begin(app) as tx:
            journal = Clocked(tx)
            life = Life(journal, table) if table else Life(journal)
            table = step(life).table
            check_table(table, journal.history(table.id))
    return life


def test_a_table_walks_its_year_and_a_rebuild_finds_the_same(app: Engine, database: Database) -> None:
    upgrade(database.owner_url, "simulation")
    appoint_everybody(app)
    table = walk(app).table
    assert table.stage == Stage.SELF_EVALUATION
    with begin(app) as tx:
        before = caches_as_text(tx)
        assert [row["node"] for row in tables_waiting_for(tx, roster.CLERK)] == [desk.node for desk in table.desks]
        (document,) = documents_visible_to(tx, roster.UNIT_HEAD)
        assert document_seen_by(tx, roster.UNIT_HEAD, document["document_id"])["tables"] == [table.id]
        assert outbox.counts_by_state(tx)["pending"] > 20
        wanted = {(timer.task, timer.kind) for timer in timers_of(table)}
        rows = tx.rows("SELECT task, kind, facts FROM desk.timer WHERE state = 'pending'")
        rungs = [(row["task"], kind) for row in rows for kind in (row["kind"], *(r["kind"] for r in row["facts"]["then"]))]
        assert sorted(rungs) == sorted(wanted)
    with begin(app) as tx:
        assert rebuild(tx) == 1
        assert caches_as_text(tx) == before


def test_a_grant_comes_and_goes_with_its_event(app: Engine) -> None:
    appoint_everybody(app)
    with journal_on(app) as journal:
        post = roster.UNIT_HEAD.posts[0]
        assert [each.id for each in journal.holders(post.role, post.organ)] == ["every_hat", "unit_head"]
        fact = e.GrantRevoked("unit_head", post.role, post.organ, "调离本岗位")
        journal.append(uuid4(), "person", (fact,), command())
        assert [each.id for each in journal.holders(post.role, post.organ)] == ["every_hat"]
