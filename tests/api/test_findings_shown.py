"""G3: all findings at once, on the draft page with a click to the cell, over the interface with place, key and explanation."""

import re

import pytest

from service.app import Web
from service.demo.city import shipped_city
from tests.api.asking import SPECIAL_FUNDS, Program, fresh_cases
from tests.support.web_city import visitor
from workflows.commands.prereview import findings_of
from workflows.vocabulary import Role

ORDER = ["必须改正", "提示", "供参考"]


@pytest.fixture(scope="module")
def case(city: Web):
    return fresh_cases(city, 5, document=SPECIAL_FUNDS)[4]


def sheet(page: str) -> str:
    return page[page.index('<section class="sheet" id="findings"') :]


def test_g3_the_draft_page_groups_the_findings_and_every_one_leads_to_its_cell(city, case):
    page = visitor(city, "jingban").sees(f"/tables/{case.id}/draft")
    found = case.with_journal(lambda journal: findings_of(journal, case.table, journal.content(case.table.content_hash)))
    groups = re.findall(r"<h3[^>]*>(\w+)（(\d+)）", sheet(page))
    assert groups == [(name, str(sum(f.severity == code for f in found))) for name, code in zip(ORDER, "BWI", strict=True)]
    targets = re.findall(r'<a href="#([^"]+)">', sheet(page))
    assert len(targets) == len(found)
    assert [each for each in targets if f'id="{each}"' not in page] == []
    assert "r1-target" in targets


def test_g3_a_warning_is_explained_once_for_its_place(city, case):
    page = visitor(city, "jingban").sees(f"/tables/{case.id}/draft")
    found = case.with_journal(lambda journal: findings_of(journal, case.table, journal.content(case.table.content_hash)))
    asked = re.findall(r'name="finding" value="([^"]+)"', page)
    assert sorted(asked) == sorted({f"{f.rule}@{f.pointer}" for f in found if f.severity == "W"})


def test_g3_the_interface_tells_all_findings_with_what_is_still_open(city):
    case, clerk = fresh_cases(city, document=SPECIAL_FUNDS)[0], Program(city, "jingban")
    told = clerk.get(f"/tables/{case.id}/findings").json
    severities = [each["severity"] for each in told["items"]]
    assert (told["blocking"], severities) == (severities.count("B"), sorted(severities, key="BWI".index))
    assert told["unexplained"] == len({each["key"] for each in told["items"] if each["severity"] == "W"}) > 0
    (mark,) = [each for each in told["items"] if each["rule"] == "V-X2"]
    assert (mark["place"], mark["rule_text"], mark["severity_name"]) == ("公开属性", "没有标明公开或内部。", "必须改正")
    case.drafted()
    after = clerk.get(f"/tables/{case.id}/findings").json
    assert (after["blocking"], after["unexplained"], {each["explanation"] for each in after["items"] if each["severity"] == "W"}) == (
        0, 0, {"已核实，情况属实"},
    )  # fmt: skip


def test_g3_findings_are_told_to_whoever_may_see_the_table_alone(city):
    case = fresh_cases(city, document=SPECIAL_FUNDS)[0]
    case.drafted()
    assert Program(city, case.who(Role.UNIT_HEAD).id).get(f"/tables/{case.id}/findings").status_code == 200
    assert Program(city, shipped_city().clerks_of("qj-kf-jg")[0].id).get(f"/tables/{case.id}/findings").status_code == 404
