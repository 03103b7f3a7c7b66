"""The lint of approval chains: every check by its rule, against the structure alone or against the real people."""

from collections.abc import Callable, Iterator

from workflows.definitions.chain import Chain
from workflows.definitions.lint_conditions import CONDITIONS
from workflows.definitions.lint_fields import FIELDS
from workflows.definitions.lint_ladders import LADDER_PEOPLE, LADDERS
from workflows.definitions.lint_people import PEOPLE as PEOPLE_AT_NODES
from workflows.definitions.lint_rules import RULES
from workflows.definitions.lint_structure import STRUCTURE
from workflows.definitions.roster import Roster
from workflows.definitions.survey import MOST_WORK, WORK_FOR_A_HOME, Survey
from workflows.published.remarks import Remark, Severity

CHECKS: tuple[Callable[[Chain], Iterator[Remark]], ...] = (*STRUCTURE, *RULES, *LADDERS, *FIELDS)
PEOPLE = (*PEOPLE_AT_NODES, *LADDER_PEOPLE)


def lint(chain: Chain, roster: Roster) -> tuple[Remark, ...]:
    """Return everything that is wrong or odd about a chain, held against the real people; errors first.

    People are asked only of a chain whose structure, rules and conditions are sound. The work is bounded whatever the
    chain says: where it does not suffice, a remark says what could not be looked at one by one.
    """
    survey = Survey(MOST_WORK + WORK_FOR_A_HOME * len(roster.homes))
    remarks = [remark for check in CHECKS for remark in check(chain)]
    remarks += [remark for condition in CONDITIONS for remark in condition(chain, survey)]
    if not forbidding(remarks):
        remarks += [remark for people in PEOPLE for remark in people(chain, roster, survey)]
    return tuple(sorted(remarks, key=lambda remark: (remark.severity != Severity.ERROR, remark.rule)))


def forbidding(remarks: list[Remark] | tuple[Remark, ...]) -> tuple[Remark, ...]:
    """Return the remarks that forbid to publish the chain."""
    return tuple(remark for remark in remarks if remark.severity == Severity.ERROR)
