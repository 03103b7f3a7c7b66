"""A small roster of people for tests of the domain: one bureau, one department, one unit, enough persons for S1-S10."""

from workflows.commands.importing import Home
from workflows.vocabulary import Actor, Post, Role

BUREAU, DEPARTMENT, UNIT, OTHER_UNIT = "bureau", "dept-1", "unit-1", "unit-2"
HOME = Home(BUREAU, DEPARTMENT, UNIT, "clerk")


def person(name: str, *posts: tuple[Role, str]) -> Actor:
    return Actor(name, f"{name}同志", tuple(Post(role, organ) for role, organ in posts))


CLERK = person("clerk", (Role.CLERK, UNIT))
OTHER_CLERK = person("other_clerk", (Role.CLERK, OTHER_UNIT))
UNIT_HEAD = person("unit_head", (Role.UNIT_HEAD, UNIT))
SECOND_UNIT_HEAD = person("deputy_head", (Role.UNIT_BUSINESS, UNIT))
DEPARTMENT_FINANCE = person("planner", (Role.DEPARTMENT_FINANCE, DEPARTMENT))
DEPARTMENT_BUSINESS = person("officer", (Role.DEPARTMENT_BUSINESS, DEPARTMENT))
FINANCE_BUSINESS = person("business", (Role.FINANCE_BUSINESS, BUREAU))
FINANCE_PERFORMANCE = person("performance", (Role.FINANCE_PERFORMANCE, BUREAU))
FINANCE_BUDGET = person("budget", (Role.FINANCE_BUDGET, BUREAU))
FINANCE_LEADER = person("leader", (Role.FINANCE_LEADER, BUREAU))
OBSERVER = person("observer", (Role.OBSERVER, BUREAU))
SYSTEM_ADMIN = person("admin", (Role.SYSTEM_ADMIN, BUREAU))
SECURITY_ADMIN = person("security", (Role.SECURITY_ADMIN, BUREAU))
SECRECY_REVIEWER = person("secrecy", (Role.SECRECY_REVIEWER, DEPARTMENT))
AUDIT_ADMIN = person("audit", (Role.AUDIT_ADMIN, BUREAU))
EVERY_HAT = person(
    "every_hat", (Role.CLERK, UNIT), (Role.UNIT_HEAD, UNIT), (Role.DEPARTMENT_FINANCE, DEPARTMENT),
    (Role.FINANCE_BUSINESS, BUREAU), (Role.FINANCE_PERFORMANCE, BUREAU), (Role.FINANCE_BUDGET, BUREAU),
)  # fmt: skip

PEOPLE = (
    CLERK, OTHER_CLERK, UNIT_HEAD, SECOND_UNIT_HEAD, DEPARTMENT_FINANCE, DEPARTMENT_BUSINESS, FINANCE_BUSINESS,
    FINANCE_PERFORMANCE, FINANCE_BUDGET, FINANCE_LEADER, OBSERVER, SYSTEM_ADMIN, SECURITY_ADMIN,
    SECRECY_REVIEWER, AUDIT_ADMIN, EVERY_HAT,
)  # fmt: skip
