"""Evaluations, recommendations and components: who, when, with which proof, and what stands afterwards (domain.md 10)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests.support import life as lives
from tests.support import roster
from tests.support.contents import overall_document
from tests.support.life import Life, memory
from workflows.commands import assessing
from workflows.commands.assessing import Proof
from workflows.errors import AttachmentRefused, FieldsInvalid, MarkedAsSecret, NotAllowed, NotOpenNow, ReasonMissing
from workflows.state.assessments import components_now
from workflows.words.sentences import sentence

WHY = "列入年度重点绩效评价计划"
REPORT = Proof("评价报告.pdf", b"%PDF-1.7 report")


def done(life: Life, verb, by, **said):
    life.table = verb(life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(), **said)
    return life.table


def in_days(life: Life, days: int = 30) -> date:
    return life.journal.at.date() + timedelta(days=days)


@pytest.fixture
def life() -> Life:
    return Life(memory()).in_monitoring()


def opened(life: Life, by=roster.FINANCE_PERFORMANCE) -> Life:
    done(life, assessing.open_evaluation, by, reason=WHY, deadline=in_days(life))
    return life


def recommended(life: Life, by=roster.FINANCE_PERFORMANCE, **said) -> Life:
    done(life, assessing.recommend, by, words="完善招标计划，提前一个季度启动", deadline=in_days(life), **said)
    return life


def test_an_evaluation_is_opened_and_reported_with_its_report_bound(life):
    assert [(each.sort, each.organ) for each in opened(life).table.assessments] == [("finance", roster.BUREAU)]
    done(life, assessing.report_evaluation, roster.FINANCE_PERFORMANCE, evaluation="e1", score="85.5", report=REPORT, opinion="总体较好，个别指标偏低")
    (found,) = life.table.assessments
    assert (found.score, found.grade, found.reported) == ("85.5", "good", True)
    (file,) = life.table.attachments
    assert (file.attachment, life.journal.bound(file.commitment).body) == (found.attachment, REPORT.data)
    told = [sentence(each) for each in life.journal.history(life.table.id)[-3:]]
    assert told[0].partition("：")[2].startswith("列入财政重点绩效评价")
    assert told[2].partition("：")[2] == "报告绩效评价：得分85.5，等级“良”，评价报告见附件，结论：总体较好，个别指标偏低。"


def test_a_department_evaluates_too_and_each_office_reports_its_own(life):
    opened(opened(life), roster.DEPARTMENT_FINANCE)
    assert [each.sort for each in life.table.assessments] == ["finance", "department"]
    with pytest.raises(NotAllowed):
        done(life, assessing.report_evaluation, roster.DEPARTMENT_FINANCE, evaluation="e1", score="90", report=REPORT, opinion="总体较好")
    with pytest.raises(NotAllowed, match="尚未报告"):
        opened(life, roster.DEPARTMENT_FINANCE)


@pytest.mark.parametrize("by", [roster.CLERK, roster.UNIT_HEAD, roster.FINANCE_BUDGET, roster.OBSERVER, roster.DEPARTMENT_BUSINESS])
def test_nobody_else_evaluates(life, by):
    with pytest.raises(NotAllowed):
        opened(life, by)


def test_whoever_filed_the_table_does_not_evaluate_it():
    life = Life(memory()).in_monitoring()
    hats = roster.person("clerk", (roster.Role.CLERK, roster.UNIT), (roster.Role.DEPARTMENT_FINANCE, roster.DEPARTMENT))
    with pytest.raises(NotAllowed, match="职责分离"):
        opened(life, hats)


def test_nothing_is_evaluated_before_the_reply():
    life = Life(memory()).in_finance_approval()
    with pytest.raises(NotOpenNow):
        opened(life)


@pytest.mark.parametrize("score", ["", "x", "-1", "100.01"])
def test_a_score_lies_between_nothing_and_one_hundred(life, score):
    with pytest.raises(FieldsInvalid):
        done(opened(life), assessing.report_evaluation, roster.FINANCE_PERFORMANCE, evaluation="e1", score=score, report=REPORT, opinion="总体较好")


def test_a_report_needs_a_file_of_a_known_kind_without_marks_of_classification(life):
    for proof, refusal in ((Proof("空.pdf", b""), AttachmentRefused), (Proof("机密★报告.pdf", b"%PDF-1.7"), MarkedAsSecret)):
        with pytest.raises(refusal):
            done(opened(Life(memory()).in_monitoring()), assessing.report_evaluation, roster.FINANCE_PERFORMANCE, evaluation="e1", score="90", report=proof, opinion="总体较好")


def test_a_recommendation_is_adopted_and_carried_out(life):
    done(recommended(life), assessing.accept_recommendation, roster.UNIT_HEAD, recommendation="s1", opinion="列入明年计划")
    done(life, assessing.implement_recommendation, roster.CLERK, recommendation="s1", report="已修订招标计划", evidence=REPORT)
    (found,) = life.table.recommendations
    assert (found.state, found.answer, found.report, found.adopted) == ("implemented", "列入明年计划", "已修订招标计划", True)
    assert found.attachment == life.table.attachments[0].attachment
    with pytest.raises(NotAllowed):
        done(life, assessing.reject_recommendation, roster.UNIT_HEAD, recommendation="s1", reason="不符合实际情况")


def test_a_recommendation_is_rejected_with_a_reason_and_answered_once(life):
    with pytest.raises(ReasonMissing):
        done(recommended(life), assessing.reject_recommendation, roster.UNIT_HEAD, recommendation="s1", reason="不")
    done(life, assessing.reject_recommendation, roster.UNIT_HEAD, recommendation="s1", reason="该项目明年不再安排")
    assert [each.adopted for each in life.table.recommendations] == [False]
    with pytest.raises(NotAllowed):
        done(life, assessing.accept_recommendation, roster.UNIT_HEAD, recommendation="s1")


def test_a_recommendation_to_the_department_is_answered_there(life):
    recommended(life, to="department")
    with pytest.raises(NotAllowed):
        done(life, assessing.accept_recommendation, roster.UNIT_HEAD, recommendation="s1")
    done(life, assessing.accept_recommendation, roster.DEPARTMENT_FINANCE, recommendation="s1")
    with pytest.raises(FieldsInvalid):
        recommended(life, roster.DEPARTMENT_FINANCE, to="department")


def test_who_recommends_does_not_answer(life):
    hats = roster.person("both", (roster.Role.FINANCE_PERFORMANCE, roster.BUREAU), (roster.Role.UNIT_HEAD, roster.UNIT))
    with pytest.raises(NotAllowed, match="职责分离"):
        done(recommended(life, hats), assessing.accept_recommendation, hats, recommendation="s1")


def test_the_same_command_again_changes_nothing(life):
    said = {"seen": life.seen(), "by": roster.FINANCE_PERFORMANCE, "command_id": uuid4(), "reason": WHY, "deadline": in_days(life)}
    first = assessing.open_evaluation(life.journal, life.table.id, **said)
    assert assessing.open_evaluation(life.journal, life.table.id, **said) == first


def test_opening_an_evaluation_leaves_open_what_others_decide_on(life):
    seen = life.seen()
    life.table = opened(life).table
    done_at = assessing.recommend(life.journal, life.table.id, seen=seen, words="完善招标计划安排", deadline=in_days(life), by=roster.FINANCE_BUSINESS, command_id=uuid4())
    assert len(done_at.recommendations) == 1


def test_components_belong_to_overall_tables(life):
    with pytest.raises(NotAllowed, match="整体支出"):
        component(life)


def component(life: Life, by=roster.UNIT_HEAD, **said):
    said = {"indicator": "预算执行率", "numerator": "95.5", "denominator": "100", "counted_in": "万元", "evidence": REPORT} | said
    return done(life, assessing.record_component, by, **said)


@pytest.fixture
def overall(monkeypatch) -> Life:
    """A table on a unit's overall spending, of the family whose pack names the ratios."""
    monkeypatch.setattr(lives, "document", overall_document)
    return Life(memory()).in_monitoring()


def test_components_are_entered_with_their_proof_and_the_newest_counts(overall):
    component(overall)
    component(overall, numerator="96", evidence=Proof("决算.pdf", b"%PDF-1.7 later"), note="决算更正")
    found = components_now(overall.table.components)["预算执行率"]
    assert (found.numerator, found.denominator, found.counted_in, found.note) == ("96", "100", "万元", "决算更正")
    assert found.attachment == overall.table.attachments[1].attachment


@pytest.mark.parametrize("said", [
    {"indicator": "绩效监控完成率"}, {"numerator": "-1"}, {"denominator": "0"}, {"denominator": "很多"}, {"counted_in": " "},
])  # fmt: skip
def test_components_that_make_no_ratio_are_refused(overall, said):
    with pytest.raises(FieldsInvalid):
        component(overall, **said)


@pytest.mark.parametrize("by", [roster.CLERK, roster.FINANCE_PERFORMANCE, roster.DEPARTMENT_BUSINESS])
def test_components_are_entered_by_finance_alone(overall, by):
    with pytest.raises(NotAllowed):
        component(overall, by)
