"""A small bureau on a real database for the workers' tests: people with posts and addresses, tables told by the verbs."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import Engine

from tests.support import roster
from tests.support.life import Life
from workflows.calendars.deadlines import ladder
from workflows.commands.administering import give_grant
from workflows.folds.replay import Table, apply
from workflows.store.accounts import make_account
from workflows.store.installation import set_virtual_now
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin
from workflows.words.notices import reminder, told_of
from workflows.workdays import Due, beijing_date

BEGINS = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def address_of(person: str) -> str:
    return f"{person}@qingjiang.example"


@dataclass
class Bureau:
    """The people of tests/support/roster in a database, and the tables made through the verbs."""

    engine: Engine
    tables: list[UUID] = field(default_factory=list)

    def settle_in(self) -> "Bureau":
        with begin(self.engine) as tx:
            journal = PostgresJournal(tx)
            for person in roster.PEOPLE:
                make_account(
                    tx, person=person.id, login=person.id, name=person.name, password_hash="x", email=address_of(person.id)
                )
                for post in person.posts:
                    give_grant(
                        journal, person=person.id, name=person.name, post=post, by=roster.SECURITY_ADMIN, command_id=uuid4()
                    )
        return self

    def table(self, upto: str) -> Table:
        """A new table carried up to a step of Life, in one transaction."""
        with begin(self.engine) as tx:
            table = getattr(Life(PostgresJournal(tx)), upto)().table
        self.tables.append(table.id)
        return table

    def acts(self, table_id: UUID, step: str, *who) -> Table:
        with begin(self.engine) as tx:
            journal = PostgresJournal(tx)
            return getattr(Life(journal, journal.lock_table(table_id)), step)(*who).table

    def move_clock(self, moment: datetime) -> None:
        with begin(self.engine) as tx:
            set_virtual_now(tx, moment)

    def rows(self, sql: str, **values):
        with begin(self.engine) as tx:
            return tx.rows(sql, **values)


def people_of(notice) -> set[str]:
    """Who a notice means, by the roster alone."""
    to = notice.to
    return {to.person} if to.person else {p.id for p in roster.PEOPLE if p.holds(to.role, to.organ)}


def told_by_the_log(bureau: Bureau) -> tuple[Counter, Counter]:
    """Who must and who may have been told, from the events and the ladder alone: (person, table, template, text).

    May: what speaks of a task that has since been closed need not be told any more.
    """
    must, may = Counter(), Counter()
    with begin(bureau.engine) as tx:
        now, journal = tx.now(), PostgresJournal(tx)
        for table_id in bureau.tables:
            table, said = Table(table_id), []
            for recorded in journal.history(table_id):
                after = apply(table, recorded)
                task = recorded.fact.task if recorded.kind in ("node.entered", "task.overdue") else None
                said += [(notice, task) for notice in told_of(recorded, table, after)]
                table = after
            said += [(reminder(table, desk, rung), desk.task) for desk in table.desks for rung in rungs_past(desk, now)]
            still_open = {desk.task for desk in table.desks}
            for notice, task in said:
                for person in people_of(notice):
                    chosen = must if task is None or task in still_open else may
                    chosen[person, table_id, notice.template, notice.text] += 1
    return must, may


def rungs_past(desk, now: datetime) -> list[str]:
    entered, due = datetime.fromisoformat(desk.entered_at), datetime.fromisoformat(desk.due_at)
    rungs = ladder(Due(beijing_date(due), desk.provisional, ""))
    return [rung.code for rung in rungs if entered < rung.fires_at <= now]


INBOX = "SELECT recipient, stream_id, kind, sentence FROM desk.inbox"
MAILED = """SELECT recipient, log_stream, kind, rendered ->> 'text' FROM desk.outbox
WHERE channel = 'mail' AND state = 'sent'"""


def check_inbox(bureau: Bureau) -> None:
    """Nothing that must be told of tables is lost, nothing is told twice, nothing is told that the log does not say.

    Reminders of a reply lie on its own stream; the chaos year judges them.
    """
    _check(bureau, INBOX)


def check_mailed(bureau: Bureau) -> None:
    """The same of what is marked as sent by mail."""
    _check(bureau, MAILED)


def _check(bureau: Bureau, sql: str) -> None:
    must, may = told_by_the_log(bureau)
    about = set(bureau.tables)
    told = Counter(row for row in (tuple(each.values()) for each in bureau.rows(sql)) if row[1] in about)
    assert must - told == Counter(), "lost"
    assert told - (must + may) == Counter(), "doubled or made up"
