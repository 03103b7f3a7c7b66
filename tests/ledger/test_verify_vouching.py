"""Who vouches for a decision that others took: paper, a withdrawal consented to, a table handed over; each rule forged once."""

from datetime import date
from uuid import uuid4

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.forging import by_other, packed, where, without
from tests.support.hands import REASON, act, task_of
from tests.support.life import Life
from tests.support.sealed_log import Packed, appointed
from workflows.commands import ending, holding, leaving, paper, pausing, recalling
from workflows.ledger.bundle import EVERYTHING, Scope
from workflows.vocabulary import Outcome, Role, Stage

HATS = roster.EVERY_HAT
SECOND_BUSINESS = roster.person("business_2", (Role.FINANCE_BUSINESS, roster.BUREAU))
HEIR = roster.person("heir", (Role.CLERK, roster.UNIT), (Role.UNIT_HEAD, roster.UNIT))
ELSEWHERE = roster.person("security_2", (Role.SECURITY_ADMIN, "elsewhere"))
PEOPLE = (*roster.PEOPLE, SECOND_BUSINESS, HEIR, ELSEWHERE)


def in_finance() -> Life:
    """A table that somebody with posts everywhere passed for the department."""
    return Life(appointed(PEOPLE)).in_unit_review().approved(roster.UNIT_HEAD).approved(HATS)


def on_paper(life: Life, outcome=Outcome.PASS, **more) -> Life:
    sheet = paper.Sheet("business", date(2026, 1, 4), outcome, "批示.pdf", b"%PDF-1.7 signed", "同意上报，请办理", **more)
    act(life, paper.enter_paper, roster.FINANCE_BUDGET, task=life.table.desk("finance_business").task, sheet=sheet)
    return act(life, ending.confirm_ending, roster.FINANCE_LEADER)


def asked_back() -> Life:
    return act(act(in_finance(), recalling.ask_to_withdraw, roster.CLERK, reason=REASON), ending.confirm_ending, roster.FINANCE_BUSINESS)


def claimed() -> Life:
    life = in_finance()
    act(life, holding.claim_task, roster.FINANCE_BUSINESS, task=task_of(life, node="finance_business"))
    return on_paper(life, Outcome.RETURN, to=Stage.DRAFT)


def delegated() -> Life:
    life = in_finance()
    task = task_of(life, node="finance_business")
    act(life, holding.delegate_task, roster.FINANCE_BUSINESS, task=task, person="leader", reason=REASON)
    act(life, holding.answer_delegation, roster.FINANCE_LEADER, task=task, opinion="资金测算无误")
    return on_paper(life)


def handed_over(life: Life) -> Life:
    life.table = leaving.hand_over_table(
        life.journal, life.table.id, leaver=roster.CLERK, successor=HEIR, reason="经办人调离本单位", by=roster.SECURITY_ADMIN,
        command_id=uuid4(),
    )  # fmt: skip
    return life


def in_unit() -> Life:
    return Life(appointed(PEOPLE)).in_unit_review()


def paused() -> Life:
    life = act(in_unit(), pausing.suspend_table, roster.DEPARTMENT_FINANCE, until=date(2026, 2, 2), reason=REASON)
    return handed_over(act(life, pausing.resume_table, roster.DEPARTMENT_FINANCE))


def reviewed() -> Life:
    return handed_over(in_unit()).approved(roster.UNIT_HEAD)


HONEST = {"on paper": lambda: on_paper(in_finance()), "asked back": asked_back, "claimed by the leader": claimed, "asked first": delegated,
          "handed over after a pause": paused, "handed over and reviewed": reviewed}  # fmt: skip


@pytest.mark.parametrize("way", HONEST)
def test_who_vouches_for_others_by_the_rules_is_clean(way, tmp_path):
    life = HONEST[way]()
    for scope in (EVERYTHING, Scope("table", table=life.table.id)):
        verdict = verdict_of(tmp_path, Packed(life.journal, scope=scope).zipped())
        assert (verdict.code, verdict.findings) == (0, [])


def by_hats(role):
    return lambda log, index: by_other(log, index, id=HATS.id, name=HATS.name, role=role)


S1, S2, STEP, PERSON = ("segregation", "S1"), ("segregation", "S2"), ("steps", "step"), ("posts", "person")
FORGED = {
    "entered by who decided on another level": (HONEST["on paper"], "paper.entered", by_hats("finance_budget"), S2),
    "consented to by who decided on another level": (asked_back, "confirmation.given", by_hats("finance_business"), S2),
    "over the claim of another": (
        claimed, "paper.entered", lambda log, i: by_other(log, where(log, "task.claimed"), id="business_2", name="business_2同志"), STEP),
    "over a delegation": (delegated, "paper.entered", lambda log, i: without(log, where(log, "task.delegation_returned")), STEP),
    "handed over by another house": (
        reviewed, "table.handed_over", lambda log, i: by_other(log, i, id="security_2", name="security_2同志", organ="elsewhere"), PERSON),
    "handed over while it is suspended": (paused, "table.handed_over", lambda log, i: without(log, where(log, "table.resumed")), STEP),
    "passed by who took it over": (reviewed, "task.decided", lambda log, i: by_other(log, i, id="heir", name="heir同志"), S1),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGED)
def test_who_vouches_against_the_rules_is_found_though_every_hash_was_made_anew(forgery, tmp_path):
    shape, kind, forger, found = FORGED[forgery]
    log = shape().journal
    index = where(log, kind)
    verdict = verdict_of(tmp_path, packed(log, forger(log, index)).zipped())
    first = verdict.findings[0]
    assert (verdict.code, (first.check, first.what)) == (1, found), told(verdict)
    assert (first.place.event is not None, first.field != "") == (True, True)
