"""What the pre-review finds in the five sample documents: every finding is listed, blocking ones and known faults with why."""

import json
from functools import cache
from pathlib import Path

import pytest

from workflows.findings import RULES, review
from workflows.forms.reading import read_document
from workflows.packs import pack_for_family
from workflows.surroundings import Surroundings

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
EXPECTED = json.loads((Path(__file__).parent / "expected_samples.json").read_text(encoding="utf-8"))
YEARS = {"hebei-special-funds": 2022, "hebei-department-projects": 2022, "ningxia-county-projects": 2023,
         "henan-unit-overall": 2023, "ningxia-region-project": 2021}  # fmt: skip

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the sample documents are not beside this checkout")


@cache
def findings_of(name):
    """Return the findings of each table by its title, in the table's whole document as the reader takes it in."""
    reading = read_document((CORPUS / f"{name}.txt").read_bytes(), f"{name}.txt")
    document = reading.document
    contents = [
        {**table, "indicators": [{**row, "id": f"r{number}", "weight": None} for number, row in enumerate(table["indicators"], 1)],
         "disclosure": None, "explanations": {}}
        for table in document["tables"]
    ]  # fmt: skip
    blank = tuple(each.text for each in reading.findings if each.sort == "placeholder")
    return {
        content["title"]: review(
            content, fiscal_year=YEARS[name], pack=pack_for_family(document["family"]),
            around=Surroundings(tuple(other for other in contents if other is not content), document["department"], blank),
        )
        for content in contents
    }  # fmt: skip


def places(found, severities):
    """Return the pointers by rule, in the order found."""
    listed = {}
    for each in found:
        if each.severity in severities:
            listed.setdefault(each.rule, []).append(each.pointer)
    return listed


@pytest.mark.parametrize("name", YEARS)
def test_g4_blocking_findings_are_exactly_the_expected_ones(name):
    blocking = {title: [[f.rule, f.pointer] for f in found if f.severity == "B"] for title, found in findings_of(name).items()}
    expected = {title: [[each["rule"], each["pointer"]] for each in listed] for title, listed in EXPECTED["blocking"][name].items()}
    assert blocking == expected


@pytest.mark.parametrize("name", YEARS)
def test_g4_all_other_findings_are_exactly_the_expected_ones(name):
    assert {title: places(found, "WI") for title, found in findings_of(name).items()} == EXPECTED["others"][name]


@pytest.mark.parametrize("fault", EXPECTED["known_faults"], ids=lambda fault: f"{fault['rule']} {fault['document']}")
def test_g4_every_fault_that_people_marked_is_found(fault):
    found = places(findings_of(fault["document"])[fault["table"]], "BWI").get(fault["rule"], [])
    assert set(fault["pointers"]) - set(found) == set()


@pytest.mark.parametrize("agreement", EXPECTED["agree"], ids=lambda each: f"{each['rule']} {each['document']}")
def test_g4_what_people_found_to_agree_is_no_finding(agreement):
    found = [f for table in findings_of(agreement["document"]).values() for f in table if f.rule == agreement["rule"]]
    assert found == []


def test_g4_every_blocking_finding_has_its_defence_and_every_fault_its_words():
    listed = [each for tables in EXPECTED["blocking"].values() for found in tables.values() for each in found]
    assert all(len(each["why"]) > 5 for each in (*listed, *EXPECTED["known_faults"], *EXPECTED["agree"]))


def test_g4_there_are_at_least_forty_five_rules_each_with_its_own_function():
    assert len({rule.id for rule in RULES}) == len({rule.looks for rule in RULES}) == len(RULES) == 58
