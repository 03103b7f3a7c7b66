"""The shipped rule packs: whole, sourced, hashed, and adding up."""

from decimal import Decimal

import pytest

from workflows.errors import NotFound
from workflows.ledger.hashes import content_hash
from workflows.packs import PACK_NAMES, PACK_OF_FAMILY, load_pack, pack_content, pack_for_family, pack_from

PACKS = [pytest.param(name, id=name) for name in PACK_NAMES]
HEAD = {"format", "name", "version", "title", "families"}


@pytest.mark.parametrize("name", PACKS)
def test_first_level_and_execution_points_make_one_hundred(name):
    pack = load_pack(name)
    assert sum(level.weight for level in pack.tree) + pack.execution.weight == Decimal(100)


@pytest.mark.parametrize("name", PACKS)
def test_every_section_names_its_source(name):
    pack = load_pack(name)
    assert set(pack.sources) == set(pack_content(name)) - HEAD
    assert all(len(source) > 4 for source in pack.sources.values())


@pytest.mark.parametrize("name", PACKS)
def test_the_hash_is_that_of_the_whole_content(name):
    content = pack_content(name)
    assert load_pack(name).hash == content_hash(content)
    assert pack_from(content) == load_pack(name)
    assert content["name"] == name
    assert load_pack(name).hash != pack_from({**content, "version": content["version"] + 1}).hash


@pytest.mark.parametrize("name", PACKS)
def test_bands_leave_no_gap(name):
    pack = load_pack(name)
    assert [lower for lower, _ in pack.grades] == [Decimal(x) for x in (90, 80, 60, 0)]
    for percent in (Decimal(n) / 4 for n in range(401)):
        assert sum(band.holds(percent) for band in pack.qualitative) == 1


@pytest.mark.parametrize("name", PACKS)
def test_points_of_absent_classes_only_go_to_classes_of_the_tree(name):
    pack = load_pack(name)
    names = {level.name for level in pack.tree}
    assert {rule.absent for rule in pack.redistribution} <= names
    assert {to for rule in pack.redistribution for to, _ in rule.to} <= names


def test_families_get_their_pack_and_others_the_national_one():
    assert [pack_for_family(family).name for family in PACK_OF_FAMILY] == list(PACK_OF_FAMILY.values())
    assert pack_for_family("unknown").name == "national-2021"
    assert all(family in pack_for_family(family).families for family in PACK_OF_FAMILY)


def test_an_unknown_pack_is_refused():
    with pytest.raises(NotFound, match="没有名为“x”的规则包。"):
        load_pack("x")
