"""Calendars of working days: read, linted, laid into the one in force, published by two persons (B4, L5, S9)."""

import datetime as dt
import json
from uuid import uuid4

import pytest

from tests.support.life import memory
from workflows.calendars import CALENDAR, CALENDAR_STREAM, calendar_from, shipped_content
from workflows.calendars.comparing import calendar_differences
from workflows.calendars.lint import faults_against, lint
from workflows.calendars.notice import Notice, read_notice, with_entry
from workflows.commands.publishing_calendars import (
    CALENDARS,
    calendar_content_in_force,
    propose_calendar,
    publish_calendar,
    waiting_calendars,
)
from workflows.errors import CalendarUnfit, NotAllowed, UnknownCalendar
from workflows.vocabulary import Actor, Post, Role
from workflows.workdays import official_calendar

ONE = Actor("process", "赵流程", (Post(Role.PROCESS_ADMIN, "bureau"),))
OTHER = Actor("second_process", "钱流程", (Post(Role.PROCESS_ADMIN, "bureau"),))
NEXT_YEAR = Notice(2027, "国办发明电〔2026〕9号", "2026-11-05")
"""A made-up notice for 2027: no such notice is known to this software."""
CSV = """日期,安排
2027-01-01,放假
2027/1/3,调休上班
2027年2月5日,放假
2027-02-08,放假
2027-02-09,放假
2027-02-20,调休上班
2027-04-05,放假
2027-05-03,放假
2027-10-01,放假
2027-10-04,放假
"""


def with_2027(csv: str = CSV, notice: Notice = NEXT_YEAR):
    return with_entry(shipped_content(), read_notice(csv.encode(), notice))


def published(journal, content):
    proposed = propose_calendar(journal, content=content, by=ONE, command_id=uuid4())
    return publish_calendar(journal, content_hash=proposed.content_hash, by=OTHER, command_id=uuid4())


def test_the_shipped_years_are_the_founding_version():
    journal, shipped = memory(), official_calendar()
    founding = calendar_from(shipped_content(), shipped.version)
    assert founding == shipped
    assert lint(shipped_content()) == ()
    assert (journal.calendar(), calendar_content_in_force(journal)) == (shipped, shipped_content())


def test_a_csv_becomes_a_year_and_the_others_stay():
    content = with_2027()
    assert content["years"][:-1] == shipped_content()["years"]
    assert content["years"][-1] == {
        "year": 2027, "notice": "国办发明电〔2026〕9号", "dated": "2026-11-05",
        "days_off": ["2027-01-01", "2027-02-05", "2027-02-08", "2027-02-09", "2027-04-05", "2027-05-03", "2027-10-01", "2027-10-04"],
        "make_up_days": ["2027-01-03", "2027-02-20"],
    }  # fmt: skip
    assert lint(content) == ()


def test_json_says_the_same_as_csv_and_names_its_notice():
    year = with_2027()["years"][-1]
    data = json.dumps({key: year[key] for key in ("notice", "dated", "days_off", "make_up_days")}).encode()
    assert with_entry(shipped_content(), read_notice(data, Notice(2027, "", ""))) == with_2027()


def test_in_force_from_publishing_on_and_two_persons_do_it():
    journal = memory()
    proposed = propose_calendar(journal, content=with_2027(), by=ONE, command_id=uuid4())
    assert [each.fact for each in waiting_calendars(journal)] == [proposed]
    assert journal.calendar() == official_calendar()
    with pytest.raises(NotAllowed) as refused:
        publish_calendar(journal, content_hash=proposed.content_hash, by=ONE, command_id=uuid4())
    assert refused.value.rule == "S9"
    publish_calendar(journal, content_hash=proposed.content_hash, by=OTHER, command_id=uuid4())
    assert waiting_calendars(journal) == ()
    now = journal.calendar()
    assert (now.version, now.is_official(dt.date(2027, 6, 1)), now.is_workday(dt.date(2027, 1, 3))) == (
        proposed.content_hash, True, True)
    assert journal.calendar(proposed.content_hash) is now
    assert CALENDARS.stream_of(CALENDAR) == CALENDAR_STREAM


def test_a_version_that_nobody_proposed_and_a_clerk_are_refused():
    journal = memory()
    with pytest.raises(UnknownCalendar):
        publish_calendar(journal, content_hash="0" * 64, by=OTHER, command_id=uuid4())
    with pytest.raises(NotAllowed):
        propose_calendar(journal, content=with_2027(), by=Actor("clerk", "李经办", (Post(Role.CLERK, "u"),)), command_id=uuid4())


def test_the_second_of_two_proposals_on_one_base_would_lose_the_first_and_is_refused():
    journal = memory()
    local = with_entry(shipped_content(), read_notice(b"2026-04-20,off", Notice(2026, "桂政办〔2026〕1号", "2026-03-01", "gx")))
    mine = propose_calendar(journal, content=local, by=ONE, command_id=uuid4())
    published(journal, with_2027())
    with pytest.raises(CalendarUnfit) as refused:
        publish_calendar(journal, content_hash=mine.content_hash, by=OTHER, command_id=uuid4())
    assert "C-09 2027年" in refused.value.sentence
    assert [each.rule for each in faults_against(local, with_2027())] == ["C-09"]


def entry(**news):
    year = {**with_2027()["years"][-1], **news}
    return with_entry(shipped_content(), year)


WRONG = {
    "a make-up day on a Wednesday": ({"make_up_days": ["2027-02-10"]}, ["C-02"]),
    "a day of another year": ({"days_off": [*with_2027()["years"][-1]["days_off"], "2028-01-03"]}, ["C-03"]),
    "off and worked": ({"make_up_days": ["2027-10-02"], "days_off": [*with_2027()["years"][-1]["days_off"], "2027-10-02"]}, ["C-04"]),
    "National Day left out": ({"days_off": ["2027-01-01", "2027-02-05"]}, ["C-05"]),
    "a make-up day far from any holiday": ({"make_up_days": ["2027-07-24"]}, ["C-06"]),
    "the thirtieth of February": ({"days_off": [*with_2027()["years"][-1]["days_off"], "2027-02-30"]}, ["C-01"]),
    "no date of the notice": ({"dated": ""}, ["C-08"]),
    "a notice of long before": ({"dated": "2020-01-01"}, ["C-08"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_the_lint_finds(case):
    news, rules = WRONG[case]
    assert [each.rule for each in lint(entry(**news))] == rules


def test_the_lint_finds_a_gap_between_years_and_what_is_off_already():
    gap = with_entry(shipped_content(), {**with_2027()["years"][-1], "year": 2029, "dated": "2028-11-01", "days_off": ["2029-01-01", "2029-05-01", "2029-10-01", "2029-10-02", "2029-10-03"], "make_up_days": []})
    assert [each.rule for each in lint(gap)] == ["C-11", "C-11"]
    twice = with_entry(shipped_content(), {"organ": "gx", "year": 2026, "notice": "n", "dated": "2026-03-01", "days_off": ["2026-10-01"], "make_up_days": []})
    assert [each.rule for each in lint(twice)] == ["C-12"]


@pytest.mark.parametrize("text", ["2027-01-01,不上班", "2027-13-01,放假", '{"days_off": 3}', "{"])
def test_what_cannot_be_read_is_refused(text):
    with pytest.raises(CalendarUnfit):
        read_notice(text.encode(), NEXT_YEAR)


def test_a_content_of_another_form_is_refused_with_its_places():
    with pytest.raises(CalendarUnfit) as refused:
        propose_calendar(memory(), content={**with_2027(), "note": 1}, by=ONE, command_id=uuid4())
    assert [each["pointer"] for each in refused.value.facts["problems"]] == ["/note"]


def test_a_diff_names_each_day_and_the_notice():
    changed = with_2027(CSV.replace("2027-02-20,调休上班\n", "").replace("2027-10-04", "2027-10-05"))
    assert [each.said for each in calendar_differences(with_2027(), changed)] == [
        "2027年 2027-02-20（星期六）：调休上班 → 照常", "2027年 2027-10-04（星期一）：放假 → 照常",
        "2027年 2027-10-05（星期二）：照常 → 放假",
    ]  # fmt: skip
    first, second, *_ = calendar_differences(shipped_content(), with_2027())
    assert (first.said, second.said) == ("2027年 依据：（无） → 国办发明电〔2026〕9号 2026-11-05", "2027年 2027-01-01（星期五）：放假（暂定） → 放假")
