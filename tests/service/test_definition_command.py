"""M6, S9, E9 on the command line: two process administrators, the second of whom publishes; lint, diff, picture."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.app import Web
from service.cli import definition
from service.demo.city import shipped_city
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.web_city import planted
from workflows.commands.administering import definition_in_force
from workflows.definitions import shipped
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOALTRAIL_DATABASE_URL", database.app_url)
        patch.setenv("GOALTRAIL_PASSWORD", shipped_city().password)
        yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


@pytest.fixture
def slower(tmp_path: Path) -> Path:
    content = json.loads(json.dumps(shipped()))
    content["nodes"][1]["working_days"] = 4
    file = tmp_path / "slower.json"
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return file


def in_force(web: Web) -> int:
    with begin(web.extensions["engine"]) as tx:
        return definition_in_force(PostgresJournal(tx), "standard")["nodes"][1]["working_days"]


def test_one_proposes_and_another_publishes(web: Web, slower: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert definition.main(["propose", str(slower), "--login", "liucheng"]) == 0
    version = capsys.readouterr().out.partition("版本 ")[2][:64]
    assert in_force(web) == 3
    with pytest.raises(NotAllowed, match="另一名流程管理员发布"):
        definition.main(["publish", "standard", version, "--login", "liucheng"])
    assert definition.main(["diff", "standard", version]) == 0
    assert capsys.readouterr().out == "环节 unit_head 时限（工作日）：3 → 4\n"
    assert definition.main(["publish", "standard", version, "--login", "liucheng2"]) == 0
    assert in_force(web) == 4
    capsys.readouterr()
    assert definition.main(["versions", "standard"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[2].partition("（")[0] for line in told][-2:] == ["黄嘉欣", "罗思远"]


def test_the_lint_says_by_its_exit_code_whether_a_chain_may_be_published(web: Web, slower: Path) -> None:
    assert definition.main(["lint", str(slower)]) == 0
    content = json.loads(slower.read_text(encoding="utf-8"))
    content["nodes"][1]["after"] = ["unit_head"]
    slower.write_text(json.dumps(content), encoding="utf-8")
    assert definition.main(["lint", str(slower)]) == 1


def test_a_picture_is_written_without_a_database(slower: Path, tmp_path: Path) -> None:
    assert definition.main(["picture", str(slower), str(tmp_path / "chain.svg")]) == 0
    assert (tmp_path / "chain.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize("verb", [["propose", "standard"], ["publish", "standard", "0" * 64]])
def test_nobody_proposes_or_publishes_without_saying_who_he_is(web: Web, verb: list[str]) -> None:
    with pytest.raises(FieldsInvalid, match="--login"):
        definition.main(verb)


def test_other_people_are_refused(web: Web, slower: Path) -> None:
    with pytest.raises(NotAllowed):
        definition.main(["propose", str(slower), "--login", "xitong"])


def test_what_is_no_json_is_refused_with_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "chain.json"
    file.write_text("{", encoding="utf-8")
    with pytest.raises(FieldsInvalid, match="须为一个 JSON 文件"):
        definition.main(["picture", str(file)])
