"""Packs come into force by two persons; new tables pin the one in force for their family, others stay (S9, E6, E7)."""

import copy
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.life import Life, memory
from workflows.commands.publishing_packs import (
    pack_for_new_tables,
    pack_in_force,
    propose_pack,
    publish_pack,
    waiting_packs,
)
from workflows.errors import FieldsInvalid, NotAllowed, NotFound, PackUnfit, PackUnreadable, UnknownPack
from workflows.ledger.hashes import content_hash
from workflows.packs import PACK_OF_FAMILY, pack_content
from workflows.vocabulary import Role
from workflows.words.sentences import sentence

AUTHOR, SECOND = (roster.person(name, (Role.PROCESS_ADMIN, roster.BUREAU)) for name in ("process", "process_2"))
FAMILY, NAME = "ningxia-county-project", "ningxia-county"


def changed(name=NAME, **top):
    content = copy.deepcopy(pack_content(name))
    content["version"] += 1
    content["adjustment"]["cut_off"] = "09-30"
    return {**content, **top}


def propose(journal, content=None, by=AUTHOR):
    return propose_pack(journal, content=content or changed(), by=by, command_id=uuid4())


def publish(journal, proposed, by=SECOND):
    return publish_pack(journal, name=proposed.name, content_hash=proposed.content_hash, by=by, command_id=uuid4())


def confirmed(journal, content=None):
    return publish(journal, propose(journal, content))


def test_what_was_proposed_is_in_force_only_when_another_confirmed_it():
    journal = memory()
    proposed = propose(journal)
    assert pack_in_force(journal, NAME) == pack_content(NAME)
    assert [each.fact for each in waiting_packs(journal, NAME)] == [proposed]
    with pytest.raises(NotAllowed) as refused:
        publish(journal, proposed, by=AUTHOR)
    assert refused.value.rule == "S9"
    publish(journal, proposed)
    assert pack_in_force(journal, NAME) == changed()
    assert waiting_packs(journal, NAME) == ()


def test_e7_new_tables_pin_the_pack_in_force_and_old_ones_stay_on_theirs():
    journal = memory()
    old = Life(journal).imported()
    confirmed(journal)
    new = Life(journal).imported()
    assert (old.table.pack_hash, new.table.pack_hash) == (content_hash(pack_content(NAME)), content_hash(changed()))
    assert {old.table.pack, new.table.pack} == {NAME}
    assert journal.content(old.table.pack_hash)["adjustment"]["cut_off"] == "10-31"


def test_e6_a_family_goes_by_the_pack_that_was_last_confirmed_for_it():
    journal = memory()
    confirmed(journal, changed("national-2020", families=[FAMILY]))
    assert pack_for_new_tables(journal, FAMILY)["name"] == "national-2020"
    assert [pack_for_new_tables(journal, each)["name"] for each in PACK_OF_FAMILY if each != FAMILY] == [
        name for each, name in PACK_OF_FAMILY.items() if each != FAMILY
    ]
    assert pack_for_new_tables(journal, "national-project")["name"] == "national-2021"
    confirmed(journal, changed())
    assert pack_for_new_tables(journal, FAMILY) == changed()


def test_e6_a_form_for_later_years_waits_for_them_and_old_years_keep_theirs():
    journal, now, later = memory(), changed(), changed(title="宁夏 县级项目支出绩效目标申报表（2028年）", version=9)
    later["template"]["year"] = 2028
    confirmed(journal, now)
    confirmed(journal, later)
    assert [pack_for_new_tables(journal, FAMILY, year) for year in (2026, 2027, 2028, 2029)] == [now, now, later, later]
    assert Life(journal).imported().table.pack_hash == content_hash(now), "its budget year is 2026"
    assert pack_in_force(journal, NAME, 2020)["version"] == pack_content(NAME)["version"], "what ships, where nothing is for the year"
    assert pack_in_force(journal, NAME) == later


def test_to_go_back_to_what_ships_takes_two_persons_too():
    journal = memory()
    confirmed(journal)
    confirmed(journal, pack_content(NAME))
    assert pack_in_force(journal, NAME) == pack_content(NAME)


def test_the_first_use_of_what_ships_confirms_nothing():
    """A city that never confirmed a pack of its own goes on with what a newer product ships."""
    journal = memory()
    Life(journal).imported()
    confirmed(journal)
    Life(journal).imported()
    assert pack_in_force(journal, NAME) == changed()


@pytest.mark.parametrize("by", [roster.SYSTEM_ADMIN, roster.SECURITY_ADMIN, roster.FINANCE_PERFORMANCE, roster.CLERK])
def test_only_process_administrators_propose_and_publish(by):
    journal = memory()
    with pytest.raises(NotAllowed):
        propose(journal, by=by)
    proposed = propose(journal)
    with pytest.raises(NotAllowed):
        publish(journal, proposed, by=by)


def test_an_unsound_pack_is_neither_proposed_nor_published():
    journal, unsound = memory(), changed()
    unsound["execution"]["weight"] = "20"
    with pytest.raises(PackUnfit, match="P-03 tree：一级指标分值与预算执行率合计为110分，应为100分"):
        propose(journal, unsound)
    with pytest.raises(PackUnreadable):
        propose(journal, {"name": NAME})
    with pytest.raises(PackUnfit):
        propose(journal, {**changed(), "name": "atlantis"})


def test_what_nobody_proposed_or_what_is_in_force_is_refused():
    journal = memory()
    with pytest.raises(UnknownPack):
        publish_pack(journal, name=NAME, content_hash=journal.put_content(changed()), by=SECOND, command_id=uuid4())
    confirmed(journal)
    with pytest.raises(FieldsInvalid, match="此规则包与现行版本完全相同"):
        propose(journal)
    with pytest.raises(NotFound):
        pack_in_force(journal, "atlantis")


def test_the_same_command_twice_is_recorded_once():
    journal, words = memory(), {"content": changed(), "by": AUTHOR, "command_id": uuid4()}
    assert propose_pack(journal, **words) == propose_pack(journal, **words)
    (waiting,) = waiting_packs(journal, NAME)
    said = {"name": NAME, "content_hash": waiting.fact.content_hash, "by": SECOND, "command_id": uuid4()}
    assert publish_pack(journal, **said) == publish_pack(journal, **said)
    assert sentence(waiting).startswith("process同志（流程管理员）：提出规则包“ningxia-county”的新版本")
