"""Every state of the review stages under each definition, a round deep: the invariants hold, an end stays in reach."""

import pytest

from tests.support import roster
from tests.support.chains import signed_by_three, standard_but
from tests.support.life import Life, memory
from tests.support.state_space import Space
from workflows.definitions import shipped
from workflows.vocabulary import Role

MONEY = roster.person("money", (Role.UNIT_FINANCE, roster.UNIT))
HOUSE = (
    roster.CLERK, roster.UNIT_HEAD, roster.SECOND_UNIT_HEAD, MONEY, roster.DEPARTMENT_FINANCE, roster.FINANCE_BUSINESS,
    roster.FINANCE_PERFORMANCE, roster.FINANCE_BUDGET,
)  # fmt: skip
FULL_HOUSE = (*HOUSE, roster.DEPARTMENT_BUSINESS, roster.FINANCE_LEADER)
SHORT = {
    "standard": shipped(),
    "in order": signed_by_three(ordered=True),
    "a condition": standard_but("department_finance", when="金额 >= 500"),
}
LONG = {
    "full": shipped("full"),
    "all three sign": signed_by_three(),
    "two of three": signed_by_three("count", 2, "majority"),
    "all vote first": signed_by_three("percent", 60, "wait"),
}


def space_of(definition, rounds: int, most: int, people=HOUSE) -> Space:
    journal = memory()
    journal.people = people
    life = Life(journal, definition=definition).imported().completed()
    return Space(people, rounds).explore(life, most)


def has_no_dead_end(definition, rounds: int, people=HOUSE) -> None:
    space = space_of(definition, rounds, 60_000, people)
    assert (space.stuck(), bool(space.ends)) == (set(), True)
    print(definition["name"], len(space.states), len(space.edges), len(space.ends))


@pytest.mark.parametrize("name", SHORT)
def test_no_state_of_a_round_breaks_an_invariant_or_is_a_dead_end(name):
    has_no_dead_end(SHORT[name], rounds=1)


@pytest.mark.long
@pytest.mark.parametrize("name", LONG)
def test_no_state_of_a_round_with_several_signers_breaks_an_invariant_or_is_a_dead_end(name):
    has_no_dead_end(LONG[name], rounds=1, people=FULL_HOUSE if name == "full" else HOUSE)


def test_a_post_that_nobody_holds_is_a_dead_end_that_this_search_finds():
    nobody = tuple(person for person in HOUSE if person != roster.UNIT_HEAD)
    space = space_of(shipped(), 1, 1_000, nobody)
    assert (len(space.stuck()), space.ends) == (len(space.states), set())


@pytest.mark.long
def test_two_rounds_of_the_standard_chain_hold_too():
    has_no_dead_end(SHORT["standard"], rounds=2)
