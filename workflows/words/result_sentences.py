"""Sentences of what follows from an evaluation: points given anew, draws for a check, rectifications."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.state.rectifications import WHY_DRAWN
from workflows.vocabulary import Grade, Outcome

CAUSES = {"selfeval": "绩效自评", "monitoring": "运行监控"}


def _rescored(fact: Any) -> str:
    changed = [row for row in fact.rows if row["decision"] == "rescored"]
    stand = len(fact.rows) - len(changed)
    said = "，".join([f"改分{len(changed)}行"] * bool(changed) + [f"认可{stand}行"] * bool(stand))
    return f"复核自评：{said}，复核后总分{fact.total}分，等级“{Grade(fact.grade).chinese}”"


def _drawn(fact: Any) -> str:
    scope = f"（{fact.department}）" if fact.department else ""
    return (
        f"抽取{fact.year}年度自评抽查对象{scope}：范围{len(fact.candidates)}张，抽中{len(fact.drawn)}张，"
        f"种子“{fact.seed}”"
    )


def _ordered(fact: Any) -> str:
    cut = f"，建议核减{fact.cut}" if fact.cut else ""
    cause = CAUSES.get(fact.cause, fact.cause)
    return f"因{cause}下达{'、'.join(fact.measures)}（{fact.deadline}前完成）{cut}，问题和要求：{fact.problem}"


def _verified(fact: Any) -> str:
    if fact.outcome == Outcome.PASS:
        return f"核实整改：予以销号{f'，意见：{fact.opinion}' if fact.opinion else ''}"
    return f"核实整改：不予销号，须于{fact.deadline}前继续整改，理由：{fact.opinion}"


def _imported(fact: Any) -> str:
    rest = f"，未对应{fact.rest}{fact.amount_unit}" if fact.rest not in ("0", "0.00") else ""
    return (
        f"导入{fact.year}年度执行数《{fact.name}》（截至{fact.date}）：合计{fact.total}{fact.amount_unit}，"
        f"对应{len(fact.tables)}张表{fact.matched}{fact.amount_unit}{rest}"
    )


SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "selfeval.rescored": _rescored,
    "selfeval.drawn": lambda f: f"被列为财政抽查对象（{WHY_DRAWN.get(f.why, f.why)}）",
    "sampling.drawn": _drawn,
    "execution.imported": _imported,
    "execution.recorded": lambda f: f"记入截至{f.date}的执行数{f.executed}（导入文件第{f.row}行）",
    "rectification.ordered": _ordered,
    "rectification.done": lambda f: f"报告整改情况：{f.report}",
    "rectification.verified": _verified,
}
