"""The roles under which people act, and at which sort of organ each is at home."""

from __future__ import annotations

ROLES_AT_HOME = {
    "unit": frozenset({"clerk", "unit_business", "unit_finance", "unit_head"}),
    "department": frozenset({"department_business", "department_finance"}),
    "bureau": frozenset({"finance_business", "finance_performance", "finance_budget", "finance_leader"}),
}
BUSINESS = frozenset().union(*ROLES_AT_HOME.values())
OFFICERS = frozenset({"system_admin", "security_admin", "audit_admin"})
ADMINISTRATORS = OFFICERS | {"process_admin", "system"}
ROLES = BUSINESS | ADMINISTRATORS | {"expert", "observer", "public", "secrecy_reviewer"}
