"""Facts of what is done outside the usual way, by two persons: corrections, interventions, decisions taken on paper."""

from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class CorrectionOpened(Event):
    """A correction (更正) of the version in force was asked for: the content as it shall read, and the fields named.

    `base` is the hash of the content in force, `changes` that of {"changes": [{pointer, old, new, reason}]}.
    """

    kind = "correction.opened"
    request: str
    base: str
    content_hash: str
    changes: str
    changed: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class CorrectionApplied(Event):
    """A second person agreed to a correction: the content in force is from now on the one that was asked for."""

    kind = "correction.applied"
    request: str
    base: str
    content_hash: str
    changes: str
    changed: int
    title: str


@dataclass(frozen=True)
class InterventionProposed(Event):
    """A process administrator asked to loosen a stuck table: `reenter` its node, or `move_back` to an earlier one."""

    kind = "admin.proposed"
    request: str
    measure: str
    node: str
    to_node: str | None


@dataclass(frozen=True)
class AdminIntervened(Event):
    """Two persons loosened a stuck table (管理干预), never its content; `overtaken` nodes' votes count no more."""

    kind = "admin.intervened"
    erasable = ("reason",)
    request: str
    measure: str
    node: str
    to_node: str | None
    reason: str
    asked_by: str
    overtaken: tuple[str, ...]


@dataclass(frozen=True)
class PaperEntered(Event):
    """A decision that `leader` took on paper for a task was entered (补录): the scan, what he decided and when.

    It counts once a second person confirms it; `to` is the stage to which it returns the table, None where it passes.
    """

    kind = "paper.entered"
    erasable = ("opinion",)
    request: str
    node: str
    task: str
    round: int
    attachment: str
    leader: str
    leader_name: str
    outcome: str
    to: str | None
    signed_on: str
    opinion: str
