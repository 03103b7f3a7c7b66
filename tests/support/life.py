"""A table's life in short sentences, told through the verbs alone."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from tests.support import roster
from tests.support.contents import completed, document
from tests.support.memory_journal import MemoryJournal
from workflows.commands import drafting, evaluating, importing, monitoring, replying, reviewing
from workflows.commands.recipe import Seen
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.vocabulary import SYSTEM, Post, Role, Stage


def memory() -> MemoryJournal:
    return MemoryJournal(datetime(2026, 1, 5, 1, 0, tzinfo=UTC), roster.PEOPLE)


@dataclass
class Life:
    """One table on one journal; each method is a person's act, `table` the table after it."""

    journal: Journal
    table: Table = field(default_factory=lambda: Table(UUID(int=0)))
    definition: dict[str, Any] | None = None

    def seen(self) -> Seen:
        return Seen(self.table.version, self.table.content_hash)

    def imported(self) -> "Life":
        filing = importing.Filing("申报.txt", "正文".encode(), document(), ())
        (self.table,) = importing.import_document(
            self.journal, uuid4(), filing=filing, homes=(roster.HOME,), year=2026, by=roster.CLERK,
            post=Post(Role.CLERK, roster.UNIT), command_id=uuid4(), definition=self.definition,
        )  # fmt: skip
        return self

    def complete_content(self) -> dict[str, Any]:
        """Return the draft as a clerk completes it: mark, weights, an explanation for every warning."""
        content = completed(drafting.content_in_work(self.journal, self.table).content)
        findings = drafting.findings_of(self.journal, self.table, content)
        explained = {drafting.finding_key(f): "已核实，情况属实" for f in findings if f.severity == "W"}
        return {**content, "explanations": explained}

    def completed(self) -> "Life":
        draft, content = drafting.content_in_work(self.journal, self.table), self.complete_content()
        drafting.save_draft(
            self.journal, self.table.id, seen=self.seen(), draft_version=draft.version, content=content,
            reasons={"": "补充分值与公开属性"}, by=roster.CLERK, command_id=uuid4(),
        )  # fmt: skip
        return self

    def submitted(self) -> "Life":
        self.table = drafting.submit_table(
            self.journal, self.table.id, seen=self.seen(), by=roster.CLERK, command_id=uuid4()
        )
        return self

    def approved(self, by) -> "Life":
        self.table = reviewing.approve_table(
            self.journal, self.table.id, seen=self.seen(), by=by, command_id=uuid4(), opinion="同意"
        )
        return self

    def returned(self, by, to: Stage, **aim) -> "Life":
        self.table = reviewing.return_table(
            self.journal, self.table.id, seen=self.seen(), by=by, command_id=uuid4(), to=to, reason="指标值与目标不匹配",
            **aim,
        )  # fmt: skip
        return self

    def in_unit_review(self) -> "Life":
        return self.imported().completed().submitted()

    def in_finance_approval(self) -> "Life":
        return self.in_unit_review().approved(roster.UNIT_HEAD).approved(roster.DEPARTMENT_FINANCE)

    def replied(self, doc_no: str = "清财预〔2026〕1号") -> "Life":
        (self.table,) = replying.issue_reply(
            self.journal, uuid4(), tables={self.table.id: self.seen()}, doc_no=doc_no, by=roster.FINANCE_BUDGET,
            command_id=uuid4(),
        )  # fmt: skip
        return self

    def in_monitoring(self) -> "Life":
        return self.in_finance_approval().approved(roster.FINANCE_BUSINESS).approved(roster.FINANCE_PERFORMANCE).replied()

    def on(self, day: str) -> "Life":
        """Let the journal's clock come to a day, never back; on PostgreSQL it is the clock of a demo or simulation."""
        moment = datetime.fromisoformat(f"{day}T01:00:00+00:00")
        if isinstance(self.journal, MemoryJournal):
            self.journal.at = max(self.journal.at, moment)
        elif self.journal.now() < moment:
            self.journal.tx.scalar("SELECT log.set_virtual_now(:moment)", moment=moment)
            self.journal.tx._now = None
        return self

    def window_opened(self, window: str = "w1") -> "Life":
        self.on(self.table.window(window).date)
        self.table = monitoring.open_monitoring(
            self.journal, self.table.id, seen=self.seen(), window=window, by=SYSTEM, command_id=uuid4()
        )
        return self

    def evaluation_opened(self) -> "Life":
        self.on(self.table.self_evaluation_opens)
        self.table = evaluating.open_self_evaluation(
            self.journal, self.table.id, seen=self.seen(), by=SYSTEM, command_id=uuid4()
        )
        return self
