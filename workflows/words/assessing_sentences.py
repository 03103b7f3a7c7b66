"""Sentences and notices of evaluations, recommendations and components; no title that is not public is told."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.addressees import Addressee, Notice, named
from workflows.events import Recorded
from workflows.folds.replay import Table
from workflows.state.assessments import ADDRESSED, SORTS, UNIT
from workflows.vocabulary import Grade, Role


def _reported(fact: Any) -> str:
    grade = Grade(fact.grade).chinese
    return f"报告绩效评价：得分{fact.score}，等级“{grade}”，评价报告见附件，结论：{fact.opinion}"


def _implemented(fact: Any) -> str:
    return f"报告建议落实情况：{fact.report}{'（佐证见附件）' if fact.attachment else ''}"


def _component(fact: Any) -> str:
    note = f"，说明：{fact.note}" if fact.note else ""
    parts = f"分子{fact.numerator}{fact.counted_in}，分母{fact.denominator}{fact.counted_in}"
    return f"登记“{fact.indicator}”：{parts}，佐证见附件{note}"


SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "evaluation.opened": lambda f: f"列入{SORTS.get(f.sort, f.sort)}（{f.deadline}前报告），缘由：{f.reason}",
    "evaluation.reported": _reported,
    "recommendation.made": lambda f: f"向{ADDRESSED.get(f.to, f.to)}提出建议（{f.deadline}前落实）：{f.words}",
    "recommendation.accepted": lambda f: f"采纳建议{f'，打算：{f.opinion}' if f.opinion else ''}",
    "recommendation.rejected": lambda f: f"不采纳建议，理由：{f.reason}",
    "recommendation.implemented": _implemented,
    "component.recorded": _component,
}


def _to_unit(table: Table) -> tuple[Addressee, ...]:
    return Addressee(table.owner), Addressee(role=Role.UNIT_HEAD, organ=table.unit)


def _evaluated(recorded: Recorded, _before: Table, after: Table) -> tuple[Notice, ...]:
    fact: Any = recorded.fact
    if recorded.kind == "evaluation.opened":
        subject, said = "绩效评价", {"期限": fact.deadline}
        text = f"{named(after)}已列入绩效评价（{fact.deadline}前报告），请配合提供资料。"
    else:
        subject, said = "评价结果", {"得分": str(fact.score), "等级": Grade(fact.grade).chinese}
        text = f"{named(after)}的绩效评价已报告：得分{fact.score}，等级“{said['等级']}”。"
    return tuple(Notice(to, recorded.kind, f"{subject}：{named(after)}", text, said) for to in _to_unit(after))


def _recommended(recorded: Recorded, _before: Table, after: Table) -> tuple[Notice, ...]:
    fact: Any = recorded.fact
    text = f"就{named(after)}收到一条建议，须在{fact.deadline}前落实，请答复是否采纳。建议：{fact.words}"
    office = Addressee(role=Role.DEPARTMENT_FINANCE, organ=after.department)
    to = _to_unit(after)[1] if fact.to == UNIT else office
    return (Notice(to, recorded.kind, f"评价建议：{named(after)}", text),)


def _answered(recorded: Recorded, _before: Table, after: Table) -> tuple[Notice, ...]:
    fact: Any = recorded.fact
    found = next((each for each in after.recommendations if each.recommendation == fact.recommendation), None)
    answered = {"recommendation.accepted": "已被采纳", "recommendation.rejected": "未予采纳"}
    text = f"您就{named(after)}提出的建议{answered.get(recorded.kind, '已经落实')}。"
    return (Notice(Addressee(found.by), recorded.kind, f"建议答复：{named(after)}", text),) if found else ()


RULES: Mapping[str, Callable[[Recorded, Table, Table], tuple[Notice, ...]]] = {
    "evaluation.opened": _evaluated,
    "evaluation.reported": _evaluated,
    "recommendation.made": _recommended,
    "recommendation.accepted": _answered,
    "recommendation.rejected": _answered,
    "recommendation.implemented": _answered,
}
