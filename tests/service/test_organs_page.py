"""机构 page, command line and interface (E8): the tree as of a day, a look at what is touched, then the change; history."""

import re
from collections.abc import Iterator
from html import unescape
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from service.app import Web
from service.cli import organ as verb
from service.demo.city import shipped_city
from tests.api.asking import Program
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.web_city import Visitor, field, planted, visitor
from tests.support.web_story import Story
from workflows.store.transaction import begin
from workflows.vocabulary import Role, Stage
from workflows.workdays import beijing_date

NUMBER = "清编发〔2026〕3号"


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("city"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOALTRAIL_DATABASE_URL", database.app_url)
        patch.setenv("GOALTRAIL_PASSWORD", shipped_city().password)
        yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def today(web: Web) -> str:
    with begin(web.extensions["engine"]) as tx:
        return beijing_date(tx.now()).isoformat()


def asked(web: Web, **news: object) -> dict[str, object]:
    return {"doc_no": NUMBER, "day": today(web), **news}


def posts(inside: Visitor, address: str, page: str, **form: object) -> TestResponse:
    data = {"csrf_token": field(page, "csrf_token"), "command_id": str(uuid4()), **form}
    return inside.client.post(address, data=data)


def test_e8_a_department_is_merged_after_a_look_and_the_history_names_old_and_new(web: Web) -> None:
    story = Story(web, "干部培训费").drafted().submitted().approved(Role.UNIT_HEAD)
    last, officer = len(story.history), visitor(web, "anquan")
    page = officer.sees("/organs")
    assert ("清江市纪律检查委员会监察委员会" in page, "登记机构变动" in page) == (True, True)
    form = asked(web, act="merge", organ="qj-jw", to="qj-xc")
    looked = posts(officer, "/organs/preview", page, **form)
    said = words(looked.text)
    assert looked.status_code == 200
    assert re.search(r"尚未办理。涉及未办结的表\d+张、待办1项、岗位3个", said), said
    assert ("徐慧敏（guicai）：规划财务处" in said, "无人担任" in said, "被并入机构的岗位随之终止" in said) == (True, False, True)
    assert "承接：" not in officer.sees("/organs")
    unseen = posts(officer, "/organs", looked.text, **form)
    assert (unseen.status_code, "请先查看影响" in unseen.text) == (422, True)
    overtaken = posts(officer, "/organs", looked.text, **form, seen="70")
    assert (overtaken.status_code, "机构在您查看之后有过变动" in overtaken.text) == (409, True)
    assert posts(officer, "/organs", looked.text, **form, seen=field(looked.text, "seen")).status_code == 303

    heir, former = visitor(web, "xc.guicai"), visitor(web, "guicai")
    assert former.client.get(f"/tables/{story.id}").status_code == 404
    page = heir.sees(f"/tables/{story.id}")
    assert "“清江市纪律检查委员会监察委员会”并入“中共清江市委巡察工作领导小组办公室”" in page
    assert "中共清江市委巡察工作领导小组办公室（原清江市纪律检查委员会监察委员会）" in page
    passed = heir.sends(f"/tables/{story.id}", f"/tables/{story.id}/approve", opinion="同意")
    assert (passed.status_code, story.table.stage) == (303, Stage.FINANCE_APPROVAL)
    decided = next(each for each in reversed(story.history) if each.kind == "task.decided")
    assert (decided.actor_id, decided.organ) == ("xc.guicai", "qj-jw")

    before = heir.sees(f"/tables/{story.id}?as_of={last}")
    assert ("（原清江市纪律检查委员会监察委员会）" in before, "并入“" in before) == (False, False)
    after = heir.sees(f"/tables/{story.id}?as_of={len(story.history)}")
    assert ("（原清江市纪律检查委员会监察委员会）" in after, "并入“" in after) == (True, True)
    page = words(visitor(web, "guancha").sees("/organs"))
    assert ("已撤并、撤销的机构" in page, "登记机构变动" in page, re.search("承接： ?清江市纪律检查委员会监察委员会", page) is not None) == (True, False, True)
    assert "已撤并、撤销的机构" not in words(officer.sees("/organs?as_of=2000-01-01"))


def test_e8_the_page_is_for_officers_and_auditors_and_only_one_of_them_changes_anything(web: Web) -> None:
    answers = {login: visitor(web, login).client.get("/organs").status_code for login in ("anquan", "shenjiguanli", "xitong", "guancha", "jingban", "kf.guicai")}
    assert answers == {"anquan": 200, "shenjiguanli": 200, "xitong": 200, "guancha": 200, "jingban": 403, "kf.guicai": 403}
    other = visitor(web, "xitong")
    form = asked(web, act="rename", organ="qj-zjk", name="清江市绩效专家库")
    for address in ("/organs/preview", "/organs"):
        assert posts(other, address, other.sees("/organs"), **form, seen="0").status_code == 403
    officer = visitor(web, "anquan")
    refused = posts(officer, "/organs/preview", officer.sees("/organs"), **{**form, "day": "2099-01-01"})
    assert (refused.status_code, "将来生效的，请在生效当日登记" in refused.text, "清江市绩效专家库" in refused.text) == (422, True, True)
    assert officer.client.get("/organs?as_of=gestern").status_code == 422


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert verb.main(list(arguments)) == 0
    return capsys.readouterr().out.splitlines()


def test_e8_the_command_line_founds_renames_lists_and_tries(web: Web, capsys: pytest.CaptureFixture[str]) -> None:
    by = ("--doc-no", NUMBER, "--day", today(web), "--login", "anquan")
    (said,) = told(capsys, "found", "qj-kf-xx", "--name", "清江经开区信息中心", "--to", "qj-kf", "--code", "203003", *by)
    assert said.startswith("郭") or "设立预算单位“清江经开区信息中心”，代码203003" in said
    assert "    qj-kf-xx  清江经开区信息中心（预算单位）  代码203003" in told(capsys, "list")
    dry = told(capsys, "merge", "qj-kf-xx", "--to", "qj-kf-zc", "--dry-run", *by)
    assert (dry[0], dry[2]) == ("预演，没有任何改动：", "涉及未办结的表0张、待办0项、岗位0个、进行中的任务0个。")
    told(capsys, "rename", "qj-kf-xx", "--name", "清江经开区数据中心", *by)
    told(capsys, "close", "qj-kf-xx", *by)
    assert "  qj-kf-xx  清江经开区数据中心（已撤销）" in told(capsys, "list")
    assert [line for line in told(capsys, "list", "--as-of", "2026-01-01") if "qj-kf-xx" in line] == []
    assert [line.partition("：")[2][:2] for line in told(capsys, "history") if "经开区" in line] == ["设立", "“清", "撤销"]


def test_e8_programs_read_try_and_change(web: Web) -> None:
    officer = Program(web, "anquan")
    body = {"act": "rename", "organs": ["qj-sjj"], "name": "清江市审计局（机关）", "code": "11320000MB001", **asked(web)}
    dry = officer.post("/organs/changes?dry_run=true", body)
    assert (dry.status_code, dry.json["dry_run"], dry.json["tables"]) == (200, True, 0), dry.text
    named = {each["organ"]: each["name"] for each in officer.get("/organs").json["organs"]}
    assert named["qj-sjj"] == "清江市审计局"
    done = officer.post("/organs/changes", body)
    assert (done.status_code, done.json["dry_run"]) == (201, False)
    shown = officer.get("/organs").json
    (found,) = [each for each in shown["organs"] if each["organ"] == "qj-sjj"]
    assert (found["name"], found["code"], shown["changes"][0]["kind"]) == (body["name"], body["code"], "organ.renamed")
    assert officer.post("/organs/changes", {**body, "name": "清江市审计局", "seen": 0}).status_code == 409
    then = officer.get("/organs?as_of=2026-01-01").json["organs"]
    assert next(each["name"] for each in then if each["organ"] == "qj-sjj") == "清江市审计局"
    assert [Program(web, who).post("/organs/changes", body).status_code for who in ("jingban", "xitong")] == [403, 403]
    assert Program(web, "jingban").get("/organs").status_code == 403
