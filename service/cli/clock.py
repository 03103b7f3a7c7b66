"""`clock`: says which time the log goes by; moves it forwards in a demo or simulation, which is recorded (L9)."""

import argparse
import os
from datetime import datetime, timedelta

from service.cli.importing import running_address
from workflows.commands.tracing import note_clock_moved
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.store.installation import mode_of, set_virtual_now
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.workdays import BEIJING

FURTHEST = timedelta(days=3 * 366)


def main(arguments: list[str]) -> int:
    """Print the log's time, after moving it where `--to` says so."""
    parser = argparse.ArgumentParser(prog="python3 -m service clock", description=__doc__)
    parser.add_argument("--to", help="拨到什么时间（北京时间，如 2026-08-01T09:00）；只能向前，只限演示和模拟环境")
    parser.add_argument("--data-dir")
    options = parser.parse_args(arguments)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-clock")
    with begin(engine) as tx:
        now = move_clock(tx, moment_typed(options.to)) if options.to else tx.now()
    engine.dispose()
    print(f"台账时间：{now.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}（北京时间）")
    return 0


def moment_typed(typed: str) -> datetime:
    """Return the moment of an ISO date or time, in Beijing where it names no zone; FieldsInvalid for anything else."""
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        raise FieldsInvalid("请按 2026-08-01 或 2026-08-01T09:00 的格式填写时间。", field="to") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)


def move_clock(tx: Transaction, moment: datetime) -> datetime:
    """Move the log's clock forwards and record it; return its time.

    NotAllowed in production, FieldsInvalid for a moment that has passed or lies more than three years ahead.
    """
    if mode_of(tx) not in ("demo", "simulation"):
        raise NotAllowed("正式环境的时钟不能拨动。", rule="R-CLOCK")
    if not timedelta(0) < moment - tx.now() <= FURTHEST:
        raise FieldsInvalid("时钟只能向前拨，一次不超过三年。", field="to")
    note_clock_moved(PostgresJournal(tx), to=moment)
    return set_virtual_now(tx, moment)
