"""The same verbs on the command line: worklist, one act, a list, dry runs; never without the person's own password."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.api.refusals import PasswordToChange
from service.app import Web
from service.cli import VERBS, acting, operating, run, worklist
from service.demo.city import shipped_city
from tests.support.cluster import TEMPLATE, Database, TestCluster
from tests.support.many_tables import many_waiting
from tests.support.web_city import planted
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin
from workflows.vocabulary import Role, Stage


class Host:
    """A terminal at the host, and a unit's head who knows his password."""

    def __init__(self, app: Web) -> None:
        self.city, self.engine = shipped_city(), app.extensions["engine"]
        self.head = next(each for each in self.city.people if each.holds(Role.UNIT_HEAD))
        unit = next(post.organ for post in self.head.posts if post.role == Role.UNIT_HEAD)
        self.clerk = self.city.clerks_of(unit)[0]
        self.home = self.city.home(unit, self.clerk.id)

    def tables(self, number: int, **more):
        return many_waiting(self.engine, number, home=self.home, clerk=self.clerk, **more)

    def stages(self, tables):
        with begin(self.engine) as tx:
            journal = PostgresJournal(tx)
            return [journal.lock_table(each.id).stage for each in tables]

    def events(self) -> int:
        with begin(self.engine) as tx:
            return int(tx.scalar("SELECT count(*) FROM log.event WHERE subject = 'table'"))


@pytest.fixture(scope="module")
def city(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Web, Database]]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    yield app, database
    app.extensions["engine"].dispose()
    cluster.drop(database)


@pytest.fixture
def host(city: tuple[Web, Database], monkeypatch: pytest.MonkeyPatch) -> Host:
    app, database = city
    monkeypatch.setenv("GOALTRAIL_DATABASE_URL", database.app_url)
    monkeypatch.setenv("GOALTRAIL_PASSWORD", shipped_city().password)
    return Host(app)


def test_the_worklist_becomes_a_list_to_act_on(host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables = host.tables(4, key={3})
    assert worklist.main(["--as", host.head.id, "--csv"]) == 0
    printed = capsys.readouterr().out
    mine = {str(each.id): each for each in tables}
    rows = [row for row in csv.DictReader(io.StringIO(printed)) if row["table"] in mine]
    assert {row["table"]: row["content_hash"] for row in rows} == {name: each.content_hash for name, each in mine.items()}
    path = tmp_path / "ids.csv"
    path.write_text("\n".join(each for each in printed.splitlines() if each[:36] in mine or each.startswith("table,")), encoding="utf-8")
    assert acting.main(["return", str(tables[0].id), "--as", host.head.id, "--reason", "指标值与目标不匹配"]) == 0
    capsys.readouterr()
    assert acting.main(["approve", "--as", host.head.id, "--file", str(path)]) == 1
    said = capsys.readouterr().out
    assert (said.count("已办理，现处于主管部门审核"), said.count("未办理：")) == (2, 2)
    assert "重点项目须单独审核" in said
    assert host.stages(tables) == [Stage.DRAFT, Stage.DEPARTMENT_REVIEW, Stage.DEPARTMENT_REVIEW, Stage.UNIT_REVIEW]
    assert worklist.main(["--as", host.head.id]) == 0
    left = capsys.readouterr().out
    assert [str(each.id) in left for each in tables] == [False, False, False, True]


def test_the_worklist_names_what_waits_for_ones_word_besides(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    (table,) = host.tables(1, key={0})
    assert acting.main(["void", str(table.id), "--as", host.clerk.id, "--reason", "项目取消不再实施"]) == 0
    capsys.readouterr()
    assert worklist.main(["--as", host.head.id]) == 0
    tasks, _sum, asked = capsys.readouterr().out.partition("项待办。\n")
    assert [line for line in asked.splitlines() if str(table.id) in line] == [
        f"{table.id}  作废  {table.title}  项目取消不再实施"
    ]
    assert str(table.id) in tasks
    assert worklist.main(["--as", host.clerk.id]) == 0
    assert str(table.id) not in capsys.readouterr().out


def test_a_list_of_one_line_is_a_bulk_act_and_a_single_act_is_not(host: Host, tmp_path: Path) -> None:
    (table,) = host.tables(1, key={0})
    path = tmp_path / "ids.csv"
    path.write_text(f"table\n{table.id}\n", encoding="utf-8")
    assert acting.main(["approve", "--as", host.head.id, "--file", str(path)]) == 1
    assert acting.main(["approve", "--as", host.head.id, str(table.id)]) == 0
    assert host.stages([table]) == [Stage.DEPARTMENT_REVIEW]


def test_all_or_none_and_a_repeat_under_the_same_command(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    tables = host.tables(3, key={1})
    names, before = [str(each.id) for each in tables], host.events()
    assert acting.main(["approve", "--as", host.head.id, "--all-or-none", *names]) == 1
    assert host.events() == before
    same = ["approve", "--as", host.head.id, "--command", "7d0d3bd3-3b2f-4c59-9a75-34f4e1a6c001", names[0], names[2]]
    for _ in range(2):
        capsys.readouterr()
        assert acting.main(same) == 0
        assert capsys.readouterr().out.count("已办理，现处于主管部门审核") == 2
    assert host.events() == before + 6


def test_a_dry_run_says_what_would_be_recorded_and_keeps_nothing(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    """J9: for one table sentences and notices, for many a line each."""
    tables = host.tables(2)
    before = host.events()
    assert acting.main(["approve", "--as", host.head.id, "--opinion", "同意", "--dry-run", str(tables[0].id)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"将记录：{host.head.name}（单位负责人）：审核结论：通过，意见：同意。"
    assert said[-1] == f"{tables[0].id}  预演，未办理：将处于主管部门审核"
    assert any(each.startswith("将通知：待办") for each in said)
    assert acting.main(["approve", "--as", host.head.id, "--dry-run", *(str(each.id) for each in tables)]) == 0
    assert capsys.readouterr().out.count("预演，未办理：将处于主管部门审核") == 2
    assert acting.main(["close", "--as", host.head.id, "--dry-run", str(tables[0].id)]) == 1
    assert (host.events(), host.stages(tables)) == (before, [Stage.UNIT_REVIEW] * 2)


@pytest.mark.parametrize("arguments", [
    ["approve"], ["return", "{}", "--reason", "不妥"], ["return", "{}"], ["void", "{}", "{}", "--reason", "项目取消不再实施"],
    ["approve", "{}", "--set", "moon=1"], ["approve", "{}", "--set", "moon"], ["approve", "--file", "/nowhere.csv"],
])  # fmt: skip
def test_what_is_typed_wrong_is_a_sentence(host: Host, arguments: list[str]) -> None:
    tables = iter(host.tables(2))
    typed = [str(next(tables).id) if each == "{}" else each for each in arguments]
    before = host.events()
    with pytest.raises(FieldsInvalid):
        acting.main([*typed, "--as", host.head.id])
    assert host.events() == before


def test_other_actions_take_their_fields_by_name(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    (table,) = host.tables(1)
    task = next(desk.task for desk in table.desks)
    assert acting.main(["claim", "--as", host.head.id, "--set", f"task={json.dumps(task)}", str(table.id)]) == 0
    assert "已办理" in capsys.readouterr().out


def test_nobody_acts_in_anothers_name(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """The password is that person's own, in every mode; one that somebody else had set must be changed first."""
    (table,) = host.tables(1)
    monkeypatch.setattr(operating, "is_for_one_use", lambda _tx, _person: True)
    with pytest.raises(PasswordToChange):
        acting.main(["approve", "--as", host.head.id, str(table.id)])
    monkeypatch.setenv("GOALTRAIL_PASSWORD", "guessed")
    for main, rest in ((acting.main, ["approve", str(table.id)]), (worklist.main, [])):
        with pytest.raises(NotAllowed):
            main([*rest, "--as", host.head.id])
    assert host.stages([table]) == [Stage.UNIT_REVIEW]


def test_the_verbs_are_known_by_their_names(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    assert {"act", "bulk", "worklist"} <= set(VERBS)
    clerk = next(each for each in host.city.people if each.holds(Role.FINANCE_BUDGET))
    assert run(["worklist", "--as", clerk.id]) == 0
    assert capsys.readouterr().out == "共 0 项待办。\n"
