"""How often the dispatcher wakes: at once while work goes on, ever rarer while the same piece stays undone."""

from uuid import UUID

from workers.dispatch import LOOK_EVERY, Patience


def test_work_that_goes_on_is_woken_for_at_every_look():
    patience = Patience()
    assert [patience.wakes(1, look * LOOK_EVERY, UUID(int=look + 1)) for look in range(50)] == [True] * 50


def test_the_same_piece_left_undone_is_woken_for_ever_more_rarely():
    patience = Patience()
    woken = [look for look in range(100) if patience.wakes(1, look * LOOK_EVERY, UUID(int=1))]
    assert woken[:5] == [0, 1, 3, 7, 15]


def test_an_empty_queue_wakes_nobody_and_begins_anew():
    patience = Patience()
    assert [patience.wakes(1, look * LOOK_EVERY, UUID(int=1)) for look in range(3)] == [True, True, False]
    assert patience.wakes(0, 3 * LOOK_EVERY) is False
    assert patience.wakes(1, 4 * LOOK_EVERY, UUID(int=1)) is True
