"""8.4: the command line lists, refers and answers, for those who may; to others there is nothing to list."""

from pathlib import Path

import pytest

from service.cli import referring
from tests.support import roster
from tests.support.cluster import Database
from tests.workers.desk import BEGINS, Bureau
from workflows.errors import FieldsInvalid, NotFound
from workflows.store.migrating import upgrade
from workflows.store.transaction import begin, make_engine


@pytest.fixture
def bureau(database: Database):
    upgrade(database.owner_url, "simulation", begins=BEGINS)
    engine = make_engine(database.app_url, connections=2)
    yield Bureau(engine).settle_in()
    engine.dispose()


def said(bureau: Bureau, by, *arguments: str) -> str:
    with begin(bureau.engine) as tx:
        return referring.done(tx, by, referring.options_of(["--login", by.id, *arguments]))


def test_refer_list_and_answer(bureau: Bureau, tmp_path: Path) -> None:
    table, words = bureau.table("in_unit_review").id, tmp_path / "事实.txt"
    words.write_text("虚列支出，涉嫌违反财经纪律\n", encoding="utf-8")
    made = said(bureau, roster.FINANCE_LEADER, "--table", str(table), "--words", str(words)).removeprefix("已移送：")
    assert made in said(bureau, roster.OBSERVER)
    for other in (roster.UNIT_HEAD, roster.FINANCE_BUSINESS, roster.AUDIT_ADMIN):
        assert said(bureau, other) == "没有可以查看的移送。"
    answered = said(bureau, roster.FINANCE_PERFORMANCE, "--answer", made, "--outcome", "concluded", "--words", str(words))
    assert answered == "已登记：已办结"
    for refused in (("--answer", made, "--words", str(words)), ("--table", str(table), "--words", str(words))):
        with pytest.raises(NotFound):
            said(bureau, roster.UNIT_HEAD, *refused)
    with pytest.raises(FieldsInvalid):
        said(bureau, roster.FINANCE_LEADER, "--table", str(table))
