"""H6: the catalogue of notices says the words that ship, and knows every notice that a table's life tells."""

import pytest

from tests.support import roster
from tests.support.life import Life, memory
from workflows.delivery.catalogue import known_notices
from workflows.delivery.classes import key_of
from workflows.delivery.values import values_of, values_of_desk, values_of_event
from workflows.folds.replay import Table, apply
from workflows.vocabulary import Stage
from workflows.words.notices import RULES, reminder, told_of


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
