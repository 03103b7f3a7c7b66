"""The verifier follows evaluations, recommendations and components, and finds what nobody could have recorded."""

from datetime import timedelta
from functools import cache
from uuid import uuid4

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import life as lives
from tests.support import roster
from tests.support.contents import overall_document
from tests.support.forging import by_other, packed, saying, where
from tests.support.life import Life
from tests.support.sealed_log import Packed, SealedLog, appointed
from workflows.commands import assessing
from workflows.commands.assessing import Proof

OPENED, REPORTED, MADE, DONE = "evaluation.opened", "evaluation.reported", "recommendation.made", "recommendation.implemented"
ACCEPTED, REJECTED, ENTERED = "recommendation.accepted", "recommendation.rejected", "component.recorded"


@cache
def whole() -> SealedLog:
    """A table on overall spending with every kind of event there is of this family."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lives, "document", overall_document)
        life = Life(appointed(roster.PEOPLE)).in_monitoring()
    day = life.journal.at.date() + timedelta(days=30)

    def does(verb, by, **said):
        life.table = verb(life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(), **said)

    office = roster.FINANCE_PERFORMANCE
    does(assessing.open_evaluation, office, reason="列入重点评价计划", deadline=day)
    does(assessing.report_evaluation, office, evaluation="e1", score="86.5", opinion="总体较好，个别偏低", report=Proof("报告.pdf", b"%PDF-1.7 a"))
    for to in ("unit", "unit", "department"):
        does(assessing.recommend, office, words="提前启动招标工作", deadline=day, to=to, evaluation="e1")
    does(assessing.accept_recommendation, roster.UNIT_HEAD, recommendation="s1", opinion="明年起执行")
    does(assessing.reject_recommendation, roster.UNIT_HEAD, recommendation="s2", reason="该项目明年不再安排")
    does(assessing.accept_recommendation, roster.DEPARTMENT_FINANCE, recommendation="s3")
    does(assessing.implement_recommendation, roster.CLERK, recommendation="s1", report="已修订招标制度", evidence=Proof("制度.pdf", b"%PDF-1.7 b"))
    does(assessing.implement_recommendation, roster.DEPARTMENT_FINANCE, recommendation="s3", report="已印发部门通知")
    does(
        assessing.record_component, roster.UNIT_HEAD, indicator="预算执行率", numerator="95", denominator="100", counted_in="万元",
        evidence=Proof("决算.pdf", b"%PDF-1.7 c"),
    )  # fmt: skip
    return life.journal


def test_a_whole_evaluation_passes(tmp_path):
    verdict = verdict_of(tmp_path, Packed(whole()).zipped())
    assert told(verdict) == []
    assert verdict.code == 0


def clerk(log, i):
    return by_other(log, i, id="clerk", name="clerk同志", role="clerk", organ="unit-1")


FORGERIES = {
    "evaluated by its own clerk": (OPENED, clerk, "actor.role"),
    "evaluated elsewhere": (OPENED, lambda log, i: by_other(log, i, organ="bureau-2"), "actor.role"),
    "an evaluation of another sort": (OPENED, lambda log, i: saying(log, i, sort="department"), "data.sort"),
    "another number of evaluation": (OPENED, lambda log, i: saying(log, i, evaluation="e7"), "data.evaluation"),
    "a deadline long past": (OPENED, lambda log, i: saying(log, i, deadline="2020-01-01"), "data.deadline"),
    "reported by the department": (REPORTED, lambda log, i: by_other(log, i, id="planner", role="department_finance", organ="dept-1"), "actor.role"),
    "a report of another evaluation": (REPORTED, lambda log, i: saying(log, i, evaluation="e2"), "data.evaluation"),
    "a better grade than the score gives": (REPORTED, lambda log, i: saying(log, i, grade="excellent"), "data.grade"),
    "more than one hundred": (REPORTED, lambda log, i: saying(log, i, score="101"), "data.score"),
    "another file than the report's": (REPORTED, lambda log, i: saying(log, i, attachment=str(uuid4())), "data.attachment"),
    "recommended to nobody there is": (MADE, lambda log, i: saying(log, i, to="bureau"), "data.to"),
    "recommended from no evaluation": (MADE, lambda log, i: saying(log, i, evaluation="e9"), "data.to"),
    "adopted by whoever recommended": (ACCEPTED, lambda log, i: by_other(log, i, id="performance", role="finance_performance", organ="bureau"), "actor.role"),
    "the department answers for the unit": (REJECTED, lambda log, i: by_other(log, i, id="planner", role="department_finance", organ="dept-1"), "actor.role"),
    "adopted twice": (REJECTED, lambda log, i: saying(log, i, recommendation="s1"), "data.recommendation"),
    "carried out by a stranger": (DONE, lambda log, i: by_other(log, i, id="other_clerk", role="clerk", organ="unit-2"), "actor.role"),
    "carried out though not adopted": (DONE, lambda log, i: saying(log, i, recommendation="s2"), "data.recommendation"),
    "components entered by a clerk": (ENTERED, clerk, "actor.role"),
    "a ratio that the pack does not know": (ENTERED, lambda log, i: saying(log, i, indicator="绩效监控完成率"), "data.indicator"),
    "a denominator of nothing": (ENTERED, lambda log, i: saying(log, i, denominator="0"), "data.numerator"),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_evaluation_is_found_though_every_hash_was_made_anew(forgery, tmp_path):
    kind, forger, field = FORGERIES[forgery]
    log = whole()
    verdict = verdict_of(tmp_path, packed(log, forger(log, where(log, kind))).zipped())
    assert verdict.code == 1
    assert field in {each.field for each in verdict.findings}, told(verdict)
