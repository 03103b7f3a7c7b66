"""Whether different people can be found for all tasks: a flow from demands over tasks to persons, found by search."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

SOURCE, SINK = ("source",), ("sink",)
Graph = dict[Any, dict[Any, int]]


@dataclass(frozen=True)
class Demand:
    """So many of these tasks are to be done, each by another person of those who may."""

    name: str
    need: int
    tasks: tuple[Collection[str], ...]


@dataclass(frozen=True)
class Shortage:
    """The demands that compete for too few people."""

    names: tuple[str, ...]
    need: int
    people: tuple[str, ...]


def shortage(demands: Sequence[Demand]) -> Shortage | None:
    """Return the demands that cannot be met together by different people (the tightest cut), or None."""
    graph = _graph(demands)
    while path := _path(graph):
        for here, there in pairwise(path):
            graph[here][there] -= 1
            graph[there][here] = graph[there].get(here, 0) + 1
    if all(room == 0 for room in graph[SOURCE].values()):
        return None
    reached = _reached(graph)
    short = [number for number in range(len(demands)) if ("demand", number) in reached]
    people = tuple(sorted(node[1] for node in reached if node[0] == "person"))
    names = tuple(dict.fromkeys(demands[number].name for number in short))
    return Shortage(names, sum(demands[number].need for number in short), people)


def _graph(demands: Sequence[Demand]) -> Graph:
    graph: Graph = {SOURCE: {}, SINK: {}}
    for number, demand in enumerate(demands):
        graph[SOURCE]["demand", number] = demand.need
        graph["demand", number] = {("task", number, task): 1 for task in range(len(demand.tasks))}
        for task, people in enumerate(demand.tasks):
            graph["task", number, task] = {("person", person): 1 for person in people}
            for person in people:
                graph["person", person] = {SINK: 1}
    return graph


def _came_from(graph: Graph) -> Mapping[Any, Any]:
    came, waiting = {SOURCE: SOURCE}, [SOURCE]
    while waiting and SINK not in came:
        here = waiting.pop(0)
        for there, room in graph[here].items():
            if room and there not in came:
                came[there] = here
                waiting.append(there)
    return came


def _reached(graph: Graph) -> Collection[Any]:
    return _came_from(graph).keys()


def _path(graph: Graph) -> list[Any]:
    came = _came_from(graph)
    if SINK not in came:
        return []
    path = [SINK]
    while path[-1] != SOURCE:
        path.append(came[path[-1]])
    return path[::-1]
