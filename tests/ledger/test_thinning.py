"""Which notes go along with a bundle: by age, the newest always, and never none of a day."""

from datetime import UTC, datetime, timedelta
from itertools import groupby
from random import Random

import pytest

from workflows.ledger.thinning import thinned
from workflows.workdays import BEIJING

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def test_no_notes_give_none():
    assert thinned({}) == set()


def test_all_of_the_last_week_stay():
    times = {size: NOW - timedelta(minutes=7 * 24 * 60 - size) for size in range(7 * 24 * 60 + 1)}
    assert thinned(times) == set(times)


def test_then_the_last_of_each_hour_and_then_of_each_beijing_day():
    at = [
        datetime(2026, 7, 1, 10, 0, tzinfo=BEIJING), datetime(2026, 7, 1, 23, 59, tzinfo=BEIJING),
        datetime(2026, 7, 2, 0, 1, tzinfo=BEIJING), datetime(2026, 7, 2, 8, 0, tzinfo=BEIJING),
        datetime(2026, 11, 1, 10, 0, tzinfo=BEIJING), datetime(2026, 11, 1, 10, 59, tzinfo=BEIJING),
        datetime(2026, 11, 1, 11, 0, tzinfo=BEIJING), datetime(2026, 11, 2, 11, 0, tzinfo=BEIJING),
        datetime(2026, 11, 20, 11, 0, tzinfo=BEIJING), datetime(2026, 11, 20, 11, 0, 10, tzinfo=BEIJING), NOW,
    ]  # fmt: skip
    assert sorted(thinned(dict(enumerate(at)))) == [1, 3, 5, 6, 7, 8, 9, 10]


def test_the_note_of_the_largest_size_stays_though_the_clock_was_set_back():
    assert thinned({1: NOW, 2: NOW - timedelta(days=300), 3: NOW - timedelta(days=300, hours=1)}) == {1, 3}


@pytest.mark.parametrize("seed", range(20))
def test_of_every_day_and_every_hour_within_ninety_days_the_last_stays(seed):
    dice = Random(seed)
    moments = sorted(NOW - timedelta(seconds=dice.randrange(200 * 86_400)) for _ in range(2_000))
    times = dict(enumerate(moments))
    kept, youngest = thinned(times), moments[-1]
    for _, notes in groupby(times.items(), key=lambda note: note[1].astimezone(BEIJING).date()):
        assert max(size for size, _ in notes) in kept
    recent = [(size, at) for size, at in times.items() if youngest - at <= timedelta(days=90)]
    for _, notes in groupby(recent, key=lambda note: note[1].replace(minute=0, second=0, microsecond=0)):
        assert max(size for size, _ in notes) in kept
    days = {at.astimezone(BEIJING).date() for at in moments if youngest - at > timedelta(days=90)}
    assert sum(youngest - times[size] > timedelta(days=90) for size in kept) <= len(days)
