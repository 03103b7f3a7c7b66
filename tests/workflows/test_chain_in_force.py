"""Which chain a new table goes along: the one published last under the name that was chosen, else the shipped one."""

from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.chains import standard_but
from tests.support.life import memory
from workflows.commands.administering import definition_in_force, publish
from workflows.definitions import SHIPPED, shipped
from workflows.errors import UnknownChain


@pytest.mark.parametrize("name", SHIPPED)
def test_before_anything_was_published_it_is_the_one_that_ships(name):
    assert definition_in_force(memory(), name) == shipped(name)


def test_the_last_one_published_counts():
    journal = memory()
    first, second = ({**standard_but("unit_head", working_days=days), "name": "city"} for days in (4, 5))
    for content in (first, second):
        publish(journal, subject="definition", content=content, by=roster.SYSTEM_ADMIN, command_id=uuid4())
    assert definition_in_force(journal, "city") == second


def test_a_name_that_nobody_published_is_refused():
    with pytest.raises(UnknownChain, match="没有名为“其他”的审批链"):
        definition_in_force(memory(), "其他")
