"""Facts of a table itself: it came, was submitted, withdrawn, returned, replied to, ended."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class TableImported(Event):
    """A table came in with a filing document and waits as a draft; the definition and the pack are pinned here."""

    kind = "table.imported"
    document: str
    ordinal: int
    bureau: str
    department: str
    unit: str
    owner: str
    year: int
    title: str
    family: str
    scope: str
    definition: str
    definition_hash: str
    pack: str
    pack_hash: str
    content_hash: str


@dataclass(frozen=True)
class TableSubmitted(Event):
    """The clerk handed the table in; the content is bound by its hash, each change named with its reason.

    `changes` is the hash of the content {"changes": [{pointer, old, new, reason}]}, `changed` their number.
    """

    kind = "table.submitted"
    shape = 2
    erasable = ("note",)
    node: str
    task: str
    round: int
    content_hash: str
    changes: str
    changed: int
    title: str
    editors: tuple[str, ...]
    disclosure: str
    note: str = ""


@dataclass(frozen=True)
class TableWithdrawn(Event):
    """The submitter took the table back before anybody had decided."""

    kind = "table.withdrawn"
    shape = 2
    erasable = ("reason",)
    round: int
    reason: str


@dataclass(frozen=True)
class TableReturned(Event):
    """A reviewer sent the table back to an earlier stage or node of the round, with the reason.

    `mode` is 逐级 (step by step) or 直达 (straight back to the reviewer); `fields` are the places (JSON pointers) that
    the return is about; `overtaken` are the nodes whose decisions no longer count, None where only the stage says it.
    """

    kind = "table.returned"
    shape = 3
    erasable = ("reason",)
    node: str
    round: int
    to: str
    mode: str
    reason: str
    to_node: str | None = None
    fields: tuple[str, ...] = ()
    overtaken: tuple[str, ...] | None = None


@dataclass(frozen=True)
class TableReplied(Event):
    """The approved version came into force under a document number, with the year's monitoring plan fixed.

    `pass_on_due` and `disclose_due` are the last days (ISO) for what follows, by the pinned pack; empty: no term.
    """

    kind = "table.replied"
    shape = 2
    doc_no: str
    reply: str
    content_hash: str
    windows: tuple[Mapping[str, str | None], ...]
    self_evaluation_opens: str
    self_evaluation_due: str
    pass_on_due: str = ""
    disclose_due: str = ""


@dataclass(frozen=True)
class TableRefused(Event):
    """Two persons found that the table must not enter the next step."""

    kind = "table.refused"
    shape = 2
    erasable = ("reason",)
    request: str
    reason: str


@dataclass(frozen=True)
class TableVoided(Event):
    """The unit gave the table up before the reply, by two persons."""

    kind = "table.voided"
    shape = 2
    erasable = ("reason",)
    request: str
    reason: str


@dataclass(frozen=True)
class TableTerminated(Event):
    """The finance bureau ended the table, by two persons."""

    kind = "table.terminated"
    shape = 2
    erasable = ("reason",)
    request: str
    reason: str


@dataclass(frozen=True)
class TableClosed(Event):
    """The year's work on the table is done and filed."""

    kind = "table.closed"
    shape = 2
    erasable = ("opinion",)
    node: str
    task: str
    opinion: str
