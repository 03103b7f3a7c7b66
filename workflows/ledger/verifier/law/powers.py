"""Which roles may do what beside the desks."""

from __future__ import annotations

from workflows.ledger.verifier.events.roles import ROLES_AT_HOME
from workflows.ledger.verifier.law.stages import LINE

FILING_DESKS = ("drafting", "monitoring_filing", "evaluation_filing", "rectification")
ORDERS_RECTIFICATION = (("department_finance", "department"), ("finance_performance", "bureau"), ("finance_business", "bureau"))
ADDRESSED = {"unit": (("unit_head", "unit"), ("unit_business", "unit"), ("unit_finance", "unit")), "department": (("department_finance", "department"),)}
ENTERS_COMPONENTS = (("unit_finance", "unit"), ("unit_head", "unit"), ("department_finance", "department"))
PROVED = {"evaluation": ("evaluation.reported", "evaluation"), "recommendation": ("recommendation.implemented", "recommendation"), "component": ("component.recorded", "indicator")}
"""What a file is put to a table for, beside evidence at a desk: kind of the event that must follow it, and the field that names what it proves."""
MEASURES = ("整改", "核减预算", "暂停拨付")
IMPORTS_EXECUTIONS = (("finance_performance", "bureau"), ("finance_business", "bureau"), ("department_finance", "department"), ("unit_finance", "unit"))
REVIEWS_SECRECY = ("unit", "department")
SUPPORT = ("supported", "partly", "rejected")
WAIVES_APPRAISALS = ("finance_performance", "finance_business")
RESCORING_DESKS = ("evaluation_department", "evaluation_sampling")
# Who may ask for an end without sitting at a desk: action -> (stages, organ, roles); a clerk must be the table's own.
ASKERS = {
    "void": (LINE[:4], "unit", ("clerk", "unit_head")),
    "terminate": (LINE[1:6], "bureau", ("finance_business", "finance_performance")),
    "pause_project": (("monitoring",), "department", ("department_finance",)),
}
PAUSES = ("finance_business", "finance_performance")
"""Who may pause a project and let it go on, or confirm the department's request for it."""
# Who may confirm or decline: action (or, for a refusal, the stage) -> (organ, roles).
NO_CLERK = ROLES_AT_HOME["unit"] - {"clerk"}
CONFIRMERS = {
    "pause_project": ("bureau", frozenset(PAUSES)),
    "adjust_late": ("bureau", frozenset({"finance_leader"})),
    "correct": ("bureau", ROLES_AT_HOME["bureau"]), "intervene": ("bureau", frozenset({"process_admin", "finance_performance"})),
    "void": ("unit", NO_CLERK), "terminate": ("bureau", ROLES_AT_HOME["bureau"]), "unit_review": ("unit", NO_CLERK),
    "department_review": ("department", ROLES_AT_HOME["department"]), "finance_approval": ("bureau", ROLES_AT_HOME["bureau"]),
}
# Who may have words erased (ask, confirm) and lay a hold, in the table's bureau or department.
GUARDIANS = {
    "erasure.requested": frozenset({"security_admin", "secrecy_reviewer"}),
    **dict.fromkeys(("payload.erased", "erasure.confirmed", "erasure.declined"),
                    frozenset({"security_admin", "secrecy_reviewer", "finance_leader"})),
    "hold.placed": frozenset({"security_admin", "audit_admin"}), "hold.lifted": frozenset({"security_admin", "audit_admin"}),
}
REFERS = ("finance_performance", "finance_leader", "finance_business")
ANSWERS_REFERRALS = ("finance_performance", "finance_leader")
RECEIVES = ("finance_business", "finance_performance", "finance_budget", "finance_leader", "observer")
ACCOUNTS = "7f2c4f0a-93a1-5a0e-8e0b-51d9f6d2c377"
# Who may, by role and organ: give somebody's task to another, by the organ that holds it; grant more time; suspend.
LEADS = {"unit": ("unit_head",), "department": ("department_finance",), "bureau": ()}
LEADS_ALL = ("finance_performance", "finance_leader")
GRANTS = {"unit": ("department_finance", "department"), "department": ("finance_business", "bureau"), "bureau": ("finance_leader", "bureau")}
SUSPENDS = {"department_finance": "department", "finance_business": "bureau", "finance_performance": "bureau"}
# What every definition must hold for the steps above to make sense: node -> (stage, role, whose organ).
DESKS_NEEDED = {
    "drafting": ("draft", "clerk", "unit"), "reply": ("finance_approval", "finance_budget", "bureau"),
    "monitoring_filing": ("monitoring", "clerk", "unit"), "monitoring_check": ("monitoring", "department_finance", "department"),
    "evaluation_filing": ("self_evaluation", "clerk", "unit"), "evaluation_unit": ("self_evaluation", "unit_head", "unit"),
    "evaluation_department": ("self_evaluation", "department_finance", "department"),
    "archiving": ("self_evaluation", "finance_performance", "bureau"),
}
FINANCE_DESKS = frozenset({"finance_business", "finance_performance"})
