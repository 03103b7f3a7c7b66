"""The picture of a chain: well-formed, nothing from elsewhere, every word of the definition in it, progress in words too."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.definitions import chain_from, shipped
from workflows.definitions.picture import MARKS, svg_of, told
from workflows.definitions.picture_layout import BOX, SMALL, _wide, layout, wrapped

SVG = "{http://www.w3.org/2000/svg}"
COUNTERSIGN = json.loads(Path(__file__).with_name("countersign.json").read_text(encoding="utf-8"))
CHAINS = {name: chain_from(content) for name, content in (
    ("standard", shipped()), ("full", shipped("full")), ("countersign", COUNTERSIGN),
)}  # fmt: skip
FULL = CHAINS["full"]
DONE = {"drafting": "done", "unit_business": "done", "unit_finance": "here", "unit_head": "to_come", "finance_leader": "skipped"}


def texts(svg):
    return [each.text for each in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
def test_a_picture_is_drawn_with_shapes_and_attributes_alone(chain):
    """No script, style, link or font from elsewhere: it stands under the strict content policy."""
    drawn = ET.fromstring(svg_of(chain))
    assert {each.tag.removeprefix(SVG) for each in drawn.iter()} == {"svg", "title", "desc", "rect", "text", "polyline", "polygon"}
    assert {name for each in drawn.iter() for name in each.attrib if name in ("style", "class", "href") or name.startswith("on")} == set()
    assert re.findall(r"(?:url\(|https?://(?!www\.w3\.org/2000/svg))", svg_of(chain)) == []


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
def test_every_box_lies_in_its_column_beside_the_others(chain):
    drawn = layout(chain, {})
    columns = {column.stage: column for column in drawn.columns}
    assert set(drawn.boxes) == {node.node for node in chain.nodes}
    for box in drawn.boxes.values():
        column = columns[box.node.stage]
        assert column.left < box.left < column.left + column.width - BOX
        assert box.bottom < drawn.height
    over = [(a.node.node, b.node.node) for a in drawn.boxes.values() for b in drawn.boxes.values()
            if a != b and abs(a.left - b.left) < BOX and a.top < b.bottom and b.top < a.bottom]  # fmt: skip
    assert over == []


def test_each_after_is_an_arrow_and_conditional_ones_are_dashed():
    lines = list(ET.fromstring(svg_of(FULL)).iter(f"{SVG}polyline"))
    assert len(lines) == sum(len(node.after) for node in FULL.nodes) + 5
    assert len([line for line in lines if "stroke-dasharray" in line.attrib]) == 3


def test_rules_days_and_conditions_are_printed():
    shown = texts(svg_of(CHAINS["countersign"]))
    assert [each for each in shown if "顺签" in each] == ["顺签"]
    assert "票签 至少 2 人" in shown
    assert "".join(shown[shown.index("仅当 金额（万元）"):][:2]) == "仅当 金额（万元）≥ 500"
    assert "5个工作日" in shown


def test_the_progress_of_a_table_is_told_in_words_and_not_by_colour_alone():
    shown = texts(svg_of(FULL, DONE))
    assert [shown.count(words) for words in MARKS.values()] == [2, 1, 1, 1]
    assert [each for each in texts(svg_of(FULL)) if each in MARKS.values()] == []


def test_who_hears_the_picture_hears_the_whole_chain():
    assert told(FULL, DONE).split("。")[8] == (
        "财政审批：分管领导审签，3个工作日，在业务科审核、绩效科审核之后，仅当重点 或 金额（万元） ≥ 500，不需办理"
    )
    drawn = ET.fromstring(svg_of(FULL, DONE))
    assert (drawn.find(f"{SVG}title").text, drawn.find(f"{SVG}desc").text) == ("完整审批链", told(FULL, DONE))
    assert drawn.attrib["aria-labelledby"] == "chain-full-title chain-full-desc"


def test_what_people_write_is_text_in_the_picture():
    content = shipped() | {"title": "<script>&\"'"}
    content["nodes"] = [each | {"title": "<b>&amp;</b>" if each["node"] == "reply" else each["title"]} for each in content["nodes"]]
    drawn = svg_of(chain_from(content))
    assert ET.fromstring(drawn).find(f"{SVG}title").text == "<script>&\"'"
    assert texts(drawn).count("<b>&amp;</b>") == 1


def test_a_circle_is_drawn_too():
    content = shipped() | {"nodes": [each | {"after": ["reply"]} if each["node"] == "finance_business" else each for each in shipped()["nodes"]]}
    assert set(layout(chain_from(content), {}).boxes) == {each["node"] for each in content["nodes"]}


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), max_size=80))
def test_wrapped_lines_lose_nothing_and_stay_within_the_box(text):
    lines = wrapped(text, SMALL)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


@given(st.text("审核财政 。（）金额abc12", max_size=60))
def test_ordinary_writing_stays_within_the_box(text):
    assert [line for line in wrapped(text, SMALL) if _wide(line) * SMALL > BOX] == []
