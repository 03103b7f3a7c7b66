"""What a table's page makes of the log: what changed since the person last acted, the stage picture, the buttons."""

from uuid import uuid4

import pytest
from flask import Flask
from flask_babel import Babel

from service.pages.draft_form import needs_reason
from service.pages.history_shown import stages_of, timeline_of
from service.pages.news_shown import news_since
from service.pages.words import place_name
from tests.support import roster
from tests.support.life import Life, memory
from workflows.commands.drafting import content_in_work, save_draft
from workflows.last_look import version_acted
from workflows.vocabulary import Stage
from workflows.words.sentences import sentence


@pytest.fixture
def page():
    app = Flask("test")
    Babel(app, default_locale="zh_Hans_CN")
    with app.test_request_context():
        yield


def resubmitted() -> Life:
    life = Life(memory()).in_unit_review().returned(roster.UNIT_HEAD, Stage.DRAFT)
    draft = content_in_work(life.journal, life.table)
    save_draft(
        life.journal, life.table.id, seen=life.seen(), draft_version=draft.version,
        content={**draft.content, "purpose": "用于沿线路面修补"}, reasons={"/purpose": "按退回意见补充用途"}, by=roster.CLERK,
        command_id=uuid4(),
    )  # fmt: skip
    return life.submitted()


def test_a_reviewer_sees_what_changed_since_he_last_decided(page) -> None:
    life = resubmitted()
    history = life.journal.history(life.table.id)
    news = news_since(life.journal, history, version_acted(history, roster.UNIT_HEAD.id), since="您上次办理")
    assert [(each.place, each.old, each.new, each.reason) for each in news.changes] == [
        ("资金用途", None, "用于沿线路面修补", "按退回意见补充用途"),
    ]


def test_who_acted_last_has_no_news_and_who_never_acted_has_no_act(page) -> None:
    life = resubmitted()
    history = life.journal.history(life.table.id)
    assert version_acted(history, roster.DEPARTMENT_FINANCE.id) == 0
    mine = news_since(life.journal, history, version_acted(history, roster.CLERK.id), since="您上次办理")
    assert (mine.changes, mine.records) == ([], [])


def test_the_timeline_has_one_sentence_for_each_event_the_newest_first(page) -> None:
    life = resubmitted()
    history = life.journal.history(life.table.id)
    shown = timeline_of(history)
    assert len(shown) == len(history)
    assert [each.sentence for each in shown] == [sentence(each) for each in reversed(history)]
    assert [each.look for each in shown].count("back") == 1


def test_a_return_is_one_line_of_the_timeline_and_its_decision_stands_back(page) -> None:
    life = resubmitted()
    history = life.journal.history(life.table.id)
    looks = {each.version: each.look for each in timeline_of(history)}
    told = [(each.kind, looks[each.version]) for each in history if each.kind in ("task.decided", "table.returned")]
    assert told == [("task.decided", "quiet"), ("table.returned", "back")]
    passed = life.approved(roster.UNIT_HEAD).journal.history(life.table.id)
    assert [each.look for each in timeline_of(passed) if "审核结论：通过" in each.sentence] == [""]


def test_the_stage_picture_says_what_is_done_what_is_now_and_what_ended(page) -> None:
    life = Life(memory()).in_finance_approval()
    picture = stages_of(life.table, life.journal.history(life.table.id))
    assert [each["state"] for each in picture] == ["done", "done", "done", "now", "", "", ""]
    assert picture[3]["note"] == "2026-01-05 第 1 轮"


def test_places_are_named_in_the_words_of_the_form() -> None:
    assert place_name("/indicators/r3/target/raw", {"r3": "维护道路里程"}) == "指标“维护道路里程” · 指标值"
    assert place_name("/indicators/r3/target") == "指标 r3 · 指标值"
    assert place_name("/budget/total") == "资金 · 总额"
    assert place_name("") == "全表"


def test_only_what_the_document_said_needs_a_reason() -> None:
    places = ("/purpose", "/indicators/r1/weight", "/disclosure", "/indicators/r9/id", "/explanations/V-T1@", "/indicators/r1/level3")
    assert [place for place in places if needs_reason(place)] == ["/purpose", "/indicators/r1/level3"]
