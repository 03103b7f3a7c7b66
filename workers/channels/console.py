"""The console: letters as lines on standard output, for demonstrations and tests."""

import sys
from dataclasses import dataclass
from typing import TextIO

from workers.channels.letter import Letter


@dataclass(frozen=True)
class Console:
    """Writes each letter to a stream."""

    stream: TextIO | None = None

    @property
    def longest(self) -> float:
        """Writing takes no time."""
        return 1.0

    def send(self, letter: Letter) -> str:
        """Write the letter."""
        stream = self.stream or sys.stdout
        stream.write(f"[{letter.id}] {letter.name} <{letter.recipient}> {letter.subject}\n{letter.text}\n")
        stream.flush()
        return "console"
