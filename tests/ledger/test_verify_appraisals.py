"""The verifier on appraisals before filing: honest ones are clean, and no new project slips in on a forged one (N10)."""

import json
from uuid import uuid4

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.forging import by_other, packed, saying, where, without
from tests.support.sealed_log import Packed, appointed
from tests.workflows.test_appraising import AUTHOR, SECOND, begun, checked, draft, filed, graded, waived
from workflows.ledger.bundle import EVERYTHING, Scope
from workflows.state.appraisals import Support
from workflows.vocabulary import Grade

PEOPLE = (*roster.PEOPLE, AUTHOR, SECOND)


def confirmed():
    return checked(filed(draft(begun(appointed(PEOPLE))))).submitted()


def let_in():
    life = checked(filed(draft(begun(appointed(PEOPLE))), Grade.FAIR, Support.PARTLY), "return", opinion="须先调整方案")
    return waived(life).submitted()


@pytest.mark.parametrize("shape", [confirmed, let_in])
def test_what_honest_people_do_is_clean(shape, tmp_path):
    life = shape()
    for scope in (EVERYTHING, Scope("table", table=life.table.id)):
        verdict = verdict_of(tmp_path, Packed(life.journal, scope=scope).zipped())
        assert (told(verdict), verdict.code) == ([], 0)


def items(log, i, **others):
    return {**json.loads(log.bodies[i])["data"]["items"], **others}


def as_(person, role, organ):
    return lambda log, i: by_other(log, i, id=person, name=person, role=role, organ=organ)


FILED, CHECKED, WAIVED = "appraisal.filed", "appraisal.checked", "appraisal.waived"
FORGED = {
    "a better total": (confirmed, FILED, lambda log, i: saying(log, i, total="101.00"), "data.total"),
    "an item less": (confirmed, FILED, lambda log, i: saying(log, i, items={"need_1": "good"}), "data.items"),
    "an unknown grade": (confirmed, FILED, lambda log, i: saying(log, i, items=items(log, i, need_1="great")), "data.items"),
    "a better result than the points": (
        confirmed, FILED, lambda log, i: saying(log, i, items=graded(Grade.FAIR), total="60.00"), "data.result"),
    "not supported after all": (confirmed, FILED, lambda log, i: saying(log, i, result="rejected"), "kind"),
    "for less money": (confirmed, FILED, lambda log, i: saying(log, i, amount="65.99"), "kind"),
    "a report that there is not": (confirmed, FILED, lambda log, i: saying(log, i, attachment=str(uuid4())), "data.attachment"),
    "by another pack": (confirmed, FILED, lambda log, i: saying(log, i, pack="henan-unit"), "data.pack"),
    "filed by the unit's head": (confirmed, FILED, as_("unit_head", "unit_head", "unit-1"), "actor.role"),
    "never filed": (confirmed, FILED, without, "data.appraisal"),
    "never confirmed": (confirmed, CHECKED, without, "kind"),
    "not agreed to": (confirmed, CHECKED, lambda log, i: saying(log, i, outcome="return"), "kind"),
    "confirmed by who filed it": (confirmed, CHECKED, as_("clerk", "department_finance", "dept-1"), "actor.id"),
    "confirmed by the bureau": (confirmed, CHECKED, as_("performance", "finance_performance", "bureau"), "actor.role"),
    "confirmed without the post": (confirmed, CHECKED, as_("officer", "department_finance", "dept-1"), "actor"),
    "another appraisal confirmed": (confirmed, CHECKED, lambda log, i: saying(log, i, appraisal=str(uuid4())), "data.appraisal"),
    "let in by the department": (let_in, WAIVED, as_("planner", "department_finance", "dept-1"), "actor.role"),
    "let in without a number": (let_in, WAIVED, lambda log, i: saying(log, i, doc_no=" "), "data.doc_no"),
    "never let in": (let_in, WAIVED, without, "kind"),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_appraisal_is_found_though_every_hash_was_made_anew(forgery, tmp_path):
    shape, kind, forger, field = FORGED[forgery]
    log = shape().journal
    verdict = verdict_of(tmp_path, packed(log, forger(log, where(log, kind))).zipped())
    assert verdict.code == 1
    assert field in {each.field for each in verdict.findings if each.check != "state"}, told(verdict)
