"""新建 and copying an earlier year's table: who may, what the draft holds, what is carried over (T1, G12)."""

from dataclasses import dataclass
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.life import Life, memory
from workflows.commands import drafting
from workflows.commands.beginning import copy_table, create_table
from workflows.commands.recipe import Seen
from workflows.errors import FieldsInvalid, MarkedAsSecret, NotAllowed, NotOpenNow
from workflows.last_year import EVALUATED, Before, Reached, beside, must_change
from workflows.packs import pack_from
from workflows.packs.shipped import FAMILY_NAMES
from workflows.vocabulary import Stage

NAMES = ("清江市交通运输局", "清江市公路养护中心")


def created(journal, **said):
    asked = {
        "home": roster.HOME, "family": "ningxia-county-project", "scope": "project", "title": "农村道路维护经费", "year": 2027,
        "names": NAMES, "by": roster.CLERK, "command_id": uuid4(),
    }  # fmt: skip
    return create_table(journal, **(asked | said))


def copied(life, **said):
    asked = {"source": life.table.id, "year": 2027, "home": roster.HOME, "by": roster.CLERK, "command_id": uuid4()}
    return copy_table(life.journal, **(asked | said))


@pytest.mark.parametrize("family", FAMILY_NAMES)
def test_t1_a_new_table_is_a_draft_at_its_clerks_desk_with_the_rows_that_its_form_demands(family):
    journal = memory()
    scope = "unit" if family.endswith("unit") else "project"
    table = created(journal, family=family, scope=scope)
    assert (table.stage, table.owner, table.year, table.document, table.origin) == (Stage.DRAFT, "clerk", 2027, "", "new")
    assert [desk.person for desk in table.desks] == ["clerk"]
    pack, content = pack_from(journal.content(table.pack_hash)), journal.content(table.content_hash)
    demanded = {each.name for level in pack.tree for each in level.level2 if each.required}
    classes = [row["level2"] for row in content["indicators"]]
    assert demanded <= set(classes)
    assert {row["level1"] for row in content["indicators"]} == {level.name for level in pack.tree}
    assert sum(float(row["weight"]) for row in content["indicators"]) + float(pack.execution.weight) == 100
    assert (content["fiscal_year"], content["implementing_unit"]) == (2027, NAMES[1])


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"by": roster.UNIT_HEAD}, NotAllowed), ({"by": roster.OTHER_CLERK}, NotAllowed), ({"family": "of-mine"}, FieldsInvalid),
        ({"scope": "unit"}, FieldsInvalid), ({"title": "  "}, FieldsInvalid), ({"title": "国家秘密★10年"}, MarkedAsSecret),
    ],
)  # fmt: skip
def test_t1_a_new_table_is_refused(said, refusal):
    journal = memory()
    with pytest.raises(refusal):
        created(journal, **said)
    assert not any(log for log in journal.streams.values())


def test_t1_the_same_command_twice_makes_one_table():
    journal, command = memory(), uuid4()
    assert created(journal, command_id=command) == created(journal, command_id=command)


def test_t1_what_nobody_filed_yet_is_written_without_a_reason():
    journal = memory()
    table = created(journal)
    content = journal.content(table.content_hash)
    kept = {**content, "goals": ["养护道路12公里"]}
    drafting.save_draft(
        journal, table.id, seen=Seen(table.version), draft_version=0, content=kept, reasons={"/goals/0": ""}, by=roster.CLERK,
        command_id=uuid4(),
    )  # fmt: skip
    findings = drafting.findings_of(journal, table, kept)
    assert "V-C1" in {each.rule for each in findings}


@dataclass
class Copied:
    life: Life
    table: object

    @property
    def content(self):
        return self.life.journal.content(self.table.content_hash)


@pytest.fixture
def year():
    life = Life(memory()).in_monitoring()
    return Copied(life, copied(life))


def test_g12_the_copy_carries_the_rows_with_their_origin_and_empties_what_must_be_new(year):
    before, content = year.life.journal.content(year.life.table.in_force), year.content
    assert [row["origin"] for row in content["indicators"]] == [
        {"table": str(year.life.table.id), "row": row["id"], "year": 2026} for row in before["indicators"]
    ]
    assert [row["target"] for row in content["indicators"]] == [row["target"] for row in before["indicators"]]
    assert (content["disclosure"], content["explanations"], content["fiscal_year"]) == (None, {}, 2027)
    assert set(content["budget"].values()) == {None}
    assert (year.table.origin, year.table.source, year.table.year, year.table.revises) == ("copied", str(year.life.table.id), 2027, "")


def test_g12_unchanged_rows_are_flagged_until_they_are_changed(year):
    before = Before(str(year.life.table.id), 2026, year.life.journal.content(year.life.table.in_force), Reached({"r1": "13"}, EVALUATED))
    content = year.content
    assert all(each.unchanged for each in beside(content, before).values())
    assert (beside(content, before)["r1"].actual, beside(content, before)["r1"].known_by) == ("13", "自评")
    first = content["indicators"][0]
    raised = {**first, "target": {**first["target"], "raw": "≥14公里", "value": "14"}}
    changed = {**content, "indicators": [raised, *content["indicators"][1:]]}
    assert not beside(changed, before)["r1"].unchanged
    asked = [each.pointer for each in must_change(content, before, 2027)]
    assert asked == ["/budget/total", "/disclosure", "/goals", "/indicators", f"/indicators/{content['indicators'][2]['id']}/target"]
    done = {**changed, "goals": ["养护道路14公里"], "disclosure": "公开", "budget": {**content["budget"], "total": "70"}}
    assert "/goals" not in [each.pointer for each in must_change(done, before, 2027)]


def test_g12_the_pre_review_sees_that_nothing_changed(year):
    assert "V-H1" in {each.rule for each in drafting.findings_of(year.life.journal, year.table, year.content)}


@pytest.mark.parametrize(
    ("said", "refusal"),
    [({"by": roster.OTHER_CLERK}, NotAllowed), ({"year": 2026}, FieldsInvalid), ({"year": 2025}, FieldsInvalid)],
)
def test_g12_a_copy_is_refused(said, refusal):
    life = Life(memory()).in_monitoring()
    with pytest.raises(refusal):
        copied(life, **said)


def test_g12_only_what_was_replied_to_is_a_beginning():
    with pytest.raises(NotOpenNow):
        copied(Life(memory()).in_unit_review())
