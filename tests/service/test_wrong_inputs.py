"""What a page says to a wrong input: the sentence on the page itself, what was typed still in its box."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from service.app import Web
from tests.service.test_web_pages import draft_fields, table_called
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.web_city import planted, visitor
from workflows.events.evidence import AttachmentAdded
from workflows.events.tables import TableSubmitted
from workflows.events.traces import AuditExported
from workflows.words.sentences import SENTENCES


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


@pytest.mark.parametrize(("login", "address", "kept", "sentence"), [
    ("guancha", "/audit/verify?table=乱写", 'value="乱写"', "请填写绩效目标表的编号，或台账序号（如 #120）。"),
    ("guancha", "/access?as_of=gestern", 'value="gestern"', "时点须写成日期"),
    ("shenjiguanli", "/traces?since=gestern&kind=grant.given", 'value="gestern"', "时点须写成日期"),
    ("baomi", "/erasures?table=abc", 'value="abc"', "请填写绩效目标表的编号（36位）或其页面链接。"),
])  # fmt: skip
def test_the_page_asked_says_what_is_wrong_and_keeps_it(
    web: Web, login: str, address: str, kept: str, sentence: str
) -> None:
    answer = visitor(web, login).client.get(address)
    assert (answer.status_code, kept in answer.text, sentence in answer.text) == (422, True, True)


def test_a_wrong_day_does_not_lose_the_other_filters(web: Web) -> None:
    page = visitor(web, "shenjiguanli").client.get("/traces?since=gestern&kind=grant.given").text
    assert '<option value="grant.given" selected>' in page


def test_a_missing_reason_is_no_conflict(web: Web) -> None:
    clerk, table = visitor(web, "jingban"), table_called(web, "法律顾问咨询费")
    address = f"/tables/{table.id}/draft"
    sent = {**draft_fields(clerk.sees(address)), "do": "save", "purpose": "另一个用途", "reason": ""}
    page = clerk.client.post(address, data=sent).text
    assert "请在页面底部填写改动理由" in page
    assert ("另一个用途" in page, "与最新内容不同之处" in page, 'aria-invalid="true" autofocus' in page) == (True, False, True)


def test_a_wrong_address_keeps_the_reader_inside_and_strangers_outside(web: Web) -> None:
    inside, outside = (visitor(web, login).client.get("/nirgends") for login in ("jingban", None))
    assert (inside.status_code, "退出" in inside.text) == (404, True)
    assert (outside.status_code, "退出" in outside.text) == (404, False)


def a_fact(kind: type, **known: Any) -> Any:
    return kind(**{each.name: known.get(each.name, "") for each in fields(kind)})


def test_sentences_speak_to_people(web: Web) -> None:
    table = "330073ba-ac73-58e3-b8e6-f84f96f43eac"
    said = [
        SENTENCES["table.submitted"](a_fact(TableSubmitted, round=2, changed=3, note="已按意见改正")),
        SENTENCES["attachment.added"](a_fact(AttachmentAdded, name="验收单.pdf", media_type="application/pdf", size=2048)),
        SENTENCES["audit.exported"](a_fact(AuditExported, scope="all", size=9, events=9)),
        SENTENCES["audit.exported"](a_fact(AuditExported, scope=f"table:{table}", size=9, events=4)),
        SENTENCES["audit.exported"](a_fact(AuditExported, scope="year:2021", size=9, events=4)),
    ]
    assert said == [
        "提交绩效目标表（第2轮），较上次内容改动3处，说明：已按意见改正",
        "添加附件《验收单.pdf》（PDF，2,048字节）",
        "导出审计包（全部台账，9条记录，台账规模9）",
        f"导出审计包（绩效目标表 {table}，4条记录，台账规模9）",
        "导出审计包（2021年度，4条记录，台账规模9）",
    ]
