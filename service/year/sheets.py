"""Whether the dated registers of a year say what the exported events say: every table with its chain head that day."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from service.year.recount import leaf_of
from workflows.store.dated_snapshots import dated_snapshot_bytes, dated_snapshots
from workflows.store.transaction import Transaction

ID, VERSION, HEAD = "编号", "事件数", "事件链头"
Heads = Mapping[str, tuple[str, str]]
"""Version and leaf hash (hex) of the last event, by table."""


def sheets_kept(tx: Transaction) -> int:
    """Return how many dated sheets there are."""
    return len(dated_snapshots(tx))


def sheets_agreeing(tx: Transaction, lines: Sequence[str]) -> int:
    """Return how many of the dated sheets show exactly the tables that the first events of the export give."""
    kept = dated_snapshots(tx)
    heads = heads_at(lines, {sheet["log_size"] for sheet in kept})
    good_days = {
        (sheet["day"], sheet["log_size"])
        for sheet in kept
        if sheet["format"] == "csv" and shown_in(tx, sheet["day"]) == heads[sheet["log_size"]]
    }
    agreeing = [
        sheet for sheet in kept
        if (sheet["day"], sheet["log_size"]) in good_days and sheet["rows"] == len(heads[sheet["log_size"]])
    ]  # fmt: skip
    return len(agreeing)


def shown_in(tx: Transaction, day: date) -> Heads:
    """Return what a day's CSV says of every table."""
    text = dated_snapshot_bytes(tx, day, "csv").decode("utf-8-sig")
    return {row[ID]: (row[VERSION], row[HEAD]) for row in csv.DictReader(io.StringIO(text))}


def heads_at(lines: Iterable[str], sizes: set[int]) -> dict[int, Heads]:
    """Return the tables' heads after the first `size` lines of an export, for each size asked for."""
    heads: dict[str, tuple[str, str]] = {}
    found: dict[int, Heads] = {0: {}} if 0 in sizes else {}
    for number, line in enumerate(lines, 1):
        body = json.loads(line)["body"]
        if body["subject"] == "table":
            heads[body["stream"]] = (str(body["version"]), leaf_of(body))
        if number in sizes:
            found[number] = dict(heads)
    return found
