"""Sentences and notices of appraisals before filing: who filed, confirmed or waived one, and who has to know."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.addressees import Addressee, Notice, named
from workflows.events import Recorded
from workflows.folds.replay import Table
from workflows.state.appraisals import Support
from workflows.vocabulary import Outcome, Role

Told = tuple[Notice, ...]


def _result(code: str) -> str:
    return Support(code).chinese if code in set(Support) else code


def _filed(fact: Any) -> str:
    opinion = f"，评估意见：{fact.opinion}" if fact.opinion else ""
    said = f"得分{fact.total}分，结论“{_result(fact.result)}”，评估金额{fact.amount or '—'}万元"
    return f"填报事前绩效评估：{said}{opinion}"


def _checked(fact: Any) -> str:
    opinion = f"，意见：{fact.opinion}" if fact.opinion else ""
    agreed = fact.outcome == Outcome.PASS
    return f"{'核实同意' if agreed else '不同意'}事前绩效评估{opinion}"


SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "appraisal.filed": _filed,
    "appraisal.checked": _checked,
    "appraisal.waived": lambda f: f"按{f.doc_no}批准申报，不受事前绩效评估结论限制，理由：{f.reason}",
}


def _to_check(recorded: Recorded, _before: Table, after: Table) -> Told:
    checks = Addressee(role=Role.DEPARTMENT_FINANCE, organ=after.department)
    text = f"{recorded.signer}填报了{named(after)}的事前绩效评估，请核实。"
    return (Notice(checks, recorded.kind, f"待核实：{named(after)}事前绩效评估", text),)


def _answered(recorded: Recorded, _before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    if recorded.kind == "appraisal.waived":
        said = f"财政部门已按{fact.doc_no}批准申报"
    else:
        said = "主管部门已核实同意" if fact.outcome == Outcome.PASS else "主管部门不同意，请修改后重新填报"
    text = f"{named(after)}的事前绩效评估：{said}。"
    return (Notice(Addressee(after.owner), recorded.kind, f"事前绩效评估：{named(after)}", text, {"结果": said}),)


RULES: Mapping[str, Callable[[Recorded, Table, Table], Told]] = {
    "appraisal.filed": _to_check,
    "appraisal.checked": _answered,
    "appraisal.waived": _answered,
}
