"""Facts of absence: leave to act for somebody, its end, a table in other hands, a waiver for a unit too small."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class CoverGiven(Event):
    """Somebody may act for somebody absent (代理授权): on the absent person's own stream.

    `posts` are {role, organ} that the principal holds himself; `nodes` and `units` narrow it (empty: everywhere),
    `most` is an amount in 万元; times are UTC ISO, the end does not belong to the period.
    """

    kind = "cover.given"
    erasable = ("reason",)
    cover: str
    principal: str
    name: str
    deputy: str
    deputy_name: str
    posts: tuple[Mapping[str, str], ...]
    nodes: tuple[str, ...]
    units: tuple[str, ...]
    most: str | None
    from_at: str
    to_at: str
    reason: str


@dataclass(frozen=True)
class CoverEnded(Event):
    """A cover ended before its period was over."""

    kind = "cover.ended"
    erasable = ("reason",)
    cover: str
    reason: str


@dataclass(frozen=True)
class TableHandedOver(Event):
    """A table got another clerk in charge, because the one before left (移交); what was signed stays as it is."""

    kind = "table.handed_over"
    erasable = ("reason",)
    owner: str
    owner_name: str
    successor: str
    successor_name: str
    reason: str


@dataclass(frozen=True)
class WaiverSigned(Event):
    """The department lets one person sign for several posts of a small unit (职责分离豁免, S12): S2 inside the unit.

    `until` is UTC ISO and does not belong to the period.
    """

    kind = "waiver.signed"
    erasable = ("reason",)
    waiver: str
    rule: str
    unit: str
    person: str
    person_name: str
    reason: str
    until: str
