"""通知设置、通知用语、通知发送 and the links of notices: H5–H9 on the pages, in one city for all tests."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from service.app import Web
from tests.api.asking import fresh_cases
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.web_city import counts_no_requests, field, planted, visitor
from tests.support.web_story import Story
from workflows.commands.tracing import trace_stream
from workflows.delivery.endpoints import Endpoint
from workflows.store.preferences import preferences_of
from workflows.store.transaction import begin
from workflows.vocabulary import Role

HEAD, CLERK, ADMIN = "fuzeren", "jingban", "xitong"


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("notices"))
    counts_no_requests(app)
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def case(web: Web) -> Story:
    """A table of its own in the hands of the unit's head."""
    (one,) = fresh_cases(web)
    return one.drafted().submitted()


def letter(web: Web, story: Story, recipient: str = HEAD, channel: str = "mail", state: str = "sent") -> UUID:
    """A letter about the story's table, as if a worker had done with it."""
    asked = {"stream": story.id, "person": recipient, "channel": channel, "state": state}
    with begin(web.extensions["engine"]) as tx:
        found = tx.scalar("UPDATE desk.outbox SET state = :state, last_error = '451 later' WHERE id = (SELECT id FROM desk.outbox"
            " WHERE log_stream = :stream AND recipient = :person AND channel = :channel ORDER BY version DESC LIMIT 1) RETURNING id", **asked)
    return UUID(str(found))


def rows(web: Web, sql: str, **values: object) -> list[dict[str, object]]:
    with begin(web.extensions["engine"]) as tx:
        return [dict(row) for row in tx.rows(sql, **values)]


def sends(somebody, page: str, address: str, **form: object):
    data = {"csrf_token": field(somebody.sees(page), "csrf_token"), "command_id": str(uuid4()), **form}
    return somebody.client.post(address, data=data)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


SHIPPED = {f"{each} mail": "1" for each in ("task", "return", "reminder", "copy", "system")}
HOURS = {"quiet": "1", "quiet_from": "22:00", "quiet_to": "07:30"}


def test_h5_a_choice_is_previewed_then_kept(web: Web) -> None:
    who = visitor(web, "yusuanke")
    shown = sends(who, "/account/notices", "/account/notices", do="preview", morning="1", **SHIPPED, **HOURS)
    assert (shown.status_code, "以下为预览，尚未保存" in shown.text, "并入每日汇总" in shown.text) == (200, True, True)
    assert chosen(web, "yusuanke") is None
    kept = sends(who, "/account/notices", "/account/notices", **{**SHIPPED, "copy mail": ""}, **HOURS)
    assert (kept.status_code, kept.location) == (303, "/account/notices")
    mine = chosen(web, "yusuanke")
    assert (str(mine.quiet), mine.quiet.days_off, mine.morning, mine.unwanted) == ("22:00-07:30", False, False, {("copy", "mail")})
    assert 'name="copy mail" value="1" aria-label="抄送和结果：邮件">' in who.sees("/account/notices")


def chosen(web: Web, who: str):
    with begin(web.extensions["engine"]) as tx:
        return preferences_of(tx, [who]).get(who)


@pytest.mark.parametrize("wrong", [{"quiet_from": "25:00"}, {"quiet_from": "07:30"}, {"mobile": "12345"}, {"mobile": "http://a"}, {"task sms": "1"}])
def test_hours_and_numbers_that_are_none_are_refused_with_what_was_typed(web: Web, text_messages: None, wrong: dict[str, str]) -> None:
    ((name, typed),) = wrong.items()
    sent = sends(visitor(web, "yewuke"), "/account/notices", "/account/notices", **SHIPPED, **{**HOURS, **wrong})
    assert (sent.status_code, chosen(web, "yewuke")) == (422, None)
    assert ("尚未保存" in sent.text, re.search(f'name="{name}"[^>]* value="{typed}"[^>]*( aria-invalid| checked)', sent.text) is not None) == (True, True)


@pytest.fixture
def text_messages(web: Web) -> Iterator[None]:
    """The operator set up a gateway of text messages."""
    before = web.settings
    web.settings = replace(before, endpoints=(Endpoint("sms", "短信", "https://sms.example/send", secret="whsec_" + "a" * 32),))
    yield
    web.settings = before


def test_h2_a_number_is_given_masked_changed_and_taken_away_without_a_trace_of_it(web: Web, text_messages: None) -> None:
    who, page = visitor(web, "fenguan"), "/account/notices"
    assert 'name="urgent sms" value="1" aria-label="紧急通知：短信" checked' in who.sees(page)
    for typed in ("138 0000 1234", "13900005678", ""):
        form = {"mobile": typed} if typed else {"mobile_gone": "1"}
        assert sends(who, page, page, **SHIPPED, **HOURS, **form, **{"urgent sms": "1"}).status_code == 303
        shown, mine = who.sees(page), chosen(web, "fenguan")
        number = typed.replace(" ", "")
        assert (mine.mobile, ("urgent", "sms") in mine.wanted) == (number, bool(number))
        assert ("****" in shown, bool(number) and number in shown) == (bool(number), False)
    mine = trace_stream("fenguan")
    log = rows(web, "SELECT convert_from(body, 'UTF8') AS body FROM log.event WHERE kind = 'account.mobile_changed' AND stream_id = :mine ORDER BY version", mine=mine)
    assert [re.search(r'"change":"(\w+)"', str(row["body"]))[1] for row in log] == ["set", "changed", "removed"]
    assert re.search("13800001234|13900005678", str(log)) is None


def test_a_number_changed_on_the_page_that_one_went_back_to_leaves_its_trace_too(web: Web, text_messages: None) -> None:
    who, page, form = visitor(web, "jingban"), "/account/notices", {"command_id": str(uuid4())}
    for typed in ("13800001234", "13800001234", "13900005678"):
        assert sends(who, page, page, **SHIPPED, **HOURS, **form, mobile=typed).status_code == 303
    log = rows(web, "SELECT convert_from(body, 'UTF8')::jsonb -> 'data' ->> 'change' AS change FROM log.event WHERE kind = 'account.mobile_changed' AND stream_id = :mine ORDER BY version", mine=trace_stream("jingban"))
    assert [row["change"] for row in log] == ["set", "changed"]


def test_a_number_is_kept_where_the_field_is_left_empty(web: Web, text_messages: None) -> None:
    who, page = visitor(web, "baomi"), "/account/notices"
    for form in ({"mobile": "13800001234"}, {"mobile": ""}):
        assert sends(who, page, page, **SHIPPED, **HOURS, **form, **{"task sms": "1"}).status_code == 303
    assert (chosen(web, "baomi").mobile, chosen(web, "baomi").wanted) == ("13800001234", {("task", "sms")})


def test_a_channel_that_the_operator_did_not_set_up_cannot_be_chosen(web: Web) -> None:
    sends(visitor(web, "jixiaoke"), "/account/notices", "/account/notices", **SHIPPED, **HOURS, **{"task wecom": "1", "task webhook:evil": "1"})
    assert chosen(web, "jixiaoke").wanted == frozenset()


def test_h6_words_are_previewed_proposed_and_published_by_another(web: Web) -> None:
    author, other, page = visitor(web, "liucheng"), visitor(web, "liucheng2"), "/notice-words/thread.opened"
    typed = {"subject": "请看批注：{表名}", "text": "{表名}有新批注，请逐条答复。{链接}"}
    shown = sends(author, page, page, do="preview", **typed)
    assert "请看批注：《农村道路维护经费》" in shown.text
    assert sends(author, page, page, do="propose", **typed).status_code == 303
    assert "发布</button>" not in author.sees(page), "the author has no button"
    version = field(other.sees(page), "content_hash")
    refused = sends(author, page, f"{page}/publish", content_hash=version)
    assert (refused.status_code, "职责分离" in refused.text) == (403, True)
    assert sends(other, page, f"{page}/publish", content_hash=version).status_code == 303
    assert "本单位用语" in other.sees("/notice-words")
    assert rows(web, "SELECT content_hash FROM desk.notice_words WHERE key = 'thread.opened'") == [{"content_hash": version}]


def test_words_with_an_unknown_placeholder_are_refused_with_what_was_typed(web: Web) -> None:
    page = "/notice-words/copy.sent"
    sent = sends(visitor(web, "liucheng"), page, page, do="propose", subject="抄送", text="{表名}{密码}")
    assert (sent.status_code, "正文的{密码}不是可用的占位符。" in sent.text, "{表名}{密码}</textarea>" in sent.text) == (422, True, True)


@pytest.mark.parametrize("address", ["/notice-words", "/notice-words/copy.sent", "/operation/letters"])
def test_a_clerk_has_no_business_there(web: Web, address: str) -> None:
    assert visitor(web, CLERK).client.get(address).status_code == 403


def test_h7_a_dead_letter_is_sent_again_with_a_reason_and_the_log_says_so(web: Web) -> None:
    story = case(web)
    dead, admin = letter(web, story, state="dead"), visitor(web, ADMIN)
    shown = words(admin.sees("/operation/letters"))
    assert "451 later" in shown
    address = f"/operation/letters/{dead}/again"
    assert sends(admin, "/operation/letters", address, reason="无").status_code == 422
    form = {"csrf_token": field(admin.sees("/operation/letters"), "csrf_token"), "command_id": str(uuid4()), "reason": "邮件服务器已恢复"}
    assert [admin.client.post(address, data=form).status_code for _ in range(2)] == [303, 303]
    told = rows(web, "SELECT version, convert_from(body, 'UTF8')::jsonb -> 'data' ->> 'again' AS again FROM log.event WHERE stream_id = :id", id=dead)
    (fact,) = told
    assert rows(web, "SELECT state FROM desk.outbox WHERE id = CAST(:id AS uuid)", id=fact["again"]) == [{"state": "pending"}]
    assert rows(web, "SELECT state, answer FROM desk.outbox WHERE id = :id", id=dead) == [{"state": "dropped", "answer": f"已重发：{fact['again']}"}]
    refused = sends(admin, "/operation/letters", address, reason="再来一次试试")
    assert (refused.status_code, "已经重发" in refused.text) == (409, True)


def test_h7_all_that_was_given_up_goes_out_again_at_once(web: Web) -> None:
    ids = [letter(web, case(web), state="dead") for _ in range(1)]
    assert sends(visitor(web, ADMIN), "/operation/letters", "/operation/letters/again", reason="邮件服务器已恢复", channel="mail").status_code == 303
    left = rows(web, "SELECT count(*) AS n FROM desk.outbox WHERE state = 'dead' AND id = ANY(:ids)", ids=ids)
    assert left == [{"n": 0}]


def test_h7_a_reason_that_is_none_comes_back_as_typed_and_nothing_is_sent(web: Web) -> None:
    dead, admin = letter(web, case(web), state="dead"), visitor(web, ADMIN)
    for address in (f"/operation/letters/{dead}/again", "/operation/letters/again"):
        sent = sends(admin, "/operation/letters", address, reason="再发")
        assert (sent.status_code, "请写明重发的理由（5至200字）。" in words(sent.text), 'value="再发" aria-invalid="true"' in sent.text) == (422, True, True)
    assert rows(web, "SELECT state FROM desk.outbox WHERE id = :id", id=dead) == [{"state": "dead"}]


def test_h7_a_receiver_has_his_own_sent_again_and_nobody_elses(web: Web) -> None:
    mine = letter(web, case(web))
    address = f"/account/notices/{mine}/again"
    assert sends(visitor(web, CLERK), "/account/notices", address).status_code == 404
    assert sends(visitor(web, HEAD), "/account/notices", address).status_code == 303
    assert rows(web, "SELECT count(*) AS n FROM log.event WHERE stream_id = :id", id=mine) == [{"n": 1}]


def test_h8_a_link_leads_through_the_door_to_the_task_with_its_button(web: Web) -> None:
    story = case(web)
    link = f"/n/{letter(web, story)}"
    client = web.test_client()
    door = client.get(link)
    assert door.status_code == 302
    page = client.get(door.location)
    form = {"csrf_token": field(page.text, "csrf_token"), "next": unescape(field(page.text, "next")), "login": HEAD, "password": visitor(web, HEAD).city.password}
    entered = client.post("/login", data=form)
    shown = client.get(entered.location, follow_redirects=True)
    assert (shown.request.path, shown.status_code) == (f"/tables/{story.id}", 200)
    assert f'/tables/{story.id}/approve"' in shown.text
    story.approved(Role.UNIT_HEAD)
    after = client.get(link, follow_redirects=True)
    assert (after.status_code, f'/tables/{story.id}/approve"' in after.text) == (200, False)


def test_a_link_of_somebody_elses_notice_is_not_found(web: Web) -> None:
    link = f"/n/{letter(web, case(web))}"
    assert [visitor(web, who).client.get(link).status_code for who in (CLERK, ADMIN)] == [404, 404]


EVENTS = "SELECT count(*) FROM log.event WHERE subject <> 'log' AND kind <> 'task.opened'"
"""All but the traces of reading: that its handler opened a task is noted, for whoever wants it back (A14)."""


@pytest.mark.parametrize("who", ["", HEAD])
def test_h9_a_scanner_that_follows_every_link_decides_nothing(web: Web, who: str) -> None:
    story = case(web)
    ids = {"table_id": str(story.id), "letter_id": str(letter(web, story)), "document_id": story.table.document, "action": "approve"}
    client = visitor(web, who).client if who else web.test_client()
    before, asked = events(web), 0
    for rule in web.url_map.iter_rules():
        if "GET" in rule.methods and rule.arguments <= ids.keys():
            address = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", lambda found: ids[found[1]], rule.rule)
            tail = "?do=approve&action=approve&opinion=x"
            assert client.get(address + tail).status_code < 500 or rule.rule == "/readyz", address
            asked += 1
    assert asked > 60
    assert (events(web), [desk.node for desk in story.table.desks]) == (before, ["unit_head"])


def events(web: Web) -> int:
    with web.extensions["engine"].connect() as connection:
        return int(connection.execute(text(EVENTS)).scalar_one())
