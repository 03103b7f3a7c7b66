"""Events as they stand in the log: every kind ever released, how stored words become facts, and what surrounds them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from workflows.events import (
    appraising,
    asking,
    assessing,
    campaigns,
    corrections,
    covering,
    delivering,
    desks,
    disclosing,
    documents,
    escalating,
    evidence,
    executing,
    experts,
    holding,
    house,
    library,
    organs,
    pausing,
    rectifying,
    referring,
    replying,
    reviews,
    revising,
    tables,
    tasks,
    threads,
    traces,
    year,
)
from workflows.events.fact import Event
from workflows.vocabulary import Role

MODULES = (
    appraising,
    experts,
    tables, desks, tasks, year, house, evidence, traces, covering, threads, holding, asking, corrections, rectifying,
    reviews, revising, executing, disclosing, assessing, replying, documents, library,
    pausing, escalating, referring, organs, campaigns, delivering,
)  # fmt: skip


@dataclass(frozen=True)
class Behalf:
    """For whom a deputy acted: the absent person, by the name of that time, and the grant that allows it."""

    id: str
    name: str
    grant: str


@dataclass(frozen=True)
class Recorded:
    """An event as it stands in the log, with what the log knows about it; times are UTC."""

    stream: UUID
    subject: str
    version: int
    at: datetime
    actor_id: str
    actor_name: str
    role: Role
    organ: str
    command_id: UUID
    step: int
    fact: Event
    leaf_hash: bytes = b""
    behalf: Behalf | None = None

    @property
    def kind(self) -> str:
        """Return the stored word of the fact."""
        return self.fact.kind

    @property
    def signer(self) -> str:
        """Return who signed, with both names where a deputy did: 乙 代 甲 (features C4, D10)."""
        return f"{self.actor_name} 代 {self.behalf.name}" if self.behalf else self.actor_name


KINDS: Mapping[str, type[Event]] = {
    fact.kind: fact
    for module in MODULES for fact in vars(module).values()
    if isinstance(fact, type) and issubclass(fact, Event) and fact.kind
}  # fmt: skip
CLOSES_ITS_TASK = frozenset(
    {
        "table.submitted", "task.decided", "task.superseded", "node.superseded", "table.closed",
        "monitoring.filed", "monitoring.accepted", "monitoring.returned",
        "selfeval.filed", "selfeval.accepted", "selfeval.returned",
        "rectification.done", "rectification.verified",
    },
)  # fmt: skip

Lift = Callable[[dict[str, Any]], dict[str, Any]]
ERASED = "（内容已依法删除）"
"""What stands where words were erased."""


def _words_stood_open(data: dict[str, Any]) -> dict[str, Any]:
    """Shape 1 held a person's words themselves where shape 2 holds their commitment; once read, they are the same."""
    return data


def _aimed_at_a_stage(data: dict[str, Any]) -> dict[str, Any]:
    """Shape 2 returned to a whole stage, about the whole table."""
    return {**data, "to_node": None, "fields": [], "overtaken": None}


def _passed_nothing_on(data: dict[str, Any]) -> dict[str, Any]:
    """Shape 1 of the reply to a revision did not say until when it is passed on."""
    return {**data, "pass_on_due": ""}


def _knew_no_terms(data: dict[str, Any]) -> dict[str, Any]:
    """Shape 1 of a reply said nothing of what is due after it."""
    return {**data, "pass_on_due": "", "disclose_due": ""}


def _disclosed_goals(data: dict[str, Any]) -> dict[str, Any]:
    """Packs of shape 1 held goals alone."""
    return {**data, "what": "goals", "unfinished": 0}


def _named_no_pack(data: dict[str, Any]) -> dict[str, Any]:
    """A score of an older shape did not name its rule pack: the table's first event does."""
    return {**data, "pack": "", "pack_hash": ""}


LIFTS: Mapping[tuple[str, int], Lift] = dict.fromkeys(
    (
        ("table.submitted", 1), ("table.withdrawn", 1), ("table.returned", 1), ("table.refused", 1),
        ("table.voided", 1), ("table.terminated", 1), ("table.closed", 1), ("task.decided", 1),
        ("confirmation.requested", 1), ("confirmation.given", 1), ("confirmation.refused", 1),
        ("monitoring.filed", 1), ("monitoring.accepted", 1), ("monitoring.returned", 1),
        ("selfeval.accepted", 1), ("selfeval.returned", 1), ("reply.issued", 1), ("grant.revoked", 1),
    ),
    _words_stood_open,
) | {
    ("table.replied", 1): _knew_no_terms, ("revision.approved", 1): _passed_nothing_on,
    ("disclosure.released", 1): _disclosed_goals,
    ("table.returned", 2): _aimed_at_a_stage, ("review.scored", 1): _named_no_pack,
    ("selfeval.rescored", 1): _named_no_pack, ("monitoring.filed", 2): _named_no_pack,
}  # fmt: skip
"""(kind, older shape) -> function that returns the data in the next shape."""


def frozen(value: Any) -> Any:
    """Turn the lists of a JSON value into tuples, as the event classes hold them."""
    if isinstance(value, list):
        return tuple(frozen(item) for item in value)
    if isinstance(value, dict):
        return {key: frozen(item) for key, item in value.items()}
    return value


def load(kind: str, shape: int, data: dict[str, Any]) -> Event:
    """Make the fact from its stored words, lifting older shapes; an unknown kind raises KeyError."""
    while (kind, shape) in LIFTS:
        data, shape = LIFTS[kind, shape](data), shape + 1
    return KINDS[kind](**frozen(data))
