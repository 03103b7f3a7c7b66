"""What the signatures of witnesses say about the time of events."""

from __future__ import annotations

from typing import Sequence, Tuple

from workflows.ledger.verifier.evidence.chains import Link
from workflows.ledger.verifier.evidence.findings import Place, Report
from workflows.ledger.verifier.evidence.moments import later


class Witnessed:
    """What witnesses' times say about an event by its index: not after the signature over it, not long before others.

    `limits` holds (size of the note, time of the witness's signature), in any order. A larger note that was signed at an
    earlier time shows that the clock was ahead at the smaller one: the earlier time counts.
    """

    def __init__(self, limits: Sequence[Tuple[int, str]]) -> None:
        ordered = sorted(limits)
        self.sizes = [size for size, _ in ordered]
        self.next = 0
        self.times = [time for _, time in ordered]
        self.not_after = list(self.times)
        for number in range(len(ordered) - 2, -1, -1):
            self.not_after[number] = min(self.not_after[number], self.not_after[number + 1])
        self.latest = [later(time, CLOCKS_APART) for time in self.not_after]
        self.earliest, self.seen = "", ""

    def check(self, link: Link, index: int, report: Report) -> None:
        """Judge an event's time; indexes must not go back from call to call."""
        while self.next < len(self.sizes) and self.sizes[self.next] <= index:
            self.seen = max(self.seen, self.not_after[self.next])
            self.earliest = later(self.seen, -SLOWEST_TRANSACTION)
            self.next += 1
        place = Place(index, link.stream, link.version, link.subject)
        if link.at < self.earliest:
            report.add("time", "back_dated", place, "at", link.at, self.seen)
        elif self.next < len(self.sizes) and link.at > self.latest[self.next]:
            report.add("time", "after_witness", place, "at", link.at, self.not_after[self.next])


SLOWEST_TRANSACTION = 900
"""Seconds between an event's moment and its being sealed that are still believed."""
CLOCKS_APART = 120
"""Seconds by which the clocks of log and witness may differ."""
