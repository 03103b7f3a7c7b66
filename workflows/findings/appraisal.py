"""Pre-review of new projects: whether an appraisal before filing (事前绩效评估) lets them in (V-A)."""

from workflows.findings.finding import Case, Hit, Hits


def new_project_appraised(case: Case) -> Hits:
    """V-A1: 达到规则包金额的新增项目，没有经主管部门核实的“予以支持”的事前绩效评估，也没有财政部门的批准文号。"""
    if case.around.unappraised:
        advice = "请在编制页填报事前绩效评估并上传报告，经主管部门规划财务处核实；确需例外的，由财政部门凭文号批准。"
        yield Hit("/attribute", case.around.unappraised, advice)
