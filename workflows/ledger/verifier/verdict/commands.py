"""Within a stream a command's events stand together and never come again."""

from __future__ import annotations

from typing import Dict, Set, Tuple

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.evidence.findings import Report


class Commands:
    """Within a stream a command's events stand together, numbered from 0, and never come again."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.few: Dict[str, bytes] = {}
        self.many: Dict[str, Set[bytes]] = {}
        self.last: Dict[str, Tuple[bytes, int]] = {}

    def check(self, event: Event) -> None:
        """Take an event's command down; one that came before is a finding."""
        command = bytes.fromhex(event.command.replace("-", ""))
        last, step = self.last.get(event.stream, (b"", -1))
        if command == last:
            right = event.step == step + 1
            command = last
        else:
            right = event.step == 0 and self.is_new(event.stream, command)
        if not right:
            self.report.add("commands", "repeated", event.place, "command_id", event.command)
        self.last[event.stream] = (command, event.step)

    def is_new(self, stream: str, command: bytes) -> bool:
        """Whether the stream has not seen this command; a few are kept as one text of bytes, many as a set."""
        many = self.many.get(stream)
        if many is not None:
            new = command not in many
            many.add(command)
            return new
        few = self.few.get(stream, b"")
        known = [few[start : start + 16] for start in range(0, len(few), 16)]
        if len(known) < 64:
            self.few[stream] = few + command
        else:
            self.many[stream] = {*known, command}
            del self.few[stream]
        return command not in known
