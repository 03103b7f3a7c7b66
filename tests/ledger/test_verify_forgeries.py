"""Histories forged by somebody who makes every hash, root and signature anew: the rules alone find each of them."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.ledger.test_verify import (
    SHAPES,
    asked,
    confirmed,
    erased,
    held,
    overdue,
    told,
    verdict_of,
    with_attachment,
    withdrawn,
)
from tests.support import roster
from tests.support.forging import by_other, command_of, first_content, packed, saying, where, without
from tests.support.many_events import whole_life
from tests.support.sealed_log import Packed, SealedLog, life
from workflows.commands import administering
from workflows.ledger.canonical import canonical
from workflows.vocabulary import Action, Post, Role


def every_hat(role: str, organ: str) -> dict:
    return {"id": "every_hat", "name": "every_hat同志", "role": role, "organ": organ}


FINANCE, PERFORMANCE = {"node": "finance_business", "outcome": "pass"}, {"node": "finance_performance", "outcome": "pass"}
FORGERIES = {
    "the clerk decides himself": lambda log: (
        where(log, "task.decided", 1), lambda i: by_other(log, i, id="clerk", name="clerk同志"), [("posts", "post"), ("segregation", "S1")]),
    "the clerk decides under his own post": lambda log: (
        where(log, "task.decided", 1), lambda i: by_other(log, i, id="clerk", role="clerk"), [("posts", "person"), ("segregation", "S1")]),
    "the system decides": lambda log: (
        where(log, "task.decided", 1), lambda i: by_other(log, i, id="system", role="system", organ="system"), [("posts", "person")]),
    "somebody without the post decides": lambda log: (
        where(log, "task.decided", 1), lambda i: by_other(log, i, id="officer", name="officer同志"), [("posts", "post")]),
    "one person in both finance sections": lambda log: (
        where(log, "task.decided", **PERFORMANCE),
        lambda i: both(by_other(log, i, **every_hat("finance_performance", "bureau")),
                       by_other(log, where(log, "task.decided", **FINANCE), **every_hat("finance_business", "bureau"))),
        [("segregation", "S4")]),
    "one person on two levels": lambda log: (
        where(log, "task.decided", node="department_finance"),
        lambda i: both(by_other(log, i, **every_hat("department_finance", "dept-1")),
                       by_other(log, where(log, "task.decided", 1), **every_hat("unit_head", "unit-1"))),
        [("segregation", "S2")]),
    "a decision on other content": lambda log: (
        where(log, "task.decided", 1), lambda i: saying(log, i, content_hash=first_content(log)), [("steps", "value")]),
    "a level is left out": lambda log: (
        where(log, "task.decided", node="department_finance"), lambda i: without(log, i), [("steps", "step")]),
    "the performance section is left out": lambda log: (
        where(log, "task.decided", **PERFORMANCE), lambda i: without(log, i), [("steps", "step")]),
    "another task": lambda log: (
        where(log, "node.entered", node="unit_head"), lambda i: saying(log, i, task=str(uuid4())), [("steps", "value")]),
    "the table goes to another organ": lambda log: (
        where(log, "node.entered", node="unit_head"), lambda i: saying(log, i, organ="unit-2"), [("steps", "value")]),
    "another level": lambda log: (
        where(log, "task.decided", 1), lambda i: saying(log, i, level="department"), [("steps", "value")]),
    "other windows": lambda log: (
        where(log, "table.replied"), lambda i: saying(log, i, windows=[{**window_of(log), "date": "2026-12-31"}]), [("steps", "value")]),
    "no windows": lambda log: (where(log, "table.replied"), lambda i: saying(log, i, windows=[]), [("steps", "value")]),
    "the self-evaluation opens earlier": lambda log: (
        where(log, "table.replied"), lambda i: saying(log, i, self_evaluation_opens="2026-02-01"), [("steps", "value")]),
    "more points": lambda log: (where(log, "selfeval.filed"), lambda i: saying(log, i, total="99.99"), [("steps", "value")]),
    "a better grade": lambda log: (where(log, "selfeval.filed"), lambda i: saying(log, i, grade="poor"), [("steps", "value")]),
    "a better execution rate": lambda log: (where(log, "monitoring.filed"), lambda i: saying(log, i, execution_rate="99"), [("steps", "value")]),
    "another title": lambda log: (where(log, "table.submitted"), lambda i: saying(log, i, title="另一个名称"), [("contents", "content")]),
    "fewer changes": lambda log: (where(log, "table.submitted"), lambda i: saying(log, i, changed=0), [("contents", "content")]),
    "an unpublished definition": lambda log: (
        where(log, "definition.published"), lambda i: without(log, i), [("steps", "value")]),
    "an earlier time": lambda log: (
        where(log, "task.decided", 2), lambda i: at_time(log, i, "2026-01-05T01:00:00.000001Z"), [("time", "backwards")]),
    "a command twice": lambda log: (
        where(log, "task.decided", 2), lambda i: commanded(log, i, command_of(log, where(log, "task.decided", 1))), [("commands", "repeated")]),
    "the clerk checks his own figures": lambda log: (
        where(log, "monitoring.accepted"), lambda i: by_other(log, i, id="clerk"), [("posts", "post"), ("segregation", "S6")]),
    "the clerk checks his own evaluation": lambda log: (
        where(log, "selfeval.accepted"), lambda i: by_other(log, i, id="clerk"), [("posts", "post"), ("segregation", "S5")]),
    "one person on two levels of the evaluation": lambda log: (
        where(log, "selfeval.accepted", node="evaluation_department"),
        lambda i: both(by_other(log, i, **every_hat("department_finance", "dept-1")),
                       by_other(log, where(log, "selfeval.accepted"), **every_hat("unit_head", "unit-1"))),
        [("segregation", "S2")]),
    "an administrator with a business post": lambda log: (
        where(log, "grant.given", person="every_hat", role="unit_head"), lambda i: saying(log, i, role="system_admin"), [("segregation", "S8")]),
    "a role that nobody knows": lambda log: (
        where(log, "grant.given", person="officer"), lambda i: saying(log, i, role="emperor"), [("posts", "post")]),
    "an officer without a post gives posts": lambda log: (
        where(log, "grant.given", 3), lambda i: by_other(log, i, id="admin", role="system_admin"), [("posts", "post")]),
    "an officer gives himself posts": lambda log: (
        where(log, "grant.given", 3), lambda i: saying(log, i, person="security"), [("steps", "value")]),
}  # fmt: skip


def ended(action: Action, by, second):
    return lambda: confirmed(asked(life().in_finance_approval(), action, by), second)


TERMINATED = ended(Action.TERMINATE, roster.FINANCE_BUSINESS, roster.FINANCE_LEADER)
REFUSED = ended(Action.REFUSE, roster.FINANCE_BUSINESS, roster.FINANCE_LEADER)
OTHER_LIVES = {
    "one person ends a table": (TERMINATED, "confirmation.given", lambda log, i: by_other(log, i, id="business", role="finance_business"), [("segregation", "S10")]),
    "nobody was asked": (TERMINATED, "confirmation.given", lambda log, i: without(log, where(log, "confirmation.requested")), [("steps", "step")]),
    "the writer confirms": (REFUSED, "confirmation.given", lambda log, i: by_other(log, i, id="clerk", role="finance_leader"), [("posts", "post"), ("segregation", "S1")]),
    "the clerk of another unit voids": (
        lambda: confirmed(asked(life().imported(), Action.VOID, roster.CLERK), roster.UNIT_HEAD), "confirmation.requested",
        lambda log, i: by_other(log, i, id="other_clerk", organ="unit-2"), [("posts", "person")]),
    "a request for something else": (TERMINATED, "confirmation.requested", lambda log, i: saying(log, i, action="close"), [("steps", "step")]),
    "one person has words erased": (erased, "payload.erased", lambda log, i: saying(log, i, asked_by="secrecy"), [("segregation", "S10")]),
    "a clerk asks to erase": (erased, "erasure.requested", lambda log, i: by_other(log, i, id="clerk", role="clerk", organ="unit-1"), [("posts", "person"), ("segregation", "S10")]),
    "nobody asked to erase": (erased, "payload.erased", lambda log, i: without(log, where(log, "erasure.requested")), [("segregation", "S10")]),
    "the writer has words erased": (
        erased, "payload.erased", lambda log, i: both(by_other(log, i, id="clerk", role="clerk"), saying(log, i, confirmed_by="clerk")),
        [("posts", "person")]),
    "more is erased than asked": (erased, "payload.erased", lambda log, i: saying(log, i, targets=[*targets_of(log, i), "0" * 64]), [("segregation", "S10")]),
    "marked overdue before it is": (
        overdue, "task.overdue", lambda log, i: saying(log, i, due_at="2026-01-01T10:00:00+00:00"), [("steps", "value")]),
    "a clerk marks overdue": (overdue, "task.overdue", lambda log, i: by_other(log, i, id="clerk", role="clerk", organ="unit-1"), [("posts", "person")]),
    "somebody else withdraws": (withdrawn, "table.withdrawn", lambda log, i: by_other(log, i, **every_hat("clerk", "unit-1")), [("posts", "person")]),
    "a submitter withdraws what was decided": (
        withdrawn, "table.withdrawn", lambda log, i: saying(log, i, round=2), [("steps", "value")]),
    "evidence by a stranger": (with_attachment, "attachment.added", lambda log, i: by_other(log, i, **every_hat("clerk", "unit-1")), [("posts", "person")]),
    "a file under another name": (with_attachment, "attachment.added", lambda log, i: saying(log, i, size=5), [("payloads", "payload")]),
    "a hold without an officer": (held, "hold.placed", lambda log, i: by_other(log, i, **every_hat("finance_leader", "bureau")), [("posts", "person"), ("posts", "post")]),
    "a hold twice": (held, "hold.placed", lambda log, i: without(log, where(log, "hold.lifted")), [("steps", "step")]),
    "a return to a later stage": (SHAPES["returned to the unit"], "table.returned", lambda log, i: saying(log, i, to="monitoring"), [("steps", "step")]),
    "a return that keeps the votes": (
        SHAPES["returned to the unit"], "table.returned", lambda log, i: saying(log, i, to="department_review"), [("steps", "value")]),
    "a window before its day": (SHAPES["window open"], "monitoring.opened", lambda log, i: saying(log, i, date="2026-01-31"), [("steps", "value")]),
    "the clerk opens the window": (SHAPES["window open"], "monitoring.opened", lambda log, i: by_other(log, i, id="clerk", role="clerk", organ="unit-1"), [("posts", "person")]),
    "a window that is not of the plan": (SHAPES["window open"], "monitoring.opened", lambda log, i: saying(log, i, window="w9"), [("steps", "step")]),
}  # fmt: skip


def targets_of(log: SealedLog, index: int) -> list:
    return json.loads(log.bodies[index])["data"]["targets"]


@pytest.mark.parametrize("forgery", OTHER_LIVES)
def test_a_forged_side_way_is_found_though_every_hash_was_made_anew(forgery, tmp_path):
    shape, kind, forger, found = OTHER_LIVES[forgery]
    log = shape().journal
    index = where(log, kind)
    verdict = verdict_of(tmp_path, packed(log, forger(log, index)).zipped())
    assert verdict.code == 1
    assert [(each.check, each.what) for each in verdict.findings][: len(found)] == found, told(verdict)


def at_time(log: SealedLog, index: int, moment: str):
    command = command_of(log, index)
    return lambda body: {**body, "at": moment} if body["command_id"] == command else body


def commanded(log: SealedLog, index: int, other: str):
    command = command_of(log, index)
    return lambda body: {**body, "command_id": other} if body["command_id"] == command else body


def both(one, two):
    return lambda body: two(one(body))


def window_of(log: SealedLog) -> dict:
    return json.loads(log.bodies[where(log, "table.replied")])["data"]["windows"][0]


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_history_is_found_though_every_hash_was_made_anew(forgery, tmp_path):
    log = whole_life().journal
    index, forger, found = FORGERIES[forgery](log)
    verdict = verdict_of(tmp_path, packed(log, forger(index)).zipped())
    assert verdict.code == 1
    first = verdict.findings[0]
    here = [(each.check, each.what) for each in verdict.findings if each.place.event == first.place.event]
    assert here[: len(found)] == found, told(verdict)
    if "left out" not in forgery and "unpublished" not in forgery:
        assert first.place.event == index


@pytest.mark.parametrize("hide", ["one change", "its old value"])
def test_a_list_of_changes_that_hides_one_is_found(hide, tmp_path):
    log = life().in_unit_review().journal
    index = where(log, "table.submitted")
    changes = log.values[json.loads(log.bodies[index])["data"]["changes"]]["changes"]
    fewer = changes[1:] if hide == "one change" else [{**changes[0], "old": "别的内容"}, *changes[1:]]
    forger = saying(log, index, changes=log.put_content({"changes": fewer}), changed=len(fewer))
    verdict = verdict_of(tmp_path, packed(log, forger).zipped())
    assert told(verdict)[0] == ("contents", "content", index, "data.changes")


def test_a_post_that_was_taken_away_is_not_held_any_more(tmp_path):
    table = life().in_unit_review()
    log = table.journal
    post = Post(Role.UNIT_HEAD, roster.UNIT)
    administering.revoke_grant(log, person="unit_head", post=post, reason="岗位调整", by=roster.SECURITY_ADMIN, command_id=uuid4())
    log.at += timedelta(hours=1)
    table.approved(roster.UNIT_HEAD)
    verdict = verdict_of(tmp_path, Packed(log).zipped())
    assert told(verdict) == [("posts", "post", where(log, "task.decided"), "actor")]


def test_a_hold_forbids_an_erasure(tmp_path):
    table = erased()
    log = table.journal
    other = log.bodies[where(log, "payload.erased")]
    hold = json.loads(other) | {
        "kind": "hold.placed", "data": {"reason": ""}, "command_id": str(uuid4()), "step": 0,
        "actor": {"id": "audit", "name": "audit同志", "role": "audit_admin", "organ": "bureau", "on_behalf_of": None},
    }  # fmt: skip
    log.bodies.insert(where(log, "payload.erased"), canonical(hold))
    verdict = verdict_of(tmp_path, packed(log, lambda body: body).zipped())
    assert ("payloads", "erasure", where(log, "payload.erased"), "") in told(verdict)
