"""One table of steps: a step taken out of it is closed on the page, on the command line and in bulk at once."""

from contextlib import contextmanager
from uuid import uuid4

import pytest

from service.cli import acting
from service.demo.city import shipped_city
from tests.support.contents import completed, document
from tests.support.web_city import planted, visitor
from workflows.commands import drafting, importing, reviewing
from workflows.commands.bulk import for_each
from workflows.commands.recipe import Seen
from workflows.errors import NotAllowed, NotOpenNow
from workflows.rights import lifecycle
from workflows.rights.lifecycle import STEPS
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import Action, Post, Role, Stage

CLOSED = "当前处于“单位审核”，不能通过。"


class World:
    """The planted city with tables of one unit waiting for its head."""

    def __init__(self, database, folder):
        self.city = shipped_city()
        self.app = planted(database, folder)
        self.engine = make_engine(database.app_url, connections=2)
        self.head = next(p for p in self.city.people if p.holds(Role.UNIT_HEAD))
        unit = next(post.organ for post in self.head.posts if post.role == Role.UNIT_HEAD)
        self.clerk = self.city.clerks_of(unit)[0]
        self.home = self.city.home(unit, self.clerk.id)

    @contextmanager
    def journal(self):
        with begin(self.engine) as tx:
            yield PostgresJournal(tx)

    def waiting_table(self):
        filing = importing.Filing("申报.txt", uuid4().bytes, document(), ())
        with self.journal() as journal:
            (table,) = importing.import_document(
                journal, uuid4(), filing=filing, homes=(self.home,), year=2026, by=self.clerk,
                post=Post(Role.CLERK, self.home.unit), command_id=uuid4(),
            )  # fmt: skip
            content = completed(journal.content(table.content_hash))
            found = drafting.findings_of(journal, table, content)
            content["explanations"] = {drafting.finding_key(f): "已核实" for f in found if f.severity == "W"}
            drafting.save_draft(
                journal, table.id, seen=Seen(table.version), draft_version=0, content=content, reasons={},
                by=self.clerk, command_id=uuid4(),
            )  # fmt: skip
            return drafting.submit_table(
                journal, table.id, seen=Seen(table.version), by=self.clerk, command_id=uuid4()
            )

    def approve_on_the_page(self, table):
        return visitor(self.app, self.head.id).sends(f"/tables/{table.id}", f"/tables/{table.id}/approve", opinion="同意")

    def approve_in_bulk(self, tables):
        def approve(journal, table_id, seen, command_id):
            return reviewing.approve_table(journal, table_id, seen=seen, by=self.head, command_id=command_id)

        return for_each(self.journal, [(t.id, Seen(t.version)) for t in tables], approve, command_id=uuid4())


@pytest.fixture
def world(database, tmp_path, monkeypatch):
    monkeypatch.setenv("GOALTRAIL_DATABASE_URL", database.app_url)
    monkeypatch.setenv("GOALTRAIL_PASSWORD", shipped_city().password)
    made = World(database, tmp_path)
    yield made
    made.engine.dispose()
    made.app.extensions["engine"].dispose()


def test_a_step_that_exists_is_open_on_the_page_the_command_line_and_in_bulk(world, capsys):
    first, second, third = (world.waiting_table() for _ in range(3))
    assert world.approve_on_the_page(first).status_code == 303
    assert acting.main(["approve", str(second.id), "--login", world.head.id]) == 0
    assert "主管部门审核" in capsys.readouterr().out
    (result,) = world.approve_in_bulk([third])
    assert (result.refusal, result.table.stage) == (None, Stage.DEPARTMENT_REVIEW)


def test_a_removed_step_is_closed_on_the_page_the_command_line_and_in_bulk(world, monkeypatch, capsys):
    tables = [world.waiting_table() for _ in range(2)]
    without = tuple(s for s in STEPS if not (s.action == Action.APPROVE and s.start == Stage.UNIT_REVIEW))
    monkeypatch.setattr(lifecycle, "STEPS", without)
    refused = world.approve_on_the_page(tables[0])
    assert (refused.status_code, CLOSED in refused.text) == (409, True)
    assert acting.main(["approve", str(tables[0].id), "--login", world.head.id]) == 1
    assert CLOSED in capsys.readouterr().out
    results = world.approve_in_bulk(tables)
    assert [type(result.refusal) for result in results] == [NotOpenNow, NotOpenNow]
    assert {result.refusal.sentence for result in results} == {CLOSED}
    with world.journal() as journal:
        assert {journal.lock_table(table.id).stage for table in tables} == {Stage.UNIT_REVIEW}


def test_a_request_waits_in_the_worklist_of_the_second_person_alone(world):
    table = world.waiting_table()
    asker = visitor(world.app, world.clerk.id)
    asked = asker.sends(f"/tables/{table.id}", f"/tables/{table.id}/void", reason="项目取消不再实施")
    assert asked.status_code == 303
    waits = "等您确认或答复"
    assert waits not in asker.sees("/work")
    page = visitor(world.app, world.head.id).sees("/work")
    assert (waits in page, "项目取消不再实施" in page) == (True, True)


def test_the_command_line_refuses_a_wrong_password(world, monkeypatch):
    monkeypatch.setenv("GOALTRAIL_PASSWORD", "wrong")
    with pytest.raises(NotAllowed, match="账号或密码不正确"):
        acting.main(["approve", str(uuid4()), "--login", world.head.id])
