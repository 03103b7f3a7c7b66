"""B3 for classified projects: their number is filed in its campaign's time, like any table; taking back is never late."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.campaigns import opened, unit_in
from tests.support.life import memory
from workflows.campaigns.coverage import Standing, Stubs, registered
from workflows.commands.stubs import register_stubs
from workflows.errors import NotOpenNow
from workflows.events import DocumentFiled

CLOSING = datetime(2026, 1, 9, 16, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def stubs(journal, count, at=None, year=2026) -> DocumentFiled:
    journal.at = at or journal.at
    return register_stubs(journal, uuid4(), home=roster.HOME, year=year, count=count, by=roster.CLERK, command_id=uuid4())


def refused(journal, count, at):
    with pytest.raises(NotOpenNow) as refusal:
        stubs(journal, count, at)
    return refusal.value.rule, refusal.value.sentence


def test_b3_a_number_is_registered_up_to_the_cut_off_and_not_after_it():
    journal = memory()
    opened(journal)
    assert stubs(journal, 2, CLOSING - timedelta(seconds=1)).undisclosed_tables == 2
    rule, said = refused(journal, 3, CLOSING)
    assert rule == "G-CUTOFF"
    assert said == (
        "“2026年度目标申报”已于2026年1月9日24时截止（没有延期），不能再提交。确需补报的，请联系财政绩效科（布置人：performance同志）办理延期。"
        "涉密项目也须在规定时间内登记张数；减少或撤销已登记的张数不受此限。"
    )


def test_b3_before_the_opening_no_number_is_registered():
    journal = memory()
    opened(journal, opens="2026-01-07", closes="2026-01-20")
    assert refused(journal, 1, datetime(2026, 1, 6, tzinfo=UTC))[0] == "G-NOT-OPEN"


def test_taking_registered_projects_back_is_never_too_late():
    journal = memory()
    opened(journal)
    stubs(journal, 3)
    assert [stubs(journal, count, CLOSING + days * DAY).undisclosed_tables for days, count in ((1, 3), (2, 2), (3, 0))] == [3, 2, 0]
    assert refused(journal, 1, CLOSING + 4 * DAY)[0] == "G-CUTOFF"


@pytest.mark.parametrize("how", ["advisory", "another unit", "another year", "more time"])
def test_without_an_enforced_campaign_a_number_is_registered_as_before(how):
    journal = memory()
    scope = {roster.OTHER_UNIT: roster.DEPARTMENT} if how == "another unit" else {roster.UNIT: roster.DEPARTMENT}
    opened(journal, scope=scope, enforcing=how != "advisory", closes="2026-01-31" if how == "more time" else "2026-01-09")
    assert stubs(journal, 1, CLOSING + DAY, year=2027 if how == "another year" else 2026).undisclosed_tables == 1


@pytest.mark.parametrize(("marks", "count", "since"), [
    ([("unit", 2, 1)], 2, 1), ([("unit", 2, 1), ("unit", 3, 5)], 3, 5), ([("unit", 3, 1), ("unit", 2, 5)], 2, 1),
    ([("unit", 3, 1), ("unit", 0, 2), ("unit", 2, 5)], 2, 5), ([("unit", 1, 1), ("file", 2, 3), ("unit", 1, 4)], 3, 3),
    ([("unit", 1, 1), ("unit", 0, 2)], None, None), ([], None, None),
])  # fmt: skip
def test_what_was_registered_in_time_stays_so_when_some_is_taken_back(marks, count, since):
    dated = [(source, number, CLOSING + day * DAY) for source, number, day in marks]
    assert registered(dated) == (Stubs(count, CLOSING + since * DAY) if count else None)


def test_i3_a_number_taken_back_after_the_cut_off_makes_no_unit_late():
    campaign = opened(memory())
    marks = [("unit", 3, CLOSING - DAY), ("unit", 2, CLOSING + DAY)]
    assert unit_in(campaign, stubs={roster.UNIT: registered(marks)}).standing == Standing.FILED
