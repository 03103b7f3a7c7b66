"""What a program wishes of a draft becomes the form that a person would post: only what is named changes."""

import pytest
from pydantic import ValidationError

from service.api.bodies import Changes
from service.api.saving import form_of
from service.pages.draft_form import content_of
from tests.support.contents import printed_table


def saved(**wished):
    rows = [{**row, "id": f"r{number}"} for number, row in enumerate(printed_table()["indicators"], 1)]
    content = {**printed_table(), "indicators": rows, "amount_unit": None, "disclosure": "公开", "explanations": {}}
    return content_of(form_of(content, Changes(**wished)), content, [])


@pytest.mark.parametrize("unit", ["元", "万元"])
def test_a_program_names_the_unit_of_the_amounts_and_nothing_else_changes(unit):
    before, told = saved(), saved(amount_unit=unit)
    assert (before["amount_unit"], told) == (None, before | {"amount_unit": unit})


def test_a_unit_that_is_not_named_stays_unknown():
    assert saved(title="别的名称")["amount_unit"] is None


def test_another_unit_is_no_unit():
    with pytest.raises(ValidationError):
        Changes(amount_unit="美元")
