"""审计: what the head and the notes outside say, who may look, one table verified, evidence to take along, alarms."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from secrets import token_bytes
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from service.app import Web
from service.outside import outside_now, same_note
from tests.support.anchoring import anchor, seal
from tests.support.bundles import Opened
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.hearing import statements_heard
from tests.support.web_city import field, planted, visitor
from tests.support.web_story import Story
from workflows.anchors.alarm import ALARM, Alarm
from workflows.anchors.directory import WITNESSES
from workflows.commands.tracing import INSTALLATION
from workflows.ledger.anchored import KEYS, NEWEST, NOTES, note_name
from workflows.ledger.keys import KeyKind, SigningKey
from workflows.ledger.notes import Checkpoint, Note, parse_checkpoint, parse_note
from workflows.rights.permissions import an_audit_post, an_auditor
from workflows.store.streams import history_of
from workflows.store.table_check import NAMES_OF_CHECKS
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import Actor, Post, Role

AUDITORS = ("guancha", "shenjiguanli", "fenguan", "jixiaoke")
OTHERS = ("jingban", "fuzeren", "guicai", "yewuke", "yusuanke", "xitong", "anquan", "liucheng", "zhuanjia")


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    app.sealer = make_engine(database.sealer_url, connections=1)
    yield app
    app.sealer.dispose()
    app.extensions["engine"].dispose()
    cluster.drop(database)


@pytest.fixture(scope="module")
def story(web: Web) -> Story:
    return Story(web, "干部培训费").drafted().submitted().approved(Role.UNIT_HEAD)


@pytest.fixture
def anchors(web: Web, tmp_path: Path) -> Iterator[Path]:
    """An anchor directory of this test's own."""
    whole, web.settings = web.settings, type(web.settings)(**{**vars(web.settings), "anchor_directory": tmp_path / "anchors"})
    yield tmp_path / "anchors"
    web.settings = whole


def anchored(sealer: Engine, directory: Path) -> Note:
    seal(sealer)
    return parse_note(anchor(sealer, directory).read_bytes())


def witnessed(directory: Path, at: int) -> str:
    """Let a witness cosign the newest note, and publish its key."""
    witness = SigningKey.generate("witness.example", KeyKind.WITNESS, token_bytes)
    note = parse_note((directory / NEWEST).read_bytes())
    note = note.with_signature(witness.sign(note.body, at))
    size = parse_checkpoint(note.body).size
    for file in (directory / NEWEST, directory / NOTES / note_name(size)):
        file.write_bytes(note.text().encode())
    (directory / KEYS).write_text((directory / KEYS).read_text() + witness.vkey + "\n")
    return witness.vkey


def test_the_answers_who_audits_and_who_may_take_everything() -> None:
    holds = {role: Actor("p", "p", (Post(role, "o"),)) for role in Role}
    assert {role for role, actor in holds.items() if an_auditor(actor)} == {
        Role.OBSERVER, Role.AUDIT_ADMIN, Role.FINANCE_LEADER, Role.FINANCE_PERFORMANCE,
    }
    assert {role for role, actor in holds.items() if an_audit_post(actor)} == {Role.OBSERVER, Role.AUDIT_ADMIN}


def test_only_auditors_see_the_page_and_its_place_in_the_navigation(web: Web, anchors: Path, story: Story) -> None:
    assert {login: visitor(web, login).client.get("/audit").status_code for login in AUDITORS} == dict.fromkeys(AUDITORS, 200)
    addresses = ("/audit", "/audit/notes/1", "/audit/sample", f"/audit/verify?table={story.id}")
    for login in OTHERS:
        inside = visitor(web, login)
        assert [inside.client.get(each).status_code for each in addresses] == [403] * len(addresses)
        assert 'href="/audit"' not in inside.sees("/work")
    assert 'href="/audit"' in visitor(web, "guancha").sees("/work")


def test_without_a_note_the_page_says_that_nothing_protects_yet(web: Web, anchors: Path) -> None:
    page = visitor(web, "guancha").sees("/audit")
    assert [words for words in ("还没有外部检查点", "还没有检查点，一切取决于数据库的管理者") if words not in page] == []
    assert "<svg" not in page


def test_the_page_shows_head_note_witness_age_and_how_far_the_log_is_beyond(web: Web, anchors: Path, story: Story) -> None:
    note = anchored(web.sealer, anchors)
    key = witnessed(anchors, 1_793_000_000)
    file = anchors / NOTES / note_name(parse_checkpoint(note.body).size)
    os.utime(file, (file.stat().st_atime, file.stat().st_mtime - 7300))
    said = parse_checkpoint(note.body)
    (anchors / WITNESSES).write_text(json.dumps([{"url": "http://away.example", "vkey": None, "missing": "见证人没有应答。"}]))
    reader = visitor(web, "shenjiguanli")
    page = reader.sees("/audit")
    words = (
        said.root.hex(), said.origin, f"前 {said.size:,} 条记录", "2 小时前", "2026-10-26 15:33:20", "witness.example", "已见证", "见证人没有应答。",
        "台账的树根与检查点相同", "台账与最新的外部检查点一致，签名有效，并已由见证人见证。", "<svg", key.replace("+", "&#43;"), note.text().split("\n")[2].replace("+", "&#43;"),
    )  # fmt: skip
    assert [word for word in words if word not in page and word.replace("&#43;", "+") not in page] == []
    seal(web.sealer)
    later = reader.sees("/audit")
    assert "条，等待下一个检查点" in later


def test_an_alarm_stands_at_the_top(web: Web, anchors: Path) -> None:
    anchored(web.sealer, anchors)
    alarm = Alarm("smaller", "数据库中的台账比已签发的检查点短。", "2026-03-01T04:00:00+00:00", log_size=3, anchored_size=9)
    (anchors / ALARM).write_text(alarm.to_text(), encoding="utf-8")
    page = visitor(web, "guancha").sees("/audit")
    assert ("警报：数据库中的台账比已签发的检查点短。" in page, "2026-03-01 12:00:00" in page) == (True, True)


def test_a_note_that_says_another_root_or_more_events_is_not_agreed_with(web: Web, anchors: Path) -> None:
    note = anchored(web.sealer, anchors)
    said = parse_checkpoint(note.body)
    key = SigningKey.generate(said.origin, KeyKind.LOG, token_bytes)
    for false in (Checkpoint(said.origin, said.size, bytes(32)), Checkpoint(said.origin, said.size + 7, said.root)):
        body = false.body()
        for file in (anchors / NEWEST, anchors / NOTES / note_name(false.size)):
            file.write_bytes(Note(body).with_signature(key.sign(body)).text().encode())
        page = visitor(web, "guancha").sees("/audit")
        assert ("台账与外部检查点不一致" in page, "无效" in page) == (True, True)
        assert ("下面所说的保护都不成立" in page, "请另行保存这份检查点" in page) == (True, False)


def test_damaged_files_are_said_and_do_not_break_the_page(web: Web, anchors: Path) -> None:
    anchored(web.sealer, anchors)
    (anchors / NEWEST).write_bytes(b"\xff\xfe nothing")
    assert "外部检查点读不出来" in visitor(web, "guancha").sees("/audit")
    (anchors / NEWEST).unlink()
    (anchors / NEWEST).mkdir()
    assert "外部检查点读不出来" in visitor(web, "guancha").sees("/audit")
    assert outside_now(anchors).newest is None


def test_notes_are_listed_with_their_copies_outside_and_can_be_taken_along(web: Web, anchors: Path) -> None:
    reader = visitor(web, "guancha")
    note = anchored(web.sealer, anchors)
    size = parse_checkpoint(note.body).size
    answer = reader.client.get(f"/audit/notes/{size}")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, note.text(), "text/plain")
    assert [reader.client.get(f"/audit/notes/{each}").status_code for each in (999999, 10**40)] == [404, 404]
    (anchors / NOTES / note_name(size)).unlink()
    assert "没有找到" in reader.sees("/audit")
    assert reader.client.get(f"/audit/notes/{size}").status_code == 200
    assert (same_note(note.text(), note.text()), same_note(note.text(), "x")) == (True, False)


def test_the_list_of_notes_asks_the_same_number_of_questions_for_one_and_for_three(web: Web, anchors: Path) -> None:
    reader, counts = visitor(web, "fenguan"), []
    for login in ("guicai", "yewuke", "yusuanke"):
        visitor(web, login)  # whose signing in makes the log grow
        anchored(web.sealer, anchors)
        reader.sees("/audit")
        with statements_heard() as statements:
            reader.sees("/audit")
        counts.append(len(statements))
    assert counts == counts[:1] * 3


def test_one_table_is_verified_check_by_check(web: Web, anchors: Path, story: Story) -> None:
    anchored(web.sealer, anchors)
    page = visitor(web, "jixiaoke").sees(f"/audit/verify?table={story.id}")
    assert [name for name in NAMES_OF_CHECKS if name not in page] == []
    assert page.count('<span class="tag green">相符</span>') == len(NAMES_OF_CHECKS) + 1
    assert ("这是系统自己的核验" in page, "verify.py" in page, story.title in page) == (True, True, True)


def test_a_table_is_found_by_its_place_in_the_log_and_by_lot(web: Web, anchors: Path, story: Story) -> None:
    anchored(web.sealer, anchors)
    reader = visitor(web, "guancha")
    assert "核验" in reader.sees("/audit/verify?table=%230")
    drawn = reader.client.get("/audit/sample")
    assert drawn.status_code == 302
    assert reader.client.get(drawn.headers["Location"]).status_code == 200
    asked = ("", "x", "%2399999999", str(uuid4()), "1" * 30)
    assert [reader.client.get(f"/audit/verify?table={each}").status_code for each in asked] == [422, 422, 404, 404, 422]


def test_an_audit_admin_verifies_without_seeing_the_title(web: Web, anchors: Path, story: Story) -> None:
    anchored(web.sealer, anchors)
    page = visitor(web, "shenjiguanli").sees(f"/audit/verify?table={story.id}")
    assert (story.title in page, str(story.id) in page) == (False, True)


def exported(inside, **fields: object):
    token = field(inside.sees("/audit"), "csrf_token")
    return inside.client.post("/audit/export", data={"csrf_token": token, **fields})


def test_the_evidence_of_one_table_and_of_all_is_handed_out_and_recorded(web: Web, anchors: Path, story: Story) -> None:
    anchored(web.sealer, anchors)
    reader = visitor(web, "guancha")
    one, everything = exported(reader, table=str(story.id)), exported(reader)
    assert [answer.status_code for answer in (one, everything)] == [200, 200]
    opened = [Opened(answer.data) for answer in (one, everything)]
    assert [each.manifest["scope"]["kind"] for each in opened] == ["table", "all"]
    assert {"verify.py", "README.txt", "vkeys"} <= opened[0].members.keys()
    with begin(web.extensions["engine"]) as tx:
        told = [each for each in history_of(tx, INSTALLATION) if each.kind == "audit.exported"]
    assert [(each.actor_id, each.fact.scope) for each in told[-2:]] == [("guancha", f"table:{story.id}"), ("guancha", "all")]


def test_the_whole_log_is_for_audit_posts_and_a_table_for_who_may_read_it(web: Web, anchors: Path, story: Story) -> None:
    anchored(web.sealer, anchors)
    leader = visitor(web, "fenguan")
    draft = Story(web, "SHCE 专项经费")
    assert [exported(leader).status_code, exported(leader, table=str(story.id)).status_code] == [403, 200]
    assert [exported(leader, table=str(draft.id)).status_code, exported(leader, table="x").status_code] == [404, 422]
    observer = visitor(web, "guancha")
    assert [exported(observer, table=str(each)).status_code for each in (uuid4(), story.table.document)] == [404, 404]
    clerk = visitor(web, "jingban")
    token = field(clerk.sees("/work"), "csrf_token")
    assert clerk.client.post("/audit/export", data={"csrf_token": token}).status_code == 403
    assert visitor(web, "guancha").client.post("/audit/export").status_code == 400


def test_an_auditors_look_is_recorded_once_a_day(web: Web, anchors: Path, story: Story) -> None:
    reader = visitor(web, "guancha")
    for _ in range(2):
        reader.sees("/audit")
        reader.sees(f"/audit/verify?table={story.id}")
    with web.extensions["engine"].connect() as connection:
        kinds = connection.exec_driver_sql(
            "SELECT convert_from(body, 'UTF8')::jsonb -> 'data' ->> 'what', count(*) FROM log.event"
            " WHERE kind = 'audit.read' AND actor_id = 'guancha' GROUP BY 1 HAVING count(*) > 0"
        ).fetchall()
    found = dict(kinds)
    assert (found["审计台账"], found["台账核验"] >= 1) == (1, True)
