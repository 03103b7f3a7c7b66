"""The search for different people: it agrees with trying everything, and names the tasks that compete."""

from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from workflows.definitions.matching import Demand, Shortage, shortage

PEOPLE = st.sets(st.sampled_from("abcde"), max_size=3)
DEMANDS = st.lists(st.tuples(st.integers(0, 2), st.lists(PEOPLE, min_size=1, max_size=2)), max_size=4).map(
    lambda drawn: [Demand(f"n{i}", need, tuple(map(tuple, tasks))) for i, (need, tasks) in enumerate(drawn)]
)


def possible_by_trying_everything(demands):
    ways = []
    for demand in demands:
        chosen = combinations(demand.tasks, demand.need)
        ways.append([people for tasks in chosen for people in product(*tasks)])
    return any(len(flat := [p for people in way for p in people]) == len(set(flat)) for way in product(*ways))


@given(DEMANDS)
def test_the_search_finds_people_exactly_where_trying_everything_does(demands):
    assert (shortage(demands) is None) is possible_by_trying_everything(demands)


@given(DEMANDS)
def test_the_demands_named_compete_for_too_few_and_the_others_do_not(demands):
    short = shortage(demands)
    if short:
        named = [demand for demand in demands if demand.name in short.names]
        assert possible_by_trying_everything(named) is False
        assert sum(demand.need for demand in named) == short.need


def test_somebody_gives_way_to_let_the_next_one_in():
    assert shortage([Demand("x", 1, (("a", "b"),)), Demand("y", 1, (("a",),)), Demand("z", 1, (("b", "c"),))]) is None


def test_three_tasks_and_two_people():
    demands = [Demand(name, 1, (("a", "b"),)) for name in "xyz"] + [Demand("free", 1, (("c",),))]
    assert shortage(demands) == Shortage(("x", "y", "z"), 3, ("a", "b"))
