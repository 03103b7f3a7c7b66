"""The verifier follows the clocks after the congress and the reply, what was passed on, and late revisions."""

import json
from uuid import UUID, uuid4

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.forging import by_other, command_of, packed, saying, where, without
from tests.support.hands import PEOPLE
from tests.support.life import Life
from tests.support.sealed_log import Packed, SealedLog, appointed
from tests.workflows.test_adjusting import Revised, changed, more_money, opened, replied, through_the_chain
from tests.workflows.test_after_the_evaluation import Year
from tests.workflows.test_late_adjusting import LATE, asked, confirmed
from workflows.commands import approving_budget, passing_on

NUMBER = "清教财〔2026〕3号"
APPROVED, LISTED, PASSED, REPLIED = "budget.approved", "reply.passed_on", "table.passed_on", "table.replied"
ASKED, OPENED = "revision.asked", "revision.opened"


def passed() -> SealedLog:
    journal = appointed(PEOPLE)
    approving_budget.approve_budget(
        journal, bureau=roster.BUREAU, year=2026, approved_on="2026-01-02", by=roster.FINANCE_BUDGET, command_id=uuid4()
    )
    lives = [Life(journal).in_monitoring() for _ in range(2)]
    tables = {life.table.id: life.seen() for life in lives}
    passing_on.pass_on_reply(
        journal, uuid4(), tables=tables, doc_no=NUMBER, by=roster.DEPARTMENT_FINANCE, command_id=uuid4()
    )
    return journal


def late() -> SealedLog:
    life = confirmed(asked(Life(appointed(PEOPLE)).in_monitoring().on(LATE)))
    draft = Life(life.journal, life.journal.lock_table(UUID(life.table.revision)))
    changed(draft, budget=more_money(draft))
    replied(Revised(life, through_the_chain(draft)))
    return life.journal


@pytest.mark.parametrize("make", [passed, late])
def test_what_was_done_by_the_rules_passes(make, tmp_path):
    verdict = verdict_of(tmp_path, Packed(make()).zipped())
    assert told(verdict) == []
    assert verdict.code == 0


def rows(log, **news):
    listed = json.loads(log.bodies[where(log, LISTED)])["data"]["tables"]
    return [{**row, **news} for row in listed]


def moved(log, index, at):
    command = command_of(log, index)
    return lambda body: {**body, "at": at} if body["command_id"] == command else body


FORGERIES = {
    "a later end of finance's term": (APPROVED, lambda log, i: saying(log, i, due="2026-03-22"), "data.due"),
    "approved in the future": (APPROVED, lambda log, i: saying(log, i, approved_on="2030-01-01", due="2030-01-21"), "data.approved_on"),
    "approved on no day": (APPROVED, lambda log, i: saying(log, i, approved_on="soon"), "data.approved_on"),
    "approved by another office": (APPROVED, lambda log, i: by_other(log, i, id="performance", role="finance_performance"), "actor.role"),
    "another year on this stream": (APPROVED, lambda log, i: saying(log, i, year=2027), "stream"),
    "a later term of the department": (REPLIED, lambda log, i: saying(log, i, pass_on_due="2026-12-31"), "data.pass_on_due"),
    "no term of the department": (REPLIED, lambda log, i: saying(log, i, pass_on_due=""), "data.pass_on_due"),
    "a later disclosure": (REPLIED, lambda log, i: saying(log, i, disclose_due="2026-12-31"), "data.disclose_due"),
    "another content": (PASSED, lambda log, i: saying(log, i, content_hash="ab" * 32), "data.content_hash"),
    "another amount": (PASSED, lambda log, i: saying(log, i, amount="1.00"), "data.amount"),
    "no number": (PASSED, lambda log, i: saying(log, i, doc_no=" "), "data.doc_no"),
    "passed on by the bureau": (PASSED, lambda log, i: by_other(log, i, id="budget", role="finance_budget", organ="bureau"), "actor.role"),
    "passed on by another department": (PASSED, lambda log, i: by_other(log, i, organ="dept-2"), "actor.role"),
    "passed on by who filed it": (PASSED, lambda log, i: by_other(log, i, id="clerk"), "actor.id"),
    "under another number": (PASSED, lambda log, i: saying(log, i, doc_no="清教财〔2026〕9号"), "data.tables"),
    "in no document": (PASSED, lambda log, i: saying(log, i, document=str(uuid4())), "data.document"),
    "the document left out": (LISTED, lambda log, i: lambda body: None if body["kind"] == LISTED else body, "data.document"),
    "a document of another amount": (LISTED, lambda log, i: saying(log, i, tables=rows(log, amount="1.00")), "data.tables"),
    "a document of other units": (LISTED, lambda log, i: saying(log, i, tables=rows(log, unit="unit-2")), "data.tables"),
    "a table left out of the document": (LISTED, lambda log, i: saying(log, i, tables=rows(log)[:1]), "data.tables"),
    "a table twice": (LISTED, lambda log, i: saying(log, i, tables=rows(log) * 2), "data.tables"),
    "a table that there is not": (LISTED, lambda log, i: saying(log, i, tables=[*rows(log), {**rows(log)[0], "table": str(uuid4())}]), "data.tables"),
    "a document of another department": (LISTED, lambda log, i: saying(log, i, department="dept-2"), "actor.role"),
    "an empty document": (LISTED, lambda log, i: saying(log, i, tables=[]), "data.tables"),
}  # fmt: skip
LATE_FORGERIES = {
    "asked before the cut-off": (ASKED, lambda log, i: moved(log, i, "2026-10-31T01:00:00.000000Z"), "at"),
    "asked by the unit": (ASKED, lambda log, i: by_other(log, i, id="clerk", role="clerk", organ="unit-1"), "actor.role"),
    "asked for no known reason": (ASKED, lambda log, i: saying(log, i, trigger="mood"), "data.trigger"),
    "another base": (ASKED, lambda log, i: saying(log, i, base="ab" * 32), "data.base"),
    "another number": (ASKED, lambda log, i: saying(log, i, number=7), "data.number"),
    "opened by another office": (OPENED, lambda log, i: by_other(log, i, id="budget", role="finance_budget"), "actor.role"),
    "opened by who asked": (OPENED, lambda log, i: by_other(log, i, id="performance", role="finance_performance"), "actor.id"),
    "opened for another reason": (OPENED, lambda log, i: saying(log, i, trigger="scope"), "data.trigger"),
    "opened though nobody asked": (ASKED, without, "kind"),
}  # fmt: skip


@pytest.mark.parametrize("forgery", [*FORGERIES, *LATE_FORGERIES])
def test_a_forged_step_is_found_though_every_hash_was_made_anew(forgery, tmp_path):
    kind, forger, field = {**FORGERIES, **LATE_FORGERIES}[forgery]
    log = passed() if forgery in FORGERIES else late()
    verdict = verdict_of(tmp_path, packed(log, forger(log, where(log, kind))).zipped())
    assert verdict.code == 1
    assert field in {each.field for each in verdict.findings}, told(verdict)


def evaluated_in_january() -> SealedLog:
    """A revision that was replied to after the year: the self-evaluation is about what was in force before."""
    year = Year(appointed(PEOPLE)).in_monitoring().on("2026-10-30")
    revised = opened(life=year)
    changed(revised.second, budget=more_money(revised.second))
    through_the_chain(revised.second).on("2027-01-02")
    year.table = replied(Revised(year, revised.second)).first.table
    return year.evaluation_opened().filed().journal


def test_a_self_evaluation_is_held_against_what_was_in_force_at_the_years_end(tmp_path):
    log = evaluated_in_january()
    verdict = verdict_of(tmp_path, Packed(log).zipped())
    assert (told(verdict), verdict.code) == ([], 0)
    filed, newest = where(log, "selfeval.filed"), json.loads(log.bodies[where(log, "revision.approved")])["data"]["content_hash"]
    verdict = verdict_of(tmp_path, packed(log, saying(log, filed, content_hash=newest)).zipped())
    assert "data.content_hash" in {each.field for each in verdict.findings}
