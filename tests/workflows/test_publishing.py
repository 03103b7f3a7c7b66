"""M6, S9, E3, E9: a chain comes into force by two process administrators, sound, and without stranding a table."""

import copy
from uuid import uuid4

import pytest

from service.demo.city import shipped_city
from tests.definitions.test_lint import ROSTER
from tests.support import roster
from tests.support.life import Life, memory
from workflows.commands.administering import definition_in_force
from workflows.commands.publishing import propose_definition, publish_definition, versions_of
from workflows.definitions import shipped
from workflows.definitions.comparing import differences, places_gone
from workflows.errors import DefinitionUnfit, DefinitionUnreadable, FieldsInvalid, NodeInUse, NotAllowed, UnknownChain
from workflows.vocabulary import Role, Stage
from workflows.words.sentences import sentence

AUTHOR, SECOND = (roster.person(name, (Role.PROCESS_ADMIN, roster.BUREAU)) for name in ("process", "process_2"))


def slower(days=4):
    content = copy.deepcopy(shipped())
    content["nodes"][1]["working_days"] = days
    return content


def without(node):
    content = copy.deepcopy(shipped())
    content["nodes"] = [
        {**each, "after": [name for name in each["after"] if name != node]} for each in content["nodes"] if each["node"] != node
    ]
    return content


def wider():
    """The standard chain with one more office of the department before its finance office."""
    content = copy.deepcopy(shipped())
    office = {**content["nodes"][2], "node": "department_business", "title": "归口处室审核", "role": "department_business"}
    content["nodes"][2:2] = [office]
    content["nodes"][3]["after"] = ["department_business"]
    return content


def propose(journal, content=None, by=AUTHOR):
    return propose_definition(journal, content=content or slower(), by=by, command_id=uuid4())


def publish(journal, content_hash, by=SECOND, name="standard", in_use=None):
    return publish_definition(
        journal, name=name, content_hash=content_hash, roster=ROSTER, in_use=in_use or {}, by=by, command_id=uuid4()
    )


def test_the_city_has_somebody_at_every_node():
    assert ROSTER.people == shipped_city().people


def test_what_was_proposed_is_not_in_force_until_another_publishes_it():
    journal = memory()
    proposed = propose(journal)
    assert definition_in_force(journal, "standard") == shipped()
    publish(journal, proposed.content_hash)
    assert definition_in_force(journal, "standard") == slower()
    assert [sentence(each).partition("（")[0] for each in versions_of(journal, "standard")] == ["process同志", "process_2同志"]


def test_the_author_does_not_publish_and_neither_does_who_proposed_the_same_again():
    journal = memory()
    proposed = propose(journal)
    propose(journal, by=SECOND)
    for by in (AUTHOR, SECOND):
        with pytest.raises(NotAllowed) as refused:
            publish(journal, proposed.content_hash, by=by)
        assert refused.value.rule == "S9"


@pytest.mark.parametrize("by", [roster.SYSTEM_ADMIN, roster.SECURITY_ADMIN, roster.FINANCE_PERFORMANCE, roster.CLERK])
def test_only_process_administrators_propose_and_publish(by):
    journal = memory()
    with pytest.raises(NotAllowed):
        propose(journal, by=by)
    proposed = propose(journal)
    with pytest.raises(NotAllowed):
        publish(journal, proposed.content_hash, by=by)


def test_a_process_administrator_with_a_business_post_is_refused():
    mixed = roster.person("mixed", (Role.PROCESS_ADMIN, roster.BUREAU), (Role.FINANCE_BUDGET, roster.BUREAU))
    with pytest.raises(NotAllowed) as refused:
        propose(memory(), by=mixed)
    assert refused.value.rule == "S8"


def test_what_nobody_proposed_is_not_published():
    journal = memory()
    with pytest.raises(UnknownChain):
        publish(journal, journal.put_content(slower()))


def test_a_version_once_published_needs_a_new_proposal_to_come_back():
    journal = memory()
    first = propose(journal)
    publish(journal, first.content_hash)
    second = propose(journal, slower(6))
    publish(journal, second.content_hash)
    with pytest.raises(UnknownChain):
        publish(journal, first.content_hash)
    propose(journal, slower(), by=SECOND)
    publish(journal, first.content_hash, by=AUTHOR)
    assert definition_in_force(journal, "standard") == slower()


def test_what_is_in_force_is_not_proposed_again():
    journal = memory()
    publish(journal, propose(journal).content_hash)
    with pytest.raises(FieldsInvalid):
        propose(journal)


def test_what_cannot_be_read_is_not_even_proposed():
    with pytest.raises(DefinitionUnreadable):
        propose(memory(), {"format": 2, "name": "x"})


def test_the_lint_s_errors_forbid_publishing():
    journal, content = memory(), slower()
    content["nodes"][1]["after"] = ["unit_head"]
    proposed = propose(journal, content)
    with pytest.raises(DefinitionUnfit) as refused:
        publish(journal, proposed.content_hash)
    assert refused.value.facts["problems"]


def test_e3_a_node_where_tables_stand_is_not_removed_and_the_refusal_lists_them():
    journal = memory()
    publish(journal, propose(journal, wider()).content_hash)
    proposed = propose(journal)
    standing = {"department_business": ["《农村道路维护经费》0a1b2c3d"], "unit_head": ["《干部培训费》11111111"]}
    with pytest.raises(NodeInUse) as refused:
        publish(journal, proposed.content_hash, in_use=standing)
    (title,) = [node["title"] for node in wider()["nodes"] if node["node"] == "department_business"]
    assert refused.value.facts["problems"] == (f"{title}：《农村道路维护经费》0a1b2c3d",)
    assert refused.value.sentence == f"以下环节还有绩效目标表停留，不能删除：“{title}”（1张：《农村道路维护经费》0a1b2c3d）。"
    publish(journal, proposed.content_hash, in_use={"unit_head": standing["unit_head"]})


def test_an_old_version_stays_runnable_for_the_tables_pinned_to_it():
    journal = memory()
    publish(journal, propose(journal, wider()).content_hash)
    life = Life(journal, definition=wider()).in_unit_review()
    publish(journal, propose(journal, slower()).content_hash)
    life.approved(roster.UNIT_HEAD).approved(roster.DEPARTMENT_BUSINESS).approved(roster.DEPARTMENT_FINANCE)
    assert [desk.node for desk in life.table.desks] == ["finance_business", "finance_performance"]
    life.approved(roster.FINANCE_BUSINESS).approved(roster.FINANCE_PERFORMANCE).replied()
    assert life.table.stage == Stage.MONITORING


def test_the_same_command_twice_publishes_once():
    journal = memory()
    proposed = propose(journal)
    words = {"name": "standard", "content_hash": proposed.content_hash, "roster": ROSTER, "in_use": {}, "by": SECOND, "command_id": uuid4()}
    assert publish_definition(journal, **words) == publish_definition(journal, **words)
    assert [each.kind for each in versions_of(journal, "standard")] == ["definition.proposed", "definition.published"]


def test_e9_differences_are_told_node_by_node():
    assert differences(shipped(), shipped()) == ()
    said = [each.said for each in differences(shipped(), slower())]
    assert said == ["环节 unit_head 时限（工作日）：3 → 4"]
    said = [each.said for each in differences(shipped(), without("finance_business"))]
    assert said == [
        '环节 reply 前置环节：["finance_business", "finance_performance"] → ["finance_performance"]',
        "删除环节 finance_business：业务科审核",
    ]  # fmt: skip
    assert [each.said for each in differences(without("finance_business"), shipped())][-2:] == [
        "新增环节 finance_business：业务科审核",
        '环节 reply 前置环节：["finance_performance"] → ["finance_business", "finance_performance"]',
    ]  # fmt: skip


def test_a_node_in_another_stage_is_gone_from_where_tables_stand():
    moved = copy.deepcopy(shipped())
    moved["nodes"][2]["stage"] = "unit_review"
    assert places_gone(shipped(), moved) == ("department_finance",)
