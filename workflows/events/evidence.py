"""Facts about what accompanies a table and what may have to go again: attachments, holds, erased words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.events.fact import Event


@dataclass(frozen=True)
class AttachmentAdded(Event):
    """A file was put to a table as evidence: its type found from its content, its bytes bound with a salt.

    `commitment` is SHA-256(0x02 ‖ salt ‖ bytes) in hex, so that the bytes can be erased and cannot be guessed;
    `for_step` names the desk or window that it belongs to, or is empty.
    """

    kind = "attachment.added"
    erasable = ("name",)
    attachment: str
    name: str
    media_type: str
    size: int
    commitment: str
    for_step: str


@dataclass(frozen=True)
class AttachmentWithdrawn(Event):
    """The clerk took a file back before the desk that it was put to was left; its bytes stay in the log."""

    kind = "attachment.withdrawn"
    attachment: str


@dataclass(frozen=True)
class AttachmentRedacted(Event):
    """A file's bytes and name were erased by two persons; that it was there stays."""

    kind = "attachment.redacted"
    attachment: str
    request: str


@dataclass(frozen=True)
class PayloadErased(Event):
    """Words or bytes named by their commitments were erased, asked for by one person and confirmed by another."""

    kind = "payload.erased"
    request: str
    targets: tuple[str, ...]
    ground: str
    asked_by: str
    confirmed_by: str


@dataclass(frozen=True)
class ErasureRequested(Event):
    """Somebody asked that words or files of a table be erased; `targets` hold version, field and commitment of each."""

    kind = "erasure.requested"
    table: str
    targets: tuple[Mapping[str, Any], ...]
    ground: str


@dataclass(frozen=True)
class ErasureConfirmed(Event):
    """The second person agreed; what went stands on the table's own stream (payload.erased)."""

    kind = "erasure.confirmed"
    table: str


@dataclass(frozen=True)
class ErasureDeclined(Event):
    """The second person did not agree, or the asker took the request back; nothing went."""

    kind = "erasure.declined"
    erasable = ("reason",)
    table: str
    reason: str


@dataclass(frozen=True)
class HoldPlaced(Event):
    """A legal hold lies on the table from now on: nothing of it may be erased."""

    kind = "hold.placed"
    erasable = ("reason",)
    reason: str


@dataclass(frozen=True)
class HoldLifted(Event):
    """The legal hold ended."""

    kind = "hold.lifted"
    erasable = ("reason",)
    reason: str
