"""What the pre-review finds in the five sample documents: each blocking finding is listed and defended."""

import json
from collections import Counter
from pathlib import Path

import pytest

from workflows.findings import review
from workflows.packs import pack_for_family

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
EXPECTED = json.loads((Path(__file__).parent / "expected_samples.json").read_text(encoding="utf-8"))
YEARS = {"hebei-special-funds": 2022, "hebei-department-projects": 2022, "ningxia-county-projects": 2023,
         "henan-unit-overall": 2023, "ningxia-region-project": 2021}  # fmt: skip

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the sample documents are not beside this checkout")


def findings_of(name):
    document = json.loads((CORPUS / f"{name}.json").read_text(encoding="utf-8"))
    for table in document["tables"]:
        rows = [{**row, "id": f"r{number}", "weight": None} for number, row in enumerate(table["indicators"], 1)]
        content = {**table, "indicators": rows, "disclosure": None, "explanations": {}}
        yield table["title"], review(content, fiscal_year=YEARS[name], pack=pack_for_family(document["family"]))


@pytest.mark.parametrize("name", YEARS)
def test_blocking_findings_are_exactly_the_expected_ones(name):
    blocking = {title: [[f.rule, f.pointer] for f in found if f.severity == "B"] for title, found in findings_of(name)}
    expected = {title: [[each["rule"], each["pointer"]] for each in listed] for title, listed in EXPECTED["blocking"][name].items()}
    assert blocking == expected


@pytest.mark.parametrize("name", YEARS)
def test_other_findings_are_counted_by_rule(name):
    counted = Counter(f.rule for _, found in findings_of(name) for f in found if f.severity != "B")
    assert dict(sorted(counted.items())) == EXPECTED["others"][name]


def test_every_blocking_finding_has_its_defence():
    listed = [each for tables in EXPECTED["blocking"].values() for found in tables.values() for each in found]
    assert all(len(each["why"]) > 5 for each in listed)
