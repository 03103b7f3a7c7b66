"""What the run itself counts while people act: corrections, returns, red windows, replies, refusals at a cut-off."""

from collections import Counter
from dataclasses import dataclass, field

from workflows.content.changes import changes_between
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.measures.watch import Colour
from workflows.vocabulary import Stage


@dataclass
class Tally:
    """Counts by name."""

    counts: Counter[str] = field(default_factory=lambda: Counter(
        corrections=0, returns=0, red=0, replies=0, refused=0, refiled=0
    ))  # fmt: skip

    def note(self, journal: Journal, before: Table, after: Table) -> None:
        """Count what one act changed in a table."""
        if after.content_hash != before.content_hash:
            old, new = journal.content(before.content_hash), journal.content(after.content_hash)
            self.counts["corrections"] += len(changes_between(old, new, {}))
        self.counts["returns"] += before.stage != Stage.DRAFT and after.stage == Stage.DRAFT
        red_before = {window.window for window in before.windows if window.colour == Colour.RED}
        red_after = {window.window for window in after.windows if window.colour == Colour.RED}
        self.counts["red"] += len(red_after - red_before)
