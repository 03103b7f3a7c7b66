"""The running simulation as the year sees it: transactions, the virtual clock, and the patience with its workers."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine

from service.year.refusals import NotDelivered
from workflows.commands.tracing import note_clock_moved
from workflows.folds.replay import Table
from workflows.store.installation import set_virtual_now
from workflows.store.journal import PostgresJournal
from workflows.store.queries import all_standings, table_in
from workflows.store.settling import unsettled
from workflows.store.snapshots import tables_behind
from workflows.store.timers import next_due
from workflows.store.transaction import begin

LOOK_EVERY = 0.02
EVER = 1_000_000
WORDS = {
    "outbox.inbox": "站内通知", "outbox.mail": "邮件", "unsealed": "未编号的事件",
    "part.clock": "部门部分的审阅期限",
    "timer.overdue": "逾期标记", "timer.monitoring.open": "监控任务下达", "timer.selfeval.open": "自评任务下达",
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """A migrated simulation database, how long workers may take (seconds), and what to do while waiting."""

    engine: Engine
    patience: float
    meanwhile: Callable[[], None] = lambda: None

    @contextmanager
    def journal(self) -> Iterator[PostgresJournal]:
        """Open one transaction on the ledger."""
        with begin(self.engine) as tx:
            yield PostgresJournal(tx)

    def now(self) -> datetime:
        """Return the log's time."""
        with begin(self.engine) as tx:
            return tx.now()

    def tables(self) -> dict[UUID, Table]:
        """Return all tables as they stand."""
        with begin(self.engine) as tx:
            return {row["table_id"]: table_in(tx, row) for row in all_standings(tx)}

    def next_timer(self) -> datetime | None:
        """Return when the next timer is due."""
        with begin(self.engine) as tx:
            return next_due(tx)

    def move_to(self, moment: datetime) -> None:
        """Move the virtual clock forwards, which is recorded; a moment already reached stays as it is."""
        with begin(self.engine) as tx:
            if moment > tx.now():
                note_clock_moved(PostgresJournal(tx), to=moment)
                set_virtual_now(tx, moment)

    def settle(self) -> None:
        """Wait until nothing that is due is left undone; NotDelivered names what is."""
        deadline = time.monotonic() + self.patience
        while left := self.unsettled():
            if time.monotonic() > deadline:
                raise NotDelivered(f"后台任务没有在{self.patience:.0f}秒内完成，未送达：{in_words(left)}。", left=left)
            self.meanwhile()
            time.sleep(LOOK_EVERY)

    def wait_for_snapshots(self) -> None:
        """Give the workers the time to keep a snapshot of every table; what is missing then shows in the figures."""
        deadline = time.monotonic() + self.patience
        while time.monotonic() < deadline and self._without_snapshot():
            self.meanwhile()
            time.sleep(LOOK_EVERY)

    def _without_snapshot(self) -> bool:
        with begin(self.engine) as tx:
            return bool(tables_behind(tx, every=EVER, limit=1))

    def unsettled(self) -> Mapping[str, int]:
        """Return what is due and not done."""
        with begin(self.engine) as tx:
            return unsettled(tx)


def in_words(left: Mapping[str, int]) -> str:
    """Name open work in Chinese, with counts."""
    names = {sort: WORDS.get(sort, sort.replace("timer.", "催办提醒 ")) for sort in left}
    return "、".join(f"{names[sort]} {count} 项" for sort, count in left.items())
