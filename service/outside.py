"""What lies outside the database, as pages show it: the newest note, who signed it and when, the alarm, the keys."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app

from service.config import Settings
from workflows.anchors.alarm import Alarm, alarm_in
from workflows.anchors.directory import WITNESSES
from workflows.anchors.reading import AnchoredNote, keys_in, newest_anchored, witnessed
from workflows.errors import GoaltrailError
from workflows.ledger.anchored import NOTES, note_name
from workflows.ledger.keys import VerifyingKey
from workflows.ledger.notes import parse_note


@dataclass(frozen=True)
class Outside:
    """The anchor directory at one moment; `problem` says why it could not be read, real times are UTC."""

    newest: AnchoredNote | None = None
    kept_at: datetime | None = None
    signed: bool = False
    witnesses: Mapping[str, datetime] = field(default_factory=dict)
    away: Mapping[str, str] = field(default_factory=dict)
    """Witnesses (by address) that were asked and did not sign, each with what was said of it."""
    keys: tuple[str, ...] = ()
    alarm: Alarm | None = None
    problem: str = ""

    @property
    def text(self) -> str:
        """The newest note as it is published, empty where there is none."""
        return self.newest.note.text() if self.newest else ""

    @property
    def size(self) -> int:
        """How many events the newest note covers."""
        return self.newest.checkpoint.size if self.newest else 0


def anchor_directory() -> Path:
    """Return where this installation's notes lie."""
    settings: Settings = current_app.settings  # type: ignore[attr-defined]
    return settings.anchors


def outside_now(directory: Path) -> Outside:
    """Read the anchor directory; what cannot be read becomes the problem that the page shows."""
    try:
        keys, newest = tuple(keys_in(directory)), newest_anchored(directory)
        if newest is None:
            return Outside(keys=keys, alarm=alarm_in(directory))
        when = {name: datetime.fromtimestamp(at, UTC) for name, at in witnessed(newest.note, list(keys)).items()}
        signed, kept_at = _signed(newest, keys), _kept_at(directory, newest)
        return Outside(newest, kept_at, signed, when, _away(directory), keys, alarm_in(directory))
    except GoaltrailError as damaged:
        return Outside(problem=damaged.sentence)
    except (OSError, ValueError, TypeError, LookupError) as unread:
        return Outside(problem=f"检查点目录无法读取（{unread}）。")


def outside_note(directory: Path, size: int) -> str | None:
    """Return the text of the note of that size as it lies outside, None where it does not."""
    try:
        return (directory / NOTES / note_name(size)).read_bytes().decode()
    except (OSError, ValueError):
        return None


def same_note(one: str, other: str) -> bool:
    """Whether two notes say the same; the one may have gained signatures."""
    try:
        return parse_note(one).body == parse_note(other).body
    except GoaltrailError:
        return False


def _away(directory: Path) -> dict[str, str]:
    try:
        standing = json.loads((directory / WITNESSES).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {each["url"]: str(each["missing"]) for each in standing if each.get("missing")}


def _kept_at(directory: Path, newest: AnchoredNote) -> datetime:
    file = directory / NOTES / note_name(newest.checkpoint.size)
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


def _signed(newest: AnchoredNote, keys: tuple[str, ...]) -> bool:
    """Whether the log's own published key signed the note."""
    known = [VerifyingKey.from_vkey(key) for key in keys]
    return any(key.name == newest.checkpoint.origin and key.signature_on(newest.note) for key in known)
