"""S9, E7, E9 for rule packs on the command line: one proposes, another confirms; list, show, lint, diff."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.app import Web
from service.cli import pack
from service.demo.city import shipped_city
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.web_city import planted, visitor
from workflows.commands.publishing_packs import pack_in_force
from workflows.errors import FieldsInvalid, NotAllowed, NotFound, PackUnfit
from workflows.ledger.hashes import content_hash
from workflows.packs import PACK_NAMES, pack_content
from workflows.store.journal import PostgresJournal
from workflows.store.queries import all_standings, table_in
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


def test_n12_a_year_is_judged_by_two_packs_on_the_command_line_and_the_page(
    web: Web, written: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = json.loads(written.read_text(encoding="utf-8"))
    content["required"]["fields"].append("project_code")
    written.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    with begin(web.extensions["engine"]) as tx:
        rows = [table for row in all_standings(tx) if (table := table_in(tx, row)).pack == "henan-unit"]
    year = rows[0].year
    first, *lines = told(capsys, "replay", "--from", "henan-unit", "--to", str(written), "--year", str(year))
    assert first == f"{year}年度 {len(rows)}张表，{len(rows)}张有差异：henan-unit第{pack_content('henan-unit')['version']}版 → henan-unit第7版（只比较，不改动任何表）"
    assert lines.count("  V-C1 项目编码：无此意见 → 必须改正") == len(rows)
    with pytest.raises(FieldsInvalid, match="1999年度没有锁定规则包"):
        pack.main(["replay", "--from", "henan-unit", "--to", str(written), "--year", "1999"])
    with pytest.raises(FieldsInvalid, match="请写明 --from"):
        pack.main(["replay", "--year", "1999"])
    old, new = (content_hash(pack_content(name)) for name in ("henan-unit", "national-2020"))
    page = visitor(web, "jixiaoke").sees(f"/packs/replay?from={old}&to={new}&year={year}")
    assert "该年度没有锁定原规则包的表。" in page, "they are drafts, which the bureau does not read yet"
    assert visitor(web, "jingban").client.get("/packs/replay").status_code == 403
