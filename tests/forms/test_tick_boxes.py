"""项目属性 is ticked on the national form and read back from its boxes, whoever ticked them."""

import pytest

from tests.support.contents import printed_table
from workflows.forms.cell_families import NATIONAL_PROJECT
from workflows.forms.form import Boxes
from workflows.forms.reading import read_document
from workflows.forms.tick_boxes import boxes_of, chosen_of
from workflows.forms.writing import docx_of, table_form, xlsx_of


@pytest.mark.parametrize(("attribute", "printed"), [
    ("新增项目", "■新增项目 □延续项目"), ("延续项目", "□新增项目 ■延续项目"), (None, "□新增项目 □延续项目"), ("经常性项目", "经常性项目"),
])  # fmt: skip
def test_the_boxes_say_the_attribute_and_are_read_back(attribute, printed):
    assert (boxes_of(attribute), chosen_of(printed)) == (printed, attribute)


@pytest.mark.parametrize(("typed", "attribute"), [
    ("☑新增　□延续", "新增项目"), ("☐ 新增项目\n√延续项目", "延续项目"), ("■新增项目 ■延续项目", "■新增项目 ■延续项目"),
    ("□新增项目", "□新增项目"), ("■新增项目 □延续项目（见附件）", "■新增项目 □延续项目（见附件）"), (None, None),
])  # fmt: skip
def test_boxes_that_somebody_ticked_by_hand(typed, attribute):
    assert chosen_of(typed) == attribute


@pytest.mark.parametrize("write", [docx_of, xlsx_of])
@pytest.mark.parametrize(("attribute", "printed"), [("延续项目", "□新增项目 ■延续项目"), (None, "□新增项目 □延续项目")])
def test_the_national_form_shows_the_boxes_and_no_supplement_for_them(write, attribute, printed):
    content = {**printed_table(), "attribute": attribute}
    form = table_form(content, layout=NATIONAL_PROJECT)
    shown = [box.text for part in form.parts if isinstance(part, Boxes) for line in part.rows for box in line]
    assert (shown.count(printed), shown.count("attribute")) == (1, 0)
    assert read_document(write(form), "x").document["tables"][0]["attribute"] == attribute
