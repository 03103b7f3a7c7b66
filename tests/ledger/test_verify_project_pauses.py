"""The verifier follows a project's pause: who may, what waits meanwhile, which clocks stop and start anew."""

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.forging import by_other, packed, saying, where, without
from tests.support.hands import PEOPLE
from tests.support.life import Life
from tests.support.sealed_log import Packed, SealedLog, appointed
from tests.workflows.test_project_pausing import asked, did, paused, resumed
from workflows.commands import ending

PAUSED, RESUMED, ASKED, GIVEN, DUE = (
    "project.paused", "project.resumed", "confirmation.requested", "confirmation.given", "task.due_set"
)


def watched() -> Life:
    return Life(appointed(PEOPLE)).in_monitoring()


def alone() -> SealedLog:
    """Paused by the bureau with a filing open, resumed, and paused again."""
    return paused(resumed(paused(watched().window_opened()))).journal


def before_the_window() -> SealedLog:
    """Paused and resumed before the window's day; the window opens after it."""
    return resumed(paused(watched())).window_opened().journal


def by_two() -> SealedLog:
    """Paused on the department's request, never resumed; the year ends meanwhile."""
    life = did(asked(watched().window_opened()), ending.confirm_ending, roster.FINANCE_BUSINESS, opinion="同意")
    return life.evaluation_opened().journal


def declined() -> SealedLog:
    return did(asked(watched()), ending.decline_ending, roster.FINANCE_PERFORMANCE, reason="情况尚可，不予暂停").journal


@pytest.mark.parametrize("make", [alone, before_the_window, by_two, declined])
def test_what_was_done_by_the_rules_passes(make, tmp_path):
    verdict = verdict_of(tmp_path, Packed(make()).zipped())
    assert (told(verdict), verdict.code) == ([], 0)


FORGERIES = {
    "paused by the unit": (PAUSED, lambda log, i: by_other(log, i, id="unit_head", role="unit_head", organ="unit-1"), "actor.role"),
    "paused by the department alone": (PAUSED, lambda log, i: by_other(log, i, id="planner", role="department_finance", organ="dept-1"), "actor.role"),
    "paused by the budget section": (PAUSED, lambda log, i: by_other(log, i, id="budget", role="finance_budget"), "actor.role"),
    "paused without a reason": (PAUSED, lambda log, i: saying(log, i, reason=""), "data.reason"),
    "resumed by the department": (RESUMED, lambda log, i: by_other(log, i, id="planner", role="department_finance", organ="dept-1"), "actor.role"),
    "resumed though it ran": (PAUSED, without, "kind"),
    "no clock set anew": (DUE, without, "kind"),
    "a clock set for another reason": (DUE, lambda log, i: saying(log, i, rule="table.resumed"), "data.rule"),
    "a clock that had run out": (DUE, lambda log, i: saying(log, i, due_at="2026-01-05T10:00:00+00:00"), "data.due_at"),
}  # fmt: skip
AROUND = {"a window opened meanwhile": (RESUMED, without, "kind")}
BY_TWO = {
    "asked for by the unit": (ASKED, lambda log, i: by_other(log, i, id="unit_head", role="unit_head", organ="unit-1"), "actor.role"),
    "confirmed by the leader": (GIVEN, lambda log, i: by_other(log, i, id="leader", role="finance_leader"), "actor.role"),
    "confirmed by the department": (GIVEN, lambda log, i: by_other(log, i, id="second_planner", role="department_finance", organ="dept-1"), "actor.role"),
    "confirmed and not paused": (PAUSED, without, "kind"),
    "paused though nobody asked": (ASKED, without, "kind"),
}  # fmt: skip


FORGED = {
    name: (make, *how)
    for make, forgeries in ((alone, FORGERIES), (before_the_window, AROUND), (by_two, BY_TWO))
    for name, how in forgeries.items()
}


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_step_is_found_though_every_hash_was_made_anew(forgery, tmp_path):
    make, kind, forger, field = FORGED[forgery]
    log = make()
    verdict = verdict_of(tmp_path, packed(log, forger(log, where(log, kind))).zipped())
    assert verdict.code == 1
    assert field in {each.field for each in verdict.findings}, told(verdict)
