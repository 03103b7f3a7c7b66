"""Revisions of approved tables as the verifier judges them: honest ones are clean, each rule is forged once."""

import json
from uuid import uuid4

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.forging import by_other, packed, saying, where, without
from tests.support.hands import PEOPLE
from tests.support.life import Life
from tests.support.sealed_log import Packed, appointed
from tests.workflows.test_adjusting import Revised, changed, more_money, opened, replied, through_the_chain
from workflows.commands import ending
from workflows.commands.passing_on import pass_on_reply
from workflows.commands.recipe import Seen
from workflows.ledger.bundle import EVERYTHING, Scope
from workflows.state.revisions import Trigger
from workflows.vocabulary import Action


def monitored() -> Life:
    return Life(appointed(PEOPLE)).in_monitoring()


def begun() -> Revised:
    return opened(life=monitored())


def approved() -> Revised:
    revised = begun()
    changed(revised.second, budget=more_money(revised.second))
    return replied(Revised(revised.first, through_the_chain(revised.second)))


def twice() -> Revised:
    again = opened(Trigger.SCOPE, approved().first)
    changed(again.second, purpose="改在县城实施")
    return replied(Revised(again.first, through_the_chain(again.second)), "清财预调〔2026〕2号")


def ended(action: Action, revised: Revised, asks, agrees) -> Revised:
    life = revised.second
    said = {"by": asks, "command_id": uuid4(), "reason": "预算不再追加，撤销调整"}
    life.table = ending.ask_to_end(life.journal, life.table.id, action=action, seen=life.seen(), **said)
    life.table = ending.confirm_ending(life.journal, life.table.id, seen=life.seen(), by=agrees, command_id=uuid4())
    return revised


def given_up() -> Revised:
    return ended(Action.VOID, begun(), roster.CLERK, roster.UNIT_HEAD)


def terminated() -> Revised:
    revised = begun()
    changed(revised.second, budget=more_money(revised.second)).submitted()
    return ended(Action.TERMINATE, revised, roster.FINANCE_BUSINESS, roster.FINANCE_PERFORMANCE)


def monitored_after() -> Revised:
    revised = approved()
    revised.first.window_opened()
    return revised


def passed_on() -> Revised:
    revised = approved()
    table = revised.parent()
    pass_on_reply(
        revised.first.journal, uuid4(), tables={table.id: Seen(table.version, table.content_hash)},
        doc_no="清教财〔2026〕9号", by=roster.DEPARTMENT_FINANCE, command_id=uuid4(),
    )  # fmt: skip
    return revised


HONEST = {each.__name__: each for each in (begun, approved, twice, given_up, terminated, monitored_after)}


@pytest.mark.parametrize("way", HONEST)
def test_honest_revisions_are_clean(way, tmp_path):
    revised = HONEST[way]()
    log = revised.first.journal
    tables = (revised.first.table.id, revised.second.table.id)
    for scope in (EVERYTHING, *(Scope("table", table=each) for each in tables)):
        verdict = verdict_of(tmp_path, Packed(log, scope=scope).zipped())
        assert (verdict.code, verdict.findings) == (0, [])


def test_a_revision_that_was_passed_on_is_clean(tmp_path):
    assert told(verdict_of(tmp_path, Packed(passed_on().first.journal).zipped())) == []


def on_parent(log) -> int:
    """The index of the approval as the revised table tells it."""
    return where(log, "revision.approved", -1)


def alone(index):
    """Change or take away one event, wherever its step stands."""

    def forge(log, change):
        body = json.loads(log.bodies[index(log)])
        same = (body["stream"], body["version"])
        return lambda one: change(one) if (one["stream"], one["version"]) == same else one

    return forge


def said(**data):
    return lambda body: {**body, "data": {**body["data"], **data}}


VALUE, STEP, SEQUENCE = ("steps", "value"), ("steps", "step"), ("steps", "sequence")
FORGED = {
    "another table's ID": (begun, lambda log: saying(log, where(log, "revision.opened"), revision=str(uuid4())), VALUE),
    "another number": (begun, lambda log: saying(log, where(log, "revision.opened"), number=2), VALUE),
    "a reason that there is not": (begun, lambda log: saying(log, where(log, "revision.opened"), trigger="whim"), STEP),
    "opened by another": (
        begun, lambda log: by_other(log, where(log, "revision.opened"), id="second_clerk", name="second_clerk"), ("posts", "post"),
    ),
    "another pack": (begun, lambda log: saying(log, where(log, "table.created"), pack_hash="0" * 64), None),
    "another content": (
        begun,
        lambda log: saying(log, where(log, "table.created"), content_hash=json.loads(log.bodies[where(log, "table.imported")])["data"]["content_hash"]),
        VALUE,
    ),
    "no draft": (begun, lambda log: alone(lambda log: where(log, "table.created"))(log, lambda _: None), None),
    "an earlier day": (approved, lambda log: saying(log, where(log, "revision.approved"), effective_from="2026-01-01"), VALUE),
    "a longer term to pass it on": (approved, lambda log: saying(log, where(log, "revision.approved"), pass_on_due="2026-12-01"), VALUE),
    "no term to pass it on": (approved, lambda log: saying(log, where(log, "revision.approved"), pass_on_due=""), VALUE),
    "another plan": (approved, lambda log: saying(log, where(log, "revision.approved"), windows=[]), VALUE),
    "the table told otherwise": (approved, lambda log: alone(on_parent)(log, said(content_hash="0" * 64)), None),
    "the table not told": (approved, lambda log: alone(on_parent)(log, lambda _: None), ("steps", "unfinished")),
    "given up but told as refused": (
        given_up, lambda log: alone(lambda log: where(log, "revision.abandoned"))(log, lambda body: {**body, "kind": "revision.refused"}), STEP,
    ),
    "never given up": (given_up, lambda log: alone(lambda log: where(log, "revision.abandoned"))(log, lambda _: None), ("steps", "unfinished")),
    "opened without a trace": (begun, lambda log: without(log, where(log, "revision.opened")), None),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_revision_is_found(forgery, tmp_path):
    way, forge, wanted = FORGED[forgery]
    log = way().first.journal
    verdict = verdict_of(tmp_path, packed(log, forge(log)).zipped())
    assert verdict.code == 1
    if wanted:
        assert wanted in [finding[:2] for finding in told(verdict)]
