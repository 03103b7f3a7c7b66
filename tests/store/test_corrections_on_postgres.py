"""Comments, a paper, an intervention and a correction on the real ledger: a rebuild and the table's own check agree."""

from datetime import date
from uuid import uuid4

from sqlalchemy import Engine

from tests.store.test_verbs_on_postgres import appoint_everybody
from tests.support import roster
from tests.support.invariants import check_table
from tests.support.life import Life
from workflows.commands import commenting, correcting, ending, intervening
from workflows.commands.administering import give_grant
from workflows.commands.paper import Sheet, enter_paper
from workflows.folds.replay import Table
from workflows.store.definitions import present_roster, tables_at_nodes
from workflows.store.journal import PostgresJournal
from workflows.store.leafing import rows_from_start
from workflows.store.queries import Filters
from workflows.store.rebuilding import caches_as_text, rebuild
from workflows.store.table_check import BAD
from workflows.store.table_check import check_table as check_in_store
from workflows.store.transaction import begin
from workflows.vocabulary import SYSTEM, Outcome, Role, Stage

ADMIN = roster.person("process", (Role.PROCESS_ADMIN, roster.BUREAU))
WHY = "原签署人调离，待办无人办理"


class Told:
    """One table on PostgreSQL; every act is a transaction of its own, after which state and history agree."""

    def __init__(self, app: Engine) -> None:
        self.app, self.table = app, Table(uuid4())

    def by_life(self, *acts) -> "Told":
        for act in acts:
            with begin(self.app) as tx:
                life = Life(PostgresJournal(tx), self.table) if self.table.version else Life(PostgresJournal(tx))
                self._stands(act(life).table, life.journal)
        return self

    def does(self, verb, by, **words) -> "Told":
        with begin(self.app) as tx:
            journal = PostgresJournal(tx)
            seen = Life(journal, self.table).seen()
            self._stands(verb(journal, self.table.id, seen=seen, by=by, command_id=uuid4(), **words), journal)
        return self

    def _stands(self, table: Table, journal: PostgresJournal) -> None:
        check_table(table, journal.history(table.id))
        self.table = table


def whole_story(app: Engine) -> Told:
    told = Told(app).by_life(Life.in_unit_review)
    told.does(commenting.open_thread, roster.UNIT_HEAD, pointer="/indicators/r1/target", criterion="money", words="测算依据不足")
    told.by_life(lambda life: life.returned(roster.UNIT_HEAD, Stage.DRAFT))
    with begin(app) as tx:
        assert [row["comments"] for row in rows_from_start(tx, roster.CLERK, Filters(), "changed", limit=5)] == [1]
    told.does(commenting.answer_thread, roster.CLERK, thread=told.table.threads[0].thread, words="已补充测算")
    with begin(app) as tx:
        assert [row["comments"] for row in rows_from_start(tx, roster.CLERK, Filters(), "changed", limit=5)] == [0]
    told.by_life(Life.submitted, lambda life: life.approved(roster.UNIT_HEAD), lambda life: life.approved(roster.DEPARTMENT_FINANCE))
    told.does(
        intervening.ask_to_move_back, ADMIN, node="finance_business", to_node="department_finance", reason=WHY
    ).does(ending.confirm_ending, roster.FINANCE_PERFORMANCE)
    told.by_life(lambda life: life.approved(roster.DEPARTMENT_FINANCE))
    sheet = Sheet("business", date(2026, 1, 4), Outcome.PASS, "批示.pdf", b"%PDF-1.7 signed", "同意")
    told.does(enter_paper, roster.FINANCE_BUDGET, task=told.table.desk("finance_business").task, sheet=sheet)
    told.does(ending.confirm_ending, roster.FINANCE_LEADER)
    told.by_life(lambda life: life.approved(roster.FINANCE_PERFORMANCE), Life.replied)
    told.does(correcting.ask_to_correct, roster.FINANCE_PERFORMANCE, values={"/title": "农村公路维护经费"}, reason="名称有一字之误")
    return told.does(ending.confirm_ending, roster.FINANCE_BUDGET)


def test_all_of_it_is_rebuilt_byte_for_byte_and_checks_out(app: Engine) -> None:
    appoint_everybody(app)
    with begin(app) as tx:
        give_grant(PostgresJournal(tx), person=ADMIN.id, name=ADMIN.name, post=ADMIN.posts[0], by=SYSTEM, command_id=uuid4())
    table = whole_story(app).table
    assert (table.stage, table.title, table.intervened, len(table.threads)) == (Stage.MONITORING, "农村公路维护经费", True, 1)
    with begin(app) as tx:
        before = caches_as_text(tx)
        assert "农村公路维护经费" in str(before)
        assert rebuild(tx) == 1
        assert caches_as_text(tx) == before
        assert [check for check in check_in_store(tx, table.id, None) if check.state == BAD] == []


def test_publishing_is_told_which_tables_stand_where_and_who_there_is(app: Engine) -> None:
    appoint_everybody(app)
    told = Told(app).by_life(Life.in_finance_approval)
    with begin(app) as tx:
        standing = tables_at_nodes(tx, "standard")
        assert standing == {
            node: [f"《农村道路维护经费》{str(told.table.id)[:8]}"] for node in ("finance_business", "finance_performance")
        }
        assert tables_at_nodes(tx, "another") == {}
        assert present_roster(tx).holders(Role.UNIT_HEAD, roster.UNIT) == ("every_hat", "unit_head")
