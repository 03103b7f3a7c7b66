"""The verifier follows what comes after a self-evaluation: points given anew, draws, rectifications; and finds forgeries."""

import json
from datetime import date

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.forging import by_other, packed, saying, where, without
from tests.support.sealed_log import Packed, SealedLog, appointed
from tests.workflows.test_after_the_evaluation import PERFORMANCE_TWO, WHY, Year
from workflows.rights.rescoring import points_in_force


def log_of() -> SealedLog:
    return appointed((*roster.PEOPLE, PERFORMANCE_TWO))


def begun(**changed) -> Year:
    return Year(log_of()).in_monitoring().evaluation_opened().filed(**changed).agreed(roster.UNIT_HEAD)


def rescored() -> Year:
    year = begun()
    return year.rescored(roster.DEPARTMENT_FINANCE, row0={"points": "1.25", "reason": WHY}, execution={"points": "9.70", "reason": WHY})


def whole() -> Year:
    """Everything at once: monitoring's rectification, consent to a row, the draw, its own points, a second rectification."""
    year = Year(log_of()).in_monitoring().window_opened().ordered(roster.DEPARTMENT_FINANCE, window="w1").evaluation_opened()
    year.mended().looked_at(roster.DEPARTMENT_FINANCE, passed=False, opinion="台账仍不完整", deadline=date(2027, 5, 31))
    year.filed(row0={"not_applicable": "是", "reason": "上级取消了该项工作"}).agreed(roster.UNIT_HEAD)
    year.rescored(roster.DEPARTMENT_FINANCE, row0={"points": "0", "reason": "同意，该项工作确已取消"})
    year.agreed(roster.DEPARTMENT_FINANCE).drawn()
    year.rescored(PERFORMANCE_TWO, row1={"points": "1", "reason": WHY}).ordered(PERFORMANCE_TWO, measures=("整改", "核减预算"), cut="2")
    year.agreed(PERFORMANCE_TWO).mended().looked_at(roster.DEPARTMENT_FINANCE)
    return year.mended("r2").looked_at(roster.FINANCE_PERFORMANCE, "r2").closed()


@pytest.mark.parametrize("shape", [rescored, whole])
def test_a_clean_history_passes(shape, tmp_path):
    verdict = verdict_of(tmp_path, Packed(shape().journal).zipped())
    assert told(verdict) == []
    assert verdict.code == 0


def rows_of(log: SealedLog, index: int) -> list[dict]:
    return json.loads(log.bodies[index])["data"]["rows"]


def row_saying(log: SealedLog, index: int, **said):
    first, *others = rows_of(log, index)
    return saying(log, index, rows=[{**first, **said}, *others])


RESCORED, DRAWN, ORDERED = "selfeval.rescored", "selfeval.drawn", "rectification.ordered"
FORGERIES = {
    "a total that no rows make": (RESCORED, lambda log, i: saying(log, i, total="99.00"), "data.total"),
    "another grade": (RESCORED, lambda log, i: saying(log, i, grade="poor"), "data.grade"),
    "more points than the row has": (RESCORED, lambda log, i: row_saying(log, i, points="77.00"), "data.rows[0].points"),
    "the unit's own points changed": (RESCORED, lambda log, i: row_saying(log, i, self="1.00"), "data.rows[0].self"),
    "what counted before changed": (RESCORED, lambda log, i: row_saying(log, i, before="1.00"), "data.rows[0].before"),
    "no reason": (RESCORED, lambda log, i: row_saying(log, i, reason="少"), "data.rows[0].reason"),
    "a consent called a kept row": (RESCORED, lambda log, i: row_saying(log, i, decision="kept"), "data.rows[0].decision"),
    "an unknown row": (RESCORED, lambda log, i: row_saying(log, i, row="r999"), "data.rows"),
    "the department's word left out": (RESCORED, without, "kind"),
    "drawn for another reason": (DRAWN, lambda log, i: saying(log, i, why="grade"), "data.candidates"),
    "another seed's draw": ("sampling.drawn", lambda log, i: saying(log, i, drawn=[]), "data.drawn"),
    "a candidate's total changed": (
        "sampling.drawn",
        lambda log, i: saying(log, i, candidates=[{**json.loads(log.bodies[i])["data"]["candidates"][0], "total": "12.00"}]),
        "data.candidates",
    ),
    "ordered for another cause": (ORDERED, lambda log, i: saying(log, i, cause="selfeval"), "data.cause"),
    "ordered for a day gone by": (ORDERED, lambda log, i: saying(log, i, deadline="2020-01-01"), "data.deadline"),
    "an unknown measure": (ORDERED, lambda log, i: saying(log, i, measures=["罚款"]), "data.measures"),
    "a cut that nobody ordered": (ORDERED, lambda log, i: saying(log, i, cut="7"), "data.cut"),
    "ordered by the clerk": (ORDERED, lambda log, i: by_other(log, i, id="clerk", role="clerk", organ="unit-1"), "actor.role"),
    "a rectification never looked at": ("rectification.verified", lambda log, _: without(log, where(log, "rectification.verified", -1)), "kind"),
    "looked at by who mended it": (
        "rectification.verified", lambda log, i: by_other(log, i, id="clerk", name="clerk同志"), "actor"),
    "sent back without another day": ("rectification.verified", lambda log, i: saying(log, i, deadline=None), "data.outcome"),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_history_is_found_though_every_hash_was_made_anew(forgery, tmp_path):
    kind, forger, field = FORGERIES[forgery]
    log = whole().journal
    verdict = verdict_of(tmp_path, packed(log, forger(log, where(log, kind))).zipped())
    assert verdict.code == 1
    assert field in {each.field for each in verdict.findings}, told(verdict)


def test_who_gave_points_in_the_department_checks_for_the_bureau_s5(tmp_path):
    log = whole().journal
    forger = by_other(log, where(log, "selfeval.rescored", 1), id=roster.DEPARTMENT_FINANCE.id)
    verdict = verdict_of(tmp_path, packed(log, forger).zipped())
    assert ("segregation", "S5") in {(each.check, each.what) for each in verdict.findings}


def test_a_table_closed_with_a_rectification_still_open(tmp_path):
    year = begun().agreed(roster.DEPARTMENT_FINANCE).ordered(roster.DEPARTMENT_FINANCE).mended().looked_at(roster.DEPARTMENT_FINANCE).closed()
    log = year.journal
    verdict = verdict_of(tmp_path, packed(log, without(log, where(log, "rectification.verified"))).zipped())
    assert ("steps", "step", "rectification.verified r1") in {(each.check, each.what, each.wanted) for each in verdict.findings}


def test_the_points_that_count_are_what_the_state_shows(tmp_path):
    year = rescored()
    assert str(sum(points_in_force(year.table).values())) == year.table.result.total
    bundle = Packed(year.journal)
    bundle.states[0]["rescores"][0]["total"] = "99.99"
    assert [(each.check, each.what) for each in verdict_of(tmp_path, bundle.zipped()).findings] == [("state", "shown")]


