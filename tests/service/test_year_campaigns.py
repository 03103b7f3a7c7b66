"""A simulated year's campaigns: what is asked when, and the recount of who filed and who was told, by hand-made lines."""

import hashlib
import json
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from service.year.asked import Asked, asked_for, monitored
from service.year.cast import Cast
from service.year.habits import acts_at, asked_at, morning
from service.year.units_recounted import UnitsRecount
from service.year.units_told import rungs_of, told_from
from workflows.campaigns import Purpose
from workflows.folds.replay import Desk, Table, Window
from workflows.vocabulary import Stage

GOALS = Asked(2023, Purpose.GOAL_FILING)
TO_JULY = Asked(2023, Purpose.MONITORING, "2023-07")
RESULTS = Asked(2023, Purpose.SELF_EVALUATION)


@pytest.mark.parametrize(
    ("asked", "title", "opens", "closes"),
    [
        (GOALS, "2023年度绩效目标申报", "2022-07-01", "2022-09-30"),
        (TO_JULY, "2023年1—7月绩效运行监控", "2023-08-01", "2023-08-31"),
        (Asked(2022, Purpose.MONITORING, "2022-06"), "2022年1—6月绩效运行监控", "2022-07-01", "2022-07-31"),
        (RESULTS, "2023年度绩效自评", "2024-01-01", "2024-02-29"),
    ],
)
def test_everything_is_asked_from_day_to_day_by_the_calendar_of_the_domain(asked, title, opens, closes):
    assert (asked.title, asked.opens.isoformat(), asked.closes.isoformat()) == (title, opens, closes)


def test_the_section_urges_and_people_come_too_late_on_working_days():
    assert GOALS.announced == datetime(2022, 6, 30, 1, 0, tzinfo=UTC)
    assert GOALS.urged == datetime(2022, 9, 29, 7, 0, tzinfo=UTC)
    assert (GOALS.declared, GOALS.missed) == (morning(date(2022, 9, 30)), morning(date(2022, 10, 8)))
    assert (RESULTS.begun, RESULTS.looked_at) == (morning(date(2024, 1, 2)), morning(date(2024, 1, 15)))


def table(*windows: str) -> Table:
    held = tuple(Window(f"w{n}", "", day, None, "", "open") for n, day in enumerate(windows, 1))
    return Table(UUID(int=1), year=2023, windows=held)


def test_a_year_is_monitored_where_its_tables_have_a_checkpoint_in_midyear():
    found = list(asked_for(2023, [table("2023-03-31", "2023-06-30"), table("2023-07-31", "2023-12-31")]))
    assert found == [GOALS, Asked(2023, Purpose.MONITORING, "2023-06"), TO_JULY, RESULTS]
    assert list(asked_for(2022, [table("2023-07-31")])) == [Asked(2022, Purpose.GOAL_FILING),
                                                            Asked(2022, Purpose.SELF_EVALUATION)]
    assert (monitored(2023, "2023-07-31"), monitored(2023, "2023-10-31")) == (TO_JULY, None)


def desk(node: str) -> Desk:
    return Desk(node, Stage.DRAFT, 1, "t", "clerk", "u", None, "", "2023-07-31T01:00:00+00:00", None, False)


def test_who_is_cast_for_it_comes_on_the_first_working_day_after_the_cut_off():
    slept = Cast(frozenset(), UUID(int=8), late=UUID(int=1), overslept=frozenset({UUID(int=1)}))
    assert acts_at(table(), desk("drafting"), slept) == GOALS.missed
    assert acts_at(table("2023-07-31"), desk("monitoring_filing:w1"), slept) == TO_JULY.missed
    assert (asked_at(table("2023-07-31"), desk("monitoring_filing:w1")), asked_at(table(), desk("unit_head"))) == (
        TO_JULY, None)  # fmt: skip
    assert asked_at(table(), desk("evaluation_filing")) == RESULTS


UNITS = json.dumps({"units": [{"department": "d", "unit": unit} for unit in "abc"]}, separators=(",", ":"))
LIST = hashlib.sha256(UNITS.encode()).hexdigest()
OPENED = {
    "purpose": "goal_filing", "year": 2023, "window": "", "title": "申报", "opens": "2022-06-30T16:00:00+00:00",
    "closes": "2022-09-30T16:00:00+00:00", "content_hash": LIST, "least": 1,
}  # fmt: skip
MORE = {"units": ["b"], "closes": "2022-10-20T16:00:00+00:00", "reason": {}}


def event(at: str, kind: str, stream: str, **data) -> dict:
    subject = "person" if kind.startswith("grant") else "campaign" if kind.startswith("campaign") else "table"
    return {"at": f"{at}:00Z", "kind": kind, "stream": stream, "subject": subject, "version": 1, "data": data}


def filed(at: str, stream: str, number: int = 1) -> dict:
    return event(at, "table.submitted", stream, round=number)


STORY = (
    event("2022-06-30T02:00", "campaign.opened", "k", **OPENED),
    event("2022-09-22T02:00", "table.imported", "ta", unit="a", year=2023),
    event("2022-09-22T02:00", "table.imported", "tb", unit="b", year=2023),
    filed("2022-09-27T02:00", "ta"),
    event("2022-10-08T03:00", "campaign.extended", "k", **MORE),
    filed("2022-10-09T02:00", "tb"),
    filed("2022-10-10T02:00", "ta", 2),
)


def recounted(*story: dict, units: str = UNITS) -> UnitsRecount:
    found = UnitsRecount({LIST: units})
    for body in story:
        found.add(body)
    return found


def standings(*story: dict) -> str:
    found = recounted(*story)
    return " ".join(f"{unit}:{standing}" for unit, standing in found.standings(found.campaigns["k"]))


def test_the_recount_tells_filed_late_and_missing_units_apart():
    assert standings(*STORY) == "a:filed b:late c:missing"
    assert recounted(*STORY).by_department() == {"申报": {"d": {"filed": 1, "late": 1, "missing": 1, "nothing": 0}}}


def test_the_recount_counts_who_was_refused_and_who_filed_again_after_a_return():
    found = recounted(*STORY)
    assert (found.missed, found.refiled, found.acts["campaign.extended"]) == (1, 1, 1)
    in_time = recounted(*STORY[:4])
    assert (in_time.missed, in_time.refiled) == (0, 0)


def test_taken_back_is_not_filed_and_nothing_to_file_is_said_in_a_word():
    assert standings(*STORY[:4], event("2022-09-28T02:00", "table.withdrawn", "ta")) == "a:missing b:missing c:missing"
    said = event("2022-09-30T02:00", "campaign.declared", "k", unit="c", tables=0, note={})
    assert standings(*STORY[:4], said) == "a:filed b:missing c:filed"
    assert standings(*STORY[:4], event("2022-09-28T02:00", "table.voided", "tb")) == "a:filed b:missing c:missing"


def test_windows_and_results_are_owed_by_what_was_replied():
    windows = [{"window": "w1", "date": "2023-06-30"}, {"window": "w2", "date": "2023-07-31"}]
    to_july = OPENED | {"purpose": "monitoring", "window": "2023-07", "closes": "2023-08-31T16:00:00+00:00"}
    results = OPENED | {"purpose": "self_evaluation", "title": "自评", "closes": "2024-02-29T16:00:00+00:00"}
    begun = (*STORY[1:4], event("2022-10-20T02:00", "table.replied", "ta", windows=windows))
    asked = (event("2023-07-31T01:00", "campaign.opened", "k", **to_july), event("2023-12-29T01:00", "campaign.opened", "r", **results))
    found = recounted(*begun, *asked, event("2023-07-02T02:00", "monitoring.filed", "ta", window="w1"))
    assert found.by_department() == {
        "申报": {"d": {"filed": 0, "late": 0, "missing": 1, "nothing": 2}},
        "自评": {"d": {"filed": 0, "late": 0, "missing": 1, "nothing": 2}},
    }
    found.add(event("2023-08-02T02:00", "monitoring.filed", "ta", window="w2"))
    found.add(event("2024-01-08T02:00", "selfeval.filed", "ta"))
    assert {name: sums["d"]["filed"] for name, sums in found.by_department().items()} == {"申报": 1, "自评": 1}


def test_a_list_of_units_that_is_not_the_one_recorded_is_named():
    assert recounted(STORY[0], units=UNITS.replace('"a"', '"x"')).faults == ["“申报”的单位名单与事件中的摘要不符"]


def test_a_closings_rungs_are_nine_oclock_of_working_days_counted_back():
    assert {rung: at.isoformat() for rung, at in rungs_of(datetime(2022, 9, 30, 16, tzinfo=UTC))} == {
        "T-7": "2022-09-21T01:00:00+00:00", "T-3": "2022-09-27T01:00:00+00:00", "T-1": "2022-09-29T01:00:00+00:00",
        "T": "2022-09-30T01:00:00+00:00",
    }  # fmt: skip


PEOPLE = tuple(
    event("2022-06-01T02:00", "grant.given", person, person=person, role=role, organ=person[0])
    for person, role in (("a1", "clerk"), ("b1", "clerk"), ("b2", "unit_head"), ("c1", "clerk"), ("c2", "unit_business"))
)


def told(*story: dict, until: str):
    lines = [json.dumps({"body": body}) for body in (*PEOPLE, *story)]
    return told_from(lines, {LIST: UNITS}, datetime.fromisoformat(f"{until}:00Z"))


def test_the_missing_are_reminded_at_each_rung_and_the_extended_at_those_of_their_own_time():
    found = told(*STORY[:5], until="2022-10-19T02:00")
    by_rung: dict[str, str] = {}
    for _, template, person in sorted(found.reminders):
        by_rung[template.removeprefix("reminder.campaign.")] = by_rung.get(template.removeprefix("reminder.campaign."), "") + f"{person} "
    assert by_rung == {
        "T-7.2022-09-30": "a1 b1 b2 c1 ", "T-3.2022-09-30": "a1 b1 b2 c1 ", "T-1.2022-09-30": "b1 b2 c1 ",
        "T.2022-09-30": "b1 b2 c1 ", "T-7.2022-10-20": "b1 b2 ", "T-3.2022-10-20": "b1 b2 ", "T-1.2022-10-20": "b1 b2 ",
    }  # fmt: skip


def test_a_campaign_that_was_ended_reminds_nobody_any_more():
    ended = event("2022-09-28T02:00", "campaign.closed", "k", reason={})
    assert {template.split(".")[2] for _, template, _ in told(*STORY[:4], ended, until="2022-10-08T02:00").reminders} == {"T-7", "T-3"}


def test_units_are_told_of_what_concerns_them():
    found = told(*STORY[:5], until="2022-10-09T02:00").notices
    assert {(kind, who) for _, kind, who in found} == {
        ("campaign.opened", "a1"), ("campaign.opened", "b1"), ("campaign.opened", "b2"), ("campaign.opened", "c1"),
        ("campaign.extended", "b1"), ("campaign.extended", "b2"),
    }  # fmt: skip
