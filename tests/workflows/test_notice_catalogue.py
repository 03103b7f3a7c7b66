"""H6: the catalogue of notices says the words that ship, and knows every notice that a table's life tells."""

import pytest

from tests.support import roster
from tests.support.every_notice import every_notice
from tests.support.life import Life, memory
from workflows.delivery.catalogue import known_notices
from workflows.delivery.classes import NoticeClass, class_of, key_of
from workflows.delivery.short import short_text, term_of
from workflows.delivery.values import values_of, values_of_desk, values_of_event
from workflows.folds.replay import Table, apply
from workflows.vocabulary import Stage
from workflows.words.notices import RULES, reminder, told_of

ONLY_SOMETIMES: dict[str, set[str]] = {}


def told_in(life: Life):
    """Every notice of a life with the values that its own words would be filled with."""
    table = Table(life.table.id)
    for recorded in life.journal.history(life.table.id):
        after = apply(table, recorded)
        for notice in told_of(recorded, table, after):
            yield notice, values_of(notice, values_of_event(recorded, table, after))
        table = after


@pytest.fixture(scope="module")
def told():
    lives = [Life(memory()).in_monitoring().window_opened(), Life(memory()).in_unit_review().returned(roster.UNIT_HEAD, Stage.DRAFT)]
    return [each for life in lives for each in told_in(life)]


def test_the_catalogue_knows_what_a_life_tells(told):
    assert {key_of(notice.template) for notice, _values in told} <= known_notices().keys()


def test_the_words_of_the_catalogue_are_those_of_the_code(told):
    for notice, values in told:
        words = known_notices()[key_of(notice.template)].shipped.filled(values)
        assert (words.subject, words.text) == (notice.subject, notice.text)


EVERY = every_notice()


def test_h6_every_notice_can_be_told():
    assert {key_of(notice.template) for notice, _values in EVERY} == known_notices().keys()


@pytest.mark.parametrize("key", known_notices())
def test_h6_each_notice_says_the_words_of_the_catalogue(key):
    for notice, values in EVERY:
        if key_of(notice.template) == key:
            words = known_notices()[key].shipped.filled(values)
            assert (words.subject, words.text) == (notice.subject, notice.text)


@pytest.mark.parametrize("key", known_notices())
def test_h6_no_placeholder_is_offered_that_is_never_filled(key):
    filled = {name for notice, values in EVERY if key_of(notice.template) == key for name, value in values.items() if value}
    assert known_notices()[key].known - filled - ONLY_SOMETIMES.get(key, set()) == set()


def test_h6_no_notice_ships_as_its_own_words_alone():
    assert [key for key, each in known_notices().items() if {"{原题}", "{原文}"} & {each.shipped.subject, each.shipped.text}] == []


def test_h5_only_covers_are_no_business_that_one_chooses_channels_for():
    assert [key for key, each in known_notices().items() if each.of_class == NoticeClass.SYSTEM] == ["cover.given"]


def test_h2_no_text_message_says_a_name_or_a_reason():
    for notice, values in EVERY:
        said = short_text(key_of(notice.template), notice.subject, term_of(values), class_of(notice.template))
        told = {name for name in ("办理人", "理由", "意见", "授权人", "代理人") if values.get(name) and values[name] in said}
        assert (told, len(said) <= 70) == (set(), True)


@pytest.mark.parametrize("rung", ["T-3", "T-1", "T", "T+1"])
def test_the_words_of_reminders_are_those_of_the_code(rung):
    table = Life(memory()).in_unit_review().table
    for desk in table.desks:
        notice = reminder(table, desk, rung)
        words = known_notices()[key_of(notice.template)].shipped.filled(values_of(notice, values_of_desk(table, desk)))
        assert (words.subject, words.text) == (notice.subject, notice.text)


@pytest.mark.parametrize(("template", "key"), [
    ("reminder.T-3.2", "reminder.before"), ("reminder.T", "reminder.T"), ("reminder.T+5", "reminder.after"),
    ("amendment.T-1", "amendment.before"), ("reminder.pass_on.T+1", "reminder.pass_on"), ("task.overdue.1", "task.overdue"),
    ("reminder.campaign.T-1.2026-03-02", "reminder.campaign"), ("task.escalated.hand.T+3.1", "task.escalated"),
])  # fmt: skip
def test_words_are_kept_for_all_rungs_of_a_sort(template, key):
    assert key_of(template) == key
    assert key in known_notices()


def test_every_rule_of_notices_has_words_that_can_be_written_anew():
    otherwise = {"monitoring.filed": "monitoring.red", "node.entered": "task.waiting", "node.shared": "task.waiting", "task.decided": "task.waiting"}
    assert {otherwise.get(kind, kind) for kind in RULES} <= known_notices().keys()
