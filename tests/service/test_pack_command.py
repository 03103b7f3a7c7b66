"""S9, E7, E9 for rule packs on the command line: one proposes, another confirms; list, show, lint, diff."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.app import Web
from service.cli import pack
from service.demo.city import shipped_city
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.web_city import planted
from workflows.commands.publishing_packs import pack_in_force
from workflows.errors import FieldsInvalid, NotAllowed, NotFound, PackUnfit
from workflows.packs import PACK_NAMES, pack_content
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin


@pytest.fixture
def web(cluster: TestCluster, tmp_path: Path) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOALTRAIL_DATABASE_URL", database.app_url)
        patch.setenv("GOALTRAIL_PASSWORD", shipped_city().password)
        yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    content = pack_content("henan-unit")
    content["version"] = 7
    content["window"]["months"] = 6
    file = tmp_path / "henan.json"
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return file


def months(web: Web) -> int:
    with begin(web.extensions["engine"]) as tx:
        return int(pack_in_force(PostgresJournal(tx), "henan-unit")["window"]["months"])


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert pack.main(list(arguments)) == 0
    return capsys.readouterr().out.splitlines()


def test_one_proposes_and_another_confirms(web: Web, written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [line.split("  ")[0] for line in told(capsys, "list")] == list(PACK_NAMES)
    version = told(capsys, "propose", str(written), "--login", "liucheng")[0].partition("版本 ")[2][:64]
    waiting = [line for line in told(capsys, "list") if "等待发布" in line]
    assert [line.split("  ")[:3] for line in waiting] == [["henan-unit", "第7版", version]]
    with pytest.raises(NotAllowed, match="规则包须由提出人之外的另一名流程管理员发布"):
        pack.main(["confirm", "henan-unit", version, "--login", "liucheng"])
    assert months(web) == 7
    assert told(capsys, "diff", "henan-unit", version) == ["version：2 → 7", "window › months：7 → 6"]
    told(capsys, "confirm", "henan-unit", version, "--login", "liucheng2")
    assert months(web) == 6
    (line,) = [line for line in told(capsys, "list") if line.startswith("henan-unit")]
    assert (line.split("  ")[1], line.split("  ")[3].partition(" ")[2]) == ("第7版", "罗思远发布）")
    assert json.loads("\n".join(told(capsys, "show", "henan-unit"))) == json.loads(written.read_text(encoding="utf-8"))


def test_the_lint_answers_by_its_exit_code(web: Web, written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "lint", str(written)) == ["检查通过。"]
    content = json.loads(written.read_text(encoding="utf-8"))
    content["window"]["months"] = 13
    written.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    assert pack.main(["lint", str(written)]) == 1
    assert capsys.readouterr().out == "P-09  错误  window  监控月数应在1—12之间，写的是13\n"
    with pytest.raises(PackUnfit):
        pack.main(["propose", str(written), "--login", "liucheng"])


@pytest.mark.parametrize(("arguments", "refusal"), [
    (["propose", "henan-unit"], FieldsInvalid), (["propose", "henan-unit", "--login", "xitong"], NotAllowed),
    (["show", "atlantis"], NotFound), (["confirm", "henan-unit"], FieldsInvalid), (["lint"], FieldsInvalid),
])  # fmt: skip
def test_what_cannot_be_done_is_refused(web: Web, arguments: list[str], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        pack.main(arguments)
