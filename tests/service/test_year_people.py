"""How simulated people work: the clerk's answers to the pre-review, and the figures that a unit reports."""

import sys
from copy import deepcopy
from decimal import Decimal

import pytest

from service.demo.city import shipped_city
from service.year import figures
from service.year.corrections import corrected, reweighted
from service.year.dice import Dice
from service.year.documents import sample_documents
from service.year.refusals import YearStuck
from workflows.commands.importing import content_of
from workflows.content.changes import changes_between
from workflows.findings import review
from workflows.measures.checkpoints import checkpoints_of
from workflows.measures.scoring import score
from workflows.measures.watch import Colour, measure
from workflows.packs import pack_for_family

CITY = shipped_city()
SAMPLES = {
    f"{document.filing.name}#{number}": (document, number)
    for document in sample_documents(CITY)
    for number in range(len(document.homes))
}


def sample(name: str):
    document, number = SAMPLES[name]
    family = document.filing.document["family"]
    content = deepcopy(content_of(document.filing.document["tables"][number], family))
    return content, document.year, pack_for_family(family)


def ready(name: str):
    content, year, pack = sample(name)
    return corrected(content, year=year, pack=pack).content, year, pack


def test_there_are_fifteen_sample_tables_of_three_fiscal_years():
    assert len(SAMPLES) == 15
    assert sorted({document.year for document, _ in SAMPLES.values()}) == [2021, 2022, 2023]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_clerk_gets_every_sample_table_past_the_pre_review(name):
    content, year, pack = sample(name)
    paper = corrected(content, year=year, pack=pack)
    findings = review(paper.content, fiscal_year=year, pack=pack)
    assert [finding for finding in findings if finding.severity == "B"] == []
    explained = paper.content["explanations"]
    assert [f for f in findings if f.severity == "W" and len(explained.get(f"{f.rule}@{f.pointer}", "")) < 10] == []


@pytest.mark.parametrize("name", SAMPLES)
def test_every_correction_carries_old_new_and_reason(name):
    content, year, pack = sample(name)
    paper = corrected(content, year=year, pack=pack)
    changes = changes_between(content, paper.content, paper.reasons)
    assert [change for change in changes if not change["reason"]] == []
    assert [change for change in changes if change["old"] == change["new"]] == []
    assert len(changes) >= len(content["indicators"]) + 1


@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        (lambda t: t.update(goals=[]), "V-C1"),
        (lambda t: t.update(title=""), "V-C1"),
        (lambda t: t["budget"].update(total=None), "V-C1"),
        (lambda t: t.update(indicators=[]), "V-C1"),
        (lambda t: t["indicators"][0].update(level3="", target={"raw": "", "op": None, "value": None, "unit": None}), "V-C1"),
        (lambda t: t.update(indicators=t["indicators"][:1]), "V-C3"),
        (lambda t: t["budget"].update(fiscal="70", other="9"), "V-M1"),
        (lambda t: t["budget"].update(other="计划另行安排"), "V-M6"),
        (lambda t: t["spending_plan"].append({"checkpoint": "6月底", "cumulative_percent": "40"}), "V-P1"),
        (lambda t: t["indicators"][1].update(level3="验收合格率", target={"raw": "≥120%", "op": ">=", "value": "120", "unit": "%"}), "V-T6"),
        (lambda t: t["indicators"][2].update(target={"raw": "2031年12月底", "op": "<=", "value": "2031-12-31", "unit": "date"}), "V-D1"),
    ],
)
def test_every_kind_of_blocking_finding_has_its_answer(damage, rule):
    content, year, pack = sample("ningxia-county-projects.txt#1")
    damage(content)
    assert rule in {finding.rule for finding in review(content, fiscal_year=year, pack=pack) if finding.severity == "B"}
    paper = corrected(content, year=year, pack=pack)
    assert [f for f in review(paper.content, fiscal_year=year, pack=pack) if f.severity == "B"] == []
    assert [change for change in changes_between(content, paper.content, paper.reasons) if not change["reason"]] == []


@pytest.mark.parametrize("name", SAMPLES)
def test_what_a_return_asks_for_keeps_the_sum_of_points(name):
    content, year, pack = ready(name)
    changed, reasons = reweighted(content)
    assert [f for f in review(changed, fiscal_year=year, pack=pack) if f.severity == "B"] == []
    changes = changes_between(content, changed, reasons)
    assert changes != ()
    assert [change for change in changes if not change["reason"]] == []
    points = [sum(Decimal(row["weight"]) for row in each["indicators"]) for each in (content, changed)]
    assert points[0] == points[1]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("missed", [0, 100])
def test_a_self_evaluation_is_filed_whole_whatever_the_fate(name, missed):
    content, _, pack = ready(name)
    filed = figures.at_the_years_end(content, pack, figures.Fate(missed, 50, 60), Dice(1), name)
    weights = {row["id"]: Decimal(row["weight"]) for row in content["indicators"]}
    scores = score(content, weights, filed["rows"], filed["executed"], content["budget"]["total"], pack)
    assert scores.problems == ()
    assert (scores.total >= 85) is (missed == 0)


@pytest.mark.parametrize("name", SAMPLES)
def test_figures_on_plan_are_green_and_far_behind_are_red_with_all_that_red_asks(name):
    content, year, pack = ready(name)
    for point in checkpoints_of(content, pack, year):
        printed = {"date": point.date.isoformat(), "planned_percent": str(point.planned_percent)}
        on_plan = figures.at_a_checkpoint(content, printed, pack, behind=Decimal(2))
        assert measure(content, point, on_plan, pack).colour == Colour.GREEN
        behind = figures.at_a_checkpoint(content, printed, pack, behind=Decimal(45))
        next(iter(behind["rows"].values()))["possibility"] = "impossible"
        asked = tuple(problem.pointer for problem in measure(content, point, behind, pack).missing)
        told = measure(content, point, figures.explained(behind, asked, by="某人", until=point.date), pack)
        assert (told.colour, told.missing) == (Colour.RED, ())


def test_a_rule_that_nobody_can_answer_stops_the_year_by_name(monkeypatch):
    content, year, pack = sample("ningxia-county-projects.txt#1")
    monkeypatch.delitem(sys.modules["service.year.corrections"].ANSWERS, "V-X2")
    with pytest.raises(YearStuck, match="V-X2"):
        corrected(content, year=year, pack=pack)
