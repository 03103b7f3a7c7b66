"""What a reader notes on its way: every text left out, cut, guessed or not placed."""

from dataclasses import dataclass
from enum import StrEnum


class Sort(StrEnum):
    """Why something is reported."""

    PLACEHOLDER = "placeholder"
    MARKUP = "markup"
    UNCERTAIN = "uncertain"
    MISPLACED = "misplaced"
    UNPLACED = "unplaced"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class ReadingFinding:
    """One remark of a reader: the line (from 1), the text printed there, what was made of it."""

    line: int
    text: str
    guess: str | None
    sort: Sort


class Notebook:
    """Collects findings while a document is read."""

    def __init__(self) -> None:
        """Start empty."""
        self._findings: list[ReadingFinding] = []

    def note(self, line: int, text: str, guess: str | None, sort: Sort) -> None:
        """Write one finding down."""
        self._findings.append(ReadingFinding(line, text, guess, sort))

    def unplaced(self, line: int, text: str) -> None:
        """Write down a text that found no place."""
        self.note(line, text, None, Sort.UNPLACED)

    @property
    def findings(self) -> tuple[ReadingFinding, ...]:
        """Everything noted, in the order of the lines."""
        return tuple(sorted(self._findings, key=lambda finding: finding.line))
