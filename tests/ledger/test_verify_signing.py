"""Several signers, conditions and returns: honest ways are clean, each broken rule is found though every hash is new."""

import json
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger.test_verify import told, verdict_of
from tests.support import hands, roster
from tests.support.auditor import verify
from tests.support.chains import signed_by_three, standard_but
from tests.support.forging import by_other, packed, saying, where, without
from tests.support.forms import all_scored
from tests.support.life import Life
from tests.support.sealed_log import Packed, appointed, life
from tests.workflows.test_any_person_any_verb import ADMINS, VERBS
from tests.workflows.test_hands_properties import CHAINS, likely_among
from workflows.commands import attaching, drafting, grading, leaving
from workflows.commands.recipe import Seen
from workflows.errors import GoaltrailError
from workflows.ledger.bundle import Scope
from workflows.state.standing import DIRECT
from workflows.vocabulary import Role, Stage

LEAD, HEAD = roster.SECOND_UNIT_HEAD, roster.UNIT_HEAD
MONEY = roster.person("money", (Role.UNIT_FINANCE, roster.UNIT))
PEOPLE = (*roster.PEOPLE, MONEY)


def walk(definition) -> Life:
    return Life(appointed(PEOPLE), definition=definition).in_unit_review()


def each_planner(kind="all", **more):
    signers = [{"group": "plan", "role": "department_finance", "of": "department", "take": "each"}]
    rule = {"kind": kind, "need": 1, "against": "veto"}
    return walk(standard_but("department_finance", signers=signers, rule=rule, **more)).approved(HEAD)


def short_of_one(**more) -> Life:
    """Two plan where three have to pass: the third seat stays open."""
    rule = {"kind": "count", "need": 3, "against": "majority"}
    signers = [{"group": "plan", "role": "department_finance", "of": "department", "take": "each"}]
    table = walk(standard_but("department_finance", signers=signers, rule=rule, **more)).approved(HEAD)
    return table.approved(roster.EVERY_HAT).approved(roster.DEPARTMENT_FINANCE)


def handed_in_by_a_signer() -> Life:
    """The clerk in charge holds a post of the first node too: whoever hands the table in is named no task there (S1)."""
    signers = [{"group": "heads", "role": "unit_head", "of": "unit", "take": "each"}]
    table = Life(appointed(PEOPLE), definition=standard_but("unit_head", signers=signers, rule={"kind": "all", "need": 1, "against": "veto"}))
    table.imported().completed()
    table.table = leaving.hand_over_table(
        table.journal, table.table.id, leaver=roster.CLERK, successor=roster.EVERY_HAT, reason="调离本单位", by=roster.SECURITY_ADMIN,
        command_id=uuid4(),
    )  # fmt: skip
    table.table = drafting.submit_table(table.journal, table.table.id, seen=table.seen(), by=roster.EVERY_HAT, command_id=uuid4())
    return table.approved(HEAD)


def per_group():
    return signed_by_three("per_group", 1)


def edited(table: Life, **changes) -> Life:
    draft = drafting.content_in_work(table.journal, table.table)
    drafting.save_draft(
        table.journal, table.table.id, seen=table.seen(), draft_version=draft.version, content={**draft.content, **changes},
        reasons={"": "按退回意见修改"}, by=roster.CLERK, command_id=uuid4(),
    )  # fmt: skip
    return table


def straight(to=Stage.DRAFT, **aim) -> Life:
    return life().in_finance_approval().approved(roster.FINANCE_PERFORMANCE).returned(roster.FINANCE_BUSINESS, to, mode=DIRECT, **aim)


def mended() -> Life:
    return edited(straight(fields=("/goals",)), goals=["维护道路12公里。"]).submitted()


def more_than_mended() -> Life:
    return edited(straight(fields=("/purpose",)), goals=["维护道路12公里。"]).submitted()


def weighed_again(when='文种 == "没有"', **changes) -> Life:
    """The department is passed over by its condition; the table is sent back from the bureau and its key mark set, or this changed."""
    table = conditional(when).returned(roster.FINANCE_BUSINESS, Stage.DRAFT, mode=DIRECT, fields=("/key_project", "/goals"))
    return edited(table, **(changes or {"key_project": True})).submitted()


def scored_since() -> Life:
    """The department was passed over; the bureau's scoring made the table 重点 before it was sent back."""
    table = conditional("重点")
    table.table = grading.score_review(
        table.journal, table.table.id, seen=table.seen(), by=roster.FINANCE_BUSINESS, command_id=uuid4(), mode="scored",
        items=all_scored(60), node="finance_business",
    )  # fmt: skip
    return table.returned(roster.FINANCE_BUSINESS, Stage.DRAFT, mode=DIRECT, fields=("/goals",)).submitted()


def scored_at_the_node(when="重点") -> Life:
    """The business section was passed over; the node that the table was returned to makes it 重点, and it takes the long way."""
    table = walk(standard_but("finance_business", when=when)).approved(HEAD).approved(roster.DEPARTMENT_FINANCE)
    table.returned(roster.FINANCE_PERFORMANCE, Stage.DEPARTMENT_REVIEW, to_node="department_finance", mode=DIRECT)
    table.table = grading.score_review(
        table.journal, table.table.id, seen=table.seen(), by=roster.DEPARTMENT_FINANCE, command_id=uuid4(), mode="scored",
        items=all_scored(95), node="department_finance",
    )  # fmt: skip
    return table.approved(roster.DEPARTMENT_FINANCE)


def with_file(*, kept=False) -> Life:
    """A file is put to the table while it is back, and mostly taken away again."""
    table = straight(fields=("/goals",))
    words = {"by": roster.CLERK, "command_id": uuid4()}
    table.table = attaching.attach_file(
        table.journal, table.table.id, seen=table.seen(), name="说明.pdf", data=b"%PDF-1.7 more", for_step="drafting", **words
    )
    if not kept:
        (file,) = table.table.attachments
        table.table = attaching.withdraw_attachment(
            table.journal, table.table.id, seen=table.seen(), attachment=file.attachment, **words
        )
    return table.submitted()


def explained(*fields, key="V-T5@/indicators/1/target") -> Life:
    """The explanation of a finding at the second row is written anew."""
    table = straight(fields=fields)
    said = drafting.content_in_work(table.journal, table.table).content["explanations"]
    return edited(table, explanations={**said, key: "参照上年实际完成值"}).submitted()


def swapped(*fields) -> Life:
    """The first two rows change places, and nothing else."""
    table = straight(fields=fields)
    one, two, *rest = drafting.content_in_work(table.journal, table.table).content["indicators"]
    return edited(table, indicators=[two, one, *rest]).submitted()


def to_a_node() -> Life:
    return life().in_finance_approval().returned(roster.FINANCE_BUSINESS, Stage.DEPARTMENT_REVIEW, to_node="department_finance")


def inside_the_stage() -> Life:
    table = life().in_finance_approval().approved(roster.FINANCE_BUSINESS).approved(roster.FINANCE_PERFORMANCE)
    return table.returned(roster.FINANCE_BUDGET, Stage.FINANCE_APPROVAL, to_node="finance_business")


def beside() -> Life:
    """The performance section wants the business section beside it to look again, while the votes of three lie open."""
    return life().in_finance_approval().approved(roster.FINANCE_BUSINESS).returned(
        roster.FINANCE_PERFORMANCE, Stage.FINANCE_APPROVAL, to_node="finance_business"
    )


def conditional(when="金额 >= 500", node="department_finance") -> Life:
    return walk(standard_but(node, when=when)).approved(HEAD)


HONEST = {
    "all of three": lambda: walk(signed_by_three()).approved(HEAD).approved(MONEY).approved(LEAD),
    "one of three still out": lambda: walk(signed_by_three()).approved(HEAD).approved(MONEY),
    "one veto of three": lambda: walk(signed_by_three()).approved(HEAD).returned(MONEY, Stage.DRAFT).submitted(),
    "any of three": lambda: walk(signed_by_three("any")).approved(MONEY),
    "two of three though one is against": lambda: walk(signed_by_three("count", 2, "majority")).returned(HEAD, Stage.DRAFT).approved(MONEY).approved(LEAD),
    "two against two of three": lambda: walk(signed_by_three("count", 2, "majority")).returned(HEAD, Stage.DRAFT).returned(MONEY, Stage.DRAFT),
    "a share": lambda: walk(signed_by_three("percent", 60, "majority")).approved(HEAD).approved(LEAD),
    "one of each group": lambda: walk(per_group()).approved(HEAD).approved(LEAD).approved(MONEY),
    "all have voted, one against": lambda: walk(signed_by_three("all", 1, "wait")).returned(HEAD, Stage.DRAFT).approved(MONEY).approved(LEAD),
    "in order": lambda: walk(signed_by_three(ordered=True)).approved(LEAD).approved(MONEY).approved(HEAD),
    "every holder": lambda: each_planner().approved(roster.DEPARTMENT_FINANCE).approved(roster.EVERY_HAT),
    "every holder in order": lambda: each_planner(ordered=True).approved(roster.EVERY_HAT).approved(roster.DEPARTMENT_FINANCE),
    "a seat is open": short_of_one,
    "a seat is open and others wait in order": lambda: short_of_one(ordered=True),
    "handed in by a signer": handed_in_by_a_signer,
    "withdrawn from three": lambda: taken_back(walk(signed_by_three())),
    "passed over": conditional,
    "not passed over": lambda: conditional("金额 < 500"),
    "a whole stage passed over and back": lambda: conditional().returned(roster.FINANCE_BUSINESS, Stage.DEPARTMENT_REVIEW),
    "passed over beside": lambda: conditional("not (文种 in [\"a\", 'b'] and 重点) and 年度 ≠ 2026", "finance_performance").approved(roster.DEPARTMENT_FINANCE),
    "to a node": lambda: to_a_node().approved(roster.DEPARTMENT_FINANCE),
    "inside the stage": lambda: inside_the_stage().approved(roster.FINANCE_BUSINESS),
    "beside": lambda: beside().approved(roster.FINANCE_BUSINESS).approved(roster.FINANCE_PERFORMANCE),
    "straight back": lambda: mended().approved(roster.FINANCE_BUSINESS).replied(),
    "too much changed for straight back": lambda: more_than_mended().approved(HEAD),
    "straight back to a node": lambda: straight(Stage.UNIT_REVIEW, to_node="unit_head").approved(HEAD),
    "straight, not answered yet": lambda: straight(fields=("/goals",)),
    "straight over a condition that answers as before": weighed_again,
    "not straight over a condition that answers otherwise": lambda: weighed_again("重点").approved(HEAD),
    "straight, other things were mended than those weighed": lambda: weighed_again("重点", goals=["维护道路12公里。"]).approved(roster.FINANCE_BUSINESS),
    "not straight over a node that scoring made necessary": lambda: scored_since().approved(HEAD),
    "not straight from a node whose scoring made another necessary": lambda: scored_at_the_node().approved(roster.FINANCE_BUSINESS),
    "straight, a file put and taken away": with_file,
    "not straight with another file": lambda: with_file(kept=True).approved(HEAD),
    "straight, explained anew where it was ticked": lambda: explained("/indicators/r2"),
    "straight, this very explanation was ticked": lambda: explained("/explanations/V-T5@/indicators/1/target"),
    "not straight, explained anew elsewhere": lambda: explained("/indicators/r3", "/explanations").approved(HEAD),
    "not straight, the whole table explained anew": lambda: explained("/indicators", "/goals", key="V-X9@").approved(HEAD),
    "straight, ticked rows change places": lambda: swapped("/indicators/r1", "/indicators/r2"),
    "not straight, other rows change places": lambda: swapped("/indicators/r1", "/goals").approved(HEAD),
}  # fmt: skip


def taken_back(table: Life) -> Life:
    table.table = drafting.withdraw_table(
        table.journal, table.table.id, seen=table.seen(), by=roster.CLERK, command_id=uuid4(), reason="还要修改一处"
    )
    return table


@pytest.mark.parametrize("way", HONEST)
def test_an_honest_way_with_several_signers_conditions_and_returns_is_clean(way, tmp_path):
    table = HONEST[way]()
    verdict = verdict_of(tmp_path, Packed(table.journal).zipped())
    assert (verdict.code, verdict.findings) == (0, [])
    part = verdict_of(tmp_path, Packed(table.journal, scope=Scope("table", table=table.table.id)).zipped())
    assert (part.code, part.findings) == (0, [])


def shared_tasks(log, change) -> list:
    tasks = [dict(task) for task in json.loads(log.bodies[where(log, "node.shared")])["data"]["tasks"]]
    return change(tasks) or tasks


def content_with(log, **changes):
    """Another content in place of the submitted one, everywhere."""
    index = where(log, "table.submitted")
    old = json.loads(log.bodies[index])["content_hash"]
    new = log.put_content({**log.values[old], **changes})
    return lambda body: json.loads(json.dumps(body).replace(old, new))


def redefined(log, node="department_finance", **changes):
    """Another definition in place of the one that the table was pinned to, everywhere."""
    old = json.loads(log.bodies[where(log, "table.imported")])["data"]
    definition = standard_but(node, **changes) | {"name": old["definition"]}
    new = log.put_content(definition)
    return lambda body: json.loads(json.dumps(body).replace(old["definition_hash"], new))


STEP, VALUE = ("steps", "step"), ("steps", "value")
SEQUENCE = ("steps", "sequence")
FORGED = {
    "the node is passed before all have signed": (
        HONEST["all of three"], "task.decided", 0, lambda log, i: without(log, where(log, "task.decided", 1)), ("steps", "sequence")),
    "a signer is forgotten": (
        HONEST["all of three"], "node.shared", 0, lambda log, i: saying(log, i, tasks=shared_tasks(log, lambda tasks: tasks[:2])), VALUE),
    "a signer too many": (
        HONEST["all of three"], "node.shared", 0, lambda log, i: saying(log, i, tasks=shared_tasks(log, lambda tasks: [*tasks, tasks[0]])), VALUE),
    "a signer of another organ": (
        HONEST["all of three"], "node.shared", 0, lambda log, i: saying(log, i, tasks=shared_tasks(log, lambda tasks: tasks[0].update(organ="unit-2"))), VALUE),
    "nobody waits for anybody": (
        HONEST["in order"], "node.shared", 0, lambda log, i: saying(log, i, tasks=shared_tasks(log, lambda tasks: [{**t, "waits_for": []} for t in tasks])), VALUE),
    "a holder is forgotten": (
        HONEST["every holder"], "node.shared", 0, lambda log, i: saying(log, i, tasks=shared_tasks(log, lambda tasks: tasks[:1])), VALUE),
    "a holder who holds nothing": (
        HONEST["every holder"], "node.shared", 0, lambda log, i: saying(log, i, tasks=shared_tasks(log, lambda tasks: tasks[1].update(person="zeal"))), ("posts", "post")),
    "the open seat is left out": (
        short_of_one, "node.shared", 0, lambda log, i: saying(log, i, tasks=shared_tasks(log, lambda tasks: tasks[:2])), VALUE),
    "more open seats than the rule needs": (
        short_of_one, "node.shared", 0, lambda log, i: saying(log, i, tasks=shared_tasks(log, lambda tasks: [*tasks, tasks[2]])), VALUE),
    "somebody signs twice": (
        HONEST["all of three"], "task.decided", 1, lambda log, i: by_other(log, i, id="unit_head"), ("posts", "post")),
    "another signs in his name": (
        HONEST["every holder"], "task.decided", 1, lambda log, i: by_other(log, i, id="every_hat"), ("posts", "person")),
    "the amount was another": (
        conditional, "route.chosen", 0, lambda log, i: saying(log, i, inputs=[{**each, "value": "600" if each["name"] == "金额" else each["value"]} for each in inputs_in(log, i)]), VALUE),
    "a node is passed over though its condition holds": (
        conditional, "route.chosen", 0, lambda log, i: content_with(log, budget={"total": "600", "fiscal": None, "other": None, "carryover": None}), None),
    "more is passed over": (
        conditional, "route.chosen", 0, lambda log, i: saying(log, i, passed_over=["department_finance", "finance_business"]), VALUE),
    "a return to what was never complete": (
        to_a_node, "table.returned", 0, lambda log, i: saying(log, i, to_node="finance_performance", to="finance_approval"), STEP),
    "a return to a node of another stage": (
        to_a_node, "table.returned", 0, lambda log, i: saying(log, i, to="unit_review"), STEP),
    "a return that overtakes less": (
        inside_the_stage, "table.returned", 0, lambda log, i: saying(log, i, overtaken=["finance_business"]), VALUE),
    "a return that keeps the returner's own vote": (
        beside, "table.returned", 0, lambda log, i: saying(log, i, overtaken=["finance_business", "reply"]), VALUE),
    "a return in a manner that nobody knows": (
        to_a_node, "table.returned", 0, lambda log, i: saying(log, i, mode="随便"), STEP),
    "straight back though more was changed": (
        mended, "table.returned", 0, lambda log, i: saying(log, i, fields=["/purpose"]), None),
    "straight back though a condition answers otherwise": (
        weighed_again, "route.shortened", 0, lambda log, i: redefined(log, when="重点"), SEQUENCE),
    "straight from a node though its scoring made another necessary": (
        lambda: scored_at_the_node('文种 == "没有"'), "route.shortened", 0, lambda log, i: redefined(log, "finance_business", when="重点"), SEQUENCE),
    "straight back with another file": (
        with_file, "route.shortened", 0, lambda log, i: without(log, where(log, "attachment.withdrawn")), SEQUENCE),
    "straight back though something else was explained anew": (
        HONEST["straight, explained anew where it was ticked"], "route.shortened", 0,
        lambda log, i: saying(log, where(log, "table.returned"), fields=["/indicators/r3", "/goals", "/explanations"]), SEQUENCE),
    "straight back though other rows stand elsewhere": (
        HONEST["straight, ticked rows change places"], "route.shortened", 0,
        lambda log, i: saying(log, where(log, "table.returned"), fields=["/indicators/r1"]), SEQUENCE),
    "straight back over what was never complete": (
        mended, "route.shortened", 0, lambda log, i: saying(log, i, passed_over=["finance_performance", "unit_head"]), VALUE),
    "straight back to another person": (
        mended, "node.entered", -1, lambda log, i: saying(log, i, person="leader"), VALUE),
}  # fmt: skip


def inputs_in(log, index) -> list:
    return json.loads(log.bodies[index])["data"]["inputs"]


@pytest.mark.parametrize("forgery", FORGED)
def test_a_broken_rule_of_signing_is_found_though_every_hash_was_made_anew(forgery, tmp_path):
    shape, kind, number, forger, found = FORGED[forgery]
    log = shape().journal
    index = where(log, kind, number)
    verdict = verdict_of(tmp_path, packed(log, forger(log, index)).zipped())
    assert verdict.code == 1
    first = verdict.findings[0]
    if found is not None:
        assert (first.check, first.what) == found, told(verdict)
    assert first.place.event is not None
    assert (first.place.stream, bool(first.field)) == (json.loads(log.bodies[index])["stream"], True)


def test_whoever_signs_twice_at_a_node_is_found_under_both_posts(tmp_path):
    both = roster.person("both", (Role.UNIT_BUSINESS, roster.UNIT), (Role.UNIT_FINANCE, roster.UNIT))
    log = Life(appointed((*PEOPLE, both)), definition=signed_by_three()).in_unit_review().approved(both).approved(MONEY).journal
    index = where(log, "task.decided", 1)
    verdict = verdict_of(tmp_path, packed(log, by_other(log, index, id="both", name="both同志")).zipped())
    assert told(verdict)[0] == ("segregation", "S4", index, "actor.id")


def test_whoever_signs_before_his_turn_is_found(tmp_path):
    log = walk(signed_by_three()).approved(HEAD).journal
    tasks = shared_tasks(log, lambda tasks: [task.update(waits_for=[] if n == 0 else [tasks[n - 1]["task"]]) for n, task in enumerate(tasks)] and None)
    ordered = log.put_content(signed_by_three(ordered=True))
    old = json.loads(log.bodies[where(log, "table.imported")])["data"]
    opened, index = where(log, "node.shared"), where(log, "task.decided")

    def forge(body):
        body = json.loads(json.dumps(body).replace(old["definition_hash"], ordered))
        if body["kind"] == "node.shared":
            body["data"]["tasks"] = tasks
        if body["kind"] in ("table.imported", "definition.published"):
            body["data"]["definition" if body["kind"] == "table.imported" else "name"] = log.values[ordered]["name"]
        return body

    assert opened < index
    assert told(verdict_of(tmp_path, packed(log, forge).zipped()))[0] == ("steps", "step", index, "data.task")


def test_whoever_takes_the_open_seat_beside_his_own_task_is_found(tmp_path):
    log = short_of_one().journal
    seat = json.loads(log.bodies[where(log, "node.shared")])["data"]["tasks"][2]["task"]
    index = where(log, "task.decided", 2)
    verdict = verdict_of(tmp_path, packed(log, saying(log, index, task=seat)).zipped())
    assert told(verdict)[0] == ("segregation", "S4", index, "actor.id")


def test_a_return_that_nobody_voted_for_is_found(tmp_path):
    """The first pass of too few was answered by a return once: no count of passes makes one."""
    log = short_of_one().journal
    first, second = where(log, "task.decided", 1), where(log, "task.decided", 2)
    other = each_planner("all").returned(roster.EVERY_HAT, Stage.DRAFT).journal
    back = [json.loads(body) for body in other.bodies[where(other, "table.returned") :]]
    said = json.loads(log.bodies[first])
    log.bodies = log.bodies[: first + 1] + [
        json.dumps({**said, **{name: each[name] for name in ("kind", "data", "shape", "step")}, "content_hash": None}).encode()
        for each in back
    ]  # fmt: skip
    verdict = verdict_of(tmp_path, packed(log, lambda body: body).zipped())
    assert second > first
    assert ("steps", "sequence", first + 1, "step") in told(verdict)


@pytest.mark.parametrize("name", CHAINS)
@given(script=st.lists(st.tuples(st.integers(0, 2**32), st.integers(0, 99)), min_size=15, max_size=40))
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_people_do_with_tasks_the_program_finds_in_order(name, script, tmp_path_factory):
    """Any open act of any hands, in any order, under one signer and under many: no false alarm."""
    table = Life(appointed((*hands.PEOPLE, *ADMINS)), definition=CHAINS[name]).in_unit_review()
    log = table.journal
    for number, pick in script:
        log.at += timedelta(minutes=pick * 7)
        before = log.lock_table(table.table.id)
        acts = likely_among(before)
        verb, person = acts[number % len(acts)]
        with suppress(GoaltrailError):
            VERBS[verb](log, before.id, seen=Seen(before.version, before.content_hash), by=person, command_id=uuid4())
    assert verdict_of(tmp_path_factory.mktemp("walk"), Packed(log).zipped()).findings == []


@pytest.mark.parametrize("text", [
    "金额", "重点 == 1", '属性 > "甲"', '金额 == "甲"', "金额 >", "(重点", "重点 and", "金额 in []", "金额 in [年度]", "重点 重点", "__import__", "1 2", "",
])  # fmt: skip
def test_what_is_no_condition_is_none(text):
    with pytest.raises((ValueError, IndexError)):
        verify.Condition(text)
