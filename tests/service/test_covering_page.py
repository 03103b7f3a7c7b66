"""代理授权 on the pages: give, look ahead, act as 乙 代 甲, end, waive; a clerk's tables handed over."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from service.cli import account, cover
from service.demo.city import shipped_city
from service.pages import covers_shown
from tests.service.test_closed_step import World
from tests.support.web_city import visitor
from workflows.commands import holding
from workflows.commands.recipe import Seen
from workflows.errors import NotAllowed
from workflows.store.leavers import in_hand_of
from workflows.store.transaction import begin
from workflows.workdays import beijing_date

CITY = shipped_city()
HEAD, DEPUTY, GUARD = CITY.person("fuzeren"), CITY.person("yewu"), CITY.person("anquan")
REASON = "赴省厅参加业务培训"


@pytest.fixture
def world(database, tmp_path):
    made = World(database, tmp_path)
    yield made
    made.engine.dispose()
    made.app.extensions["engine"].dispose()


def day(world, days):
    with begin(world.engine) as tx:
        return (beijing_date(tx.now()) + timedelta(days=days)).isoformat()


def form(world, **news):
    fields = {"deputy": DEPUTY.id, "from_day": day(world, 0), "to_day": day(world, 5), "reason": REASON}
    return {**fields, **news}


def gives(world, by=HEAD.id, to="/covers", **news):
    return visitor(world.app, by).sends("/covers", to, **form(world, **news))


def ids_of(page):
    return re.findall(r"/covers/([0-9a-f-]{36})/end", page)


def test_c3_c4_a_cover_is_given_and_both_names_stand_wherever_the_decision_is_shown(world):
    world.head = HEAD
    table = world.waiting_table()
    assert gives(world).status_code == 303
    assert f"{DEPUTY.name} 代 {HEAD.name}" in visitor(world.app, HEAD.id).sees("/covers")
    deputy = visitor(world.app, DEPUTY.id)
    work = deputy.sees("/work")
    assert f"代 {HEAD.name}" in work
    page = deputy.sees(f"/tables/{table.id}")
    assert f"由您代 {HEAD.name} 办理" in page
    assert deputy.sends(f"/tables/{table.id}", f"/tables/{table.id}/approve", opinion="同意").status_code == 303
    shown = deputy.sees(f"/tables/{table.id}")
    assert f"{DEPUTY.name} 代 {HEAD.name}（单位负责人）：审核结论：通过" in shown
    then = deputy.sees(f"/tables/{table.id}?as_of={table.version + 1}")
    assert f"{DEPUTY.name} 代 {HEAD.name}" in then


def test_c3_the_preview_shows_what_the_deputy_could_do_and_keeps_nothing(world):
    table = world.waiting_table()
    shown = gives(world, to="/covers/preview")
    assert shown.status_code == 200
    assert table.title in shown.text
    assert "授权尚未生效" in shown.text
    page = visitor(world.app, HEAD.id).sees("/covers")
    assert "没有代理授权。" in page
    assert table.title not in visitor(world.app, DEPUTY.id).sees("/work")


def test_s1_the_preview_says_which_tables_the_deputy_filed_himself(world):
    for _ in range(2):
        world.waiting_table()
    shown = gives(world, to="/covers/preview", deputy=world.clerk.id).text
    why = "代理人填报、修改过此表或是其经办人，不能再审核它（职责分离：填报人不得审核）。"
    assert re.findall(r"共(\d+)项，可以代办(\d+)项|<li>(\d+)项不能代办：(.*?)</li>", shown) == [
        ("2", "0", "", ""), ("", "", "2", why),
    ]  # fmt: skip
    assert shown.count(f'<span class="tag amber">不能</span> {why}') == 2


def test_c3_a_long_list_says_how_many_it_counts_and_does_not_name(world, monkeypatch):
    monkeypatch.setattr(covers_shown, "AT_MOST", 3)
    monkeypatch.setattr(covers_shown, "LISTED", 2)
    tables = [world.waiting_table() for _ in range(4)]
    shown = gives(world, to="/covers/preview").text
    assert re.findall(r"共(\d+)项，可以代办(\d+)项|另有(\d+)项未逐项核对|还有(\d+)项没有列出", shown) == [
        ("4", "3", "", ""), ("", "", "1", ""), ("", "", "", "1"),
    ]  # fmt: skip
    assert shown.count(f'<td class="title">{tables[0].title}</td>') == 2


def test_c3_what_the_deputy_was_asked_to_work_on_first_is_not_counted_as_covered(world):
    table, other = world.waiting_table(), world.waiting_table()
    with world.journal() as journal:
        holding.delegate_task(
            journal, other.id, seen=Seen(other.version, other.content_hash), by=world.head, command_id=uuid4(),
            task=other.desks[0].task, person=DEPUTY.id, reason="请先行核对资金明细",
        )  # fmt: skip
    shown = gives(world, to="/covers/preview").text
    assert re.findall(r"共(\d+)项，可以代办(\d+)项", shown) == [("1", "1")]
    assert table.title in shown


@pytest.mark.parametrize(("news", "status", "sentence"), [
    ({"to_day": "2020-01-01"}, 422, "代理期间已经过去或起止颠倒"), ({"reason": "出差"}, 422, "不少于5个字"),
    ({"deputy": "anquan"}, 403, "不能作为代理人"), ({"deputy": "nobody"}, 422, "请选择人员"),
    ({"from_day": "明天"}, 422, "2026-02-01"), ({"most": "很多"}, 422, "须为数字"),
])  # fmt: skip
def test_a_refusal_keeps_the_form_and_says_why(world, news, status, sentence):
    shown = gives(world, **news)
    assert (shown.status_code, sentence in shown.text) == (status, True)
    typed = form(world, **news)
    assert f'value="{typed["to_day"]}"' in shown.text


def test_c3_either_of_them_ends_the_cover_and_a_stranger_finds_none(world):
    gives(world)
    (cover,) = ids_of(visitor(world.app, HEAD.id).sees("/covers"))
    stranger = visitor(world.app, CITY.person("yewuke").id)
    assert stranger.sends("/covers", f"/covers/{cover}/end", reason="与我无关的事").status_code == 404
    deputy = visitor(world.app, DEPUTY.id)
    assert deputy.sends("/covers", f"/covers/{cover}/end", reason="本人也要出差").status_code == 303
    page = deputy.sees("/covers")
    assert ("已提前结束" in page, ids_of(page)) == (True, [])


def test_c3_the_security_administrator_registers_a_cover_for_somebody_absent(world):
    assert gives(world, by=GUARD.id, principal=HEAD.id).status_code == 303
    assert f"由安全管理员{GUARD.name}登记" in visitor(world.app, HEAD.id).sees("/covers")
    assert gives(world, by="xitong", principal=HEAD.id).status_code == 403


def test_the_account_page_leads_to_the_covers(world):
    assert 'href="/covers"' in visitor(world.app, HEAD.id).sees("/account")


def test_s12_only_the_department_sees_and_signs_waivers(world):
    title = "职责分离豁免"
    assert title not in visitor(world.app, HEAD.id).sees("/covers")
    planner = visitor(world.app, "guicai")
    assert "无须豁免" in planner.sees("/covers")
    refused = planner.sends(
        "/covers", "/waivers", unit="qj-kf-zc", waived="fuzeren", until=day(world, 30), waiver_reason="单位人员过少"
    )
    assert refused.status_code == 403


def owned_by(world, who):
    with begin(world.engine) as tx:
        return {row["table_id"] for row in in_hand_of(tx, who).tables}


def test_c7_a_leavers_work_is_listed_and_handed_over_at_once(world):
    table = world.waiting_table()
    successor = CITY.clerks_of(world.home.unit)[1].id
    before, theirs = owned_by(world, world.clerk.id), owned_by(world, successor)
    with world.journal() as journal:
        history = journal.history(table.id)
    guard = visitor(world.app, GUARD.id)
    shown = guard.sees(f"/leavers?account={world.clerk.id}")
    assert (f"经办的表（{len(before)}）" in shown, str(table.id)[:8] in shown or table.title in shown) == (True, True)
    done = guard.sends(
        f"/leavers?account={world.clerk.id}", "/leavers", account=world.clerk.id, successor=successor,
        reason="原经办人已调离单位",
    )  # fmt: skip
    assert (done.status_code, f"已移交{len(before)}项，未移交0项。" in done.text) == (200, True)
    assert (owned_by(world, world.clerk.id), owned_by(world, successor)) == (set(), before | theirs)
    with world.journal() as journal:
        assert journal.history(table.id)[: len(history)] == history


def test_c7_who_closes_an_account_is_told_what_it_leaves_open(world, monkeypatch, capsys):
    monkeypatch.setenv("GOALTRAIL_DATABASE_URL", world.app.settings.database_url)
    monkeypatch.setenv("GOALTRAIL_PASSWORD", CITY.password)
    held = len(owned_by(world, world.clerk.id))
    assert account.main(["disable", world.clerk.id, "--reason", "已调离本单位", "--login", "xitong"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[1].startswith(f"尚有经办的表{held}张、指定或认领的任务0项、代理授权0项，请安全管理员移交")


def test_c7_only_the_security_administrator_hands_over(world):
    assert visitor(world.app, "xitong").client.get("/leavers").status_code == 403


def test_c3_c7_the_command_line_gives_ends_and_hands_over(world, monkeypatch, capsys):
    monkeypatch.setenv("GOALTRAIL_DATABASE_URL", world.app.settings.database_url)
    monkeypatch.setenv("GOALTRAIL_PASSWORD", CITY.password)
    given = ["give", "--to", DEPUTY.id, "--until", day(world, 5), "--reason", REASON, "--most", "500"]
    assert cover.main([*given, "--login", HEAD.id]) == 0
    assert f"已授权{DEPUTY.name}代{HEAD.name}办理" in capsys.readouterr().out
    assert cover.main(["list", "--login", DEPUTY.id]) == 0
    number, *words = capsys.readouterr().out.split()
    assert words[:3] == [DEPUTY.name, "代", HEAD.name]
    assert cover.main(["end", "--cover", number, "--reason", "提前返回岗位", "--login", HEAD.id]) == 0
    capsys.readouterr()
    leaver, successor = world.clerk.id, CITY.clerks_of(world.home.unit)[1].id
    assert cover.main(["leave", "--for", leaver, "--login", GUARD.id]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in listed} == {"经办"}
    handing = ["leave", "--for", leaver, "--to", successor, "--reason", "原经办人已调离单位"]
    assert cover.main([*handing, "--login", GUARD.id]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(listed)
    with pytest.raises(NotAllowed):
        cover.main([*handing, "--login", HEAD.id])
