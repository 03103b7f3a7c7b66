"""The alarm beside the notes: what was refused, between which trees, since when; it goes when its cause has gone."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from workflows.anchors.refusals import CheckpointRefused
from workflows.errors import NotANote

ALARM = "alarm.json"


@dataclass(frozen=True)
class Alarm:
    """A refusal as it is kept: sizes count events, roots are hex; `at` is when it was first seen (ISO 8601, UTC)."""

    what: str
    sentence: str
    at: str
    log_origin: str | None = None
    log_size: int | None = None
    log_root: str | None = None
    anchored_origin: str | None = None
    anchored_size: int | None = None
    anchored_root: str | None = None
    witness: str | None = None

    def to_text(self) -> str:
        """Return the alarm as a JSON object."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"

    def continues(self, earlier: "Alarm | None") -> "Alarm":
        """Return the alarm with the moment at which the same refusal was first seen."""
        same = earlier is not None and (earlier.what, earlier.witness) == (self.what, self.witness)
        return replace(self, at=earlier.at) if same and earlier else self


def alarm_for(refused: CheckpointRefused, at: datetime) -> Alarm:
    """Return the alarm of a refusal; its facts name the sizes, roots (hex), origins and the witness."""
    known = {name: value for name, value in refused.facts.items() if name in Alarm.__dataclass_fields__}
    facts: dict[str, Any] = known
    return Alarm(what=refused.what, sentence=refused.sentence, at=at.isoformat(timespec="seconds"), **facts)


def alarm_in(directory: Path) -> Alarm | None:
    """Return the alarm that stands in an anchor directory, None where all is well; NotANote where it is unreadable."""
    try:
        return Alarm(**json.loads((directory / ALARM).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as damaged:
        raise NotANote(f"{ALARM} 无法读懂。") from damaged
