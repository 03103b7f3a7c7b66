"""The pass over the meaning of events: fields, contents, payloads, posts, steps and states."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any, Dict, Optional, Tuple

from workflows.ledger.verifier.events.contents import Contents
from workflows.ledger.verifier.events.event import Event, wrong_column
from workflows.ledger.verifier.events.layouts import LAYOUTS
from workflows.ledger.verifier.events.organs import POSTED
from workflows.ledger.verifier.events.payloads import Files, Payloads
from workflows.ledger.verifier.events.posts import Posts
from workflows.ledger.verifier.evidence.bundle import Bundle
from workflows.ledger.verifier.evidence.chains import stream_in
from workflows.ledger.verifier.evidence.findings import MALFORMED, Flaw, Place, Report, note_broken
from workflows.ledger.verifier.evidence.manifest import EVENTS
from workflows.ledger.verifier.judge.attachments import judge_erasure
from workflows.ledger.verifier.judge.documents import judge_document, judge_part
from workflows.ledger.verifier.judge.executions import judge_batch
from workflows.ledger.verifier.judge.judge import Judge
from workflows.ledger.verifier.judge.rules import BESIDE_TABLES
from workflows.ledger.verifier.judge.stream import end_of_log, take_event
from workflows.ledger.verifier.verdict.commands import Commands
from workflows.ledger.verifier.verdict.comparison import Comparison, compare_states


def read_meaning(path: str) -> Report:
    """Pass 3: fields, contents, payloads, posts, steps and states."""
    report, bundle = Report(), Bundle(path)
    try:
        bundle.read_manifest()
        Meaning(bundle, report).run()
        bundle.check_digests(report)
    except Flaw as flaw:
        report.take(flaw.finding)
    except MALFORMED as wrong:
        note_broken(report, wrong)
    return report


REVOCATION_LEFT_OUT = (
    "部分包可能略去某人最后一次免岗的记录（它若是此人岗位链上的最后一条）：免岗之后的办理只有全包才看得出来",
    "a partial bundle may leave out a revocation that is a person's last grant event: acts after it show in the full bundle only",
)


class Meaning:
    """The state of pass 3."""

    def __init__(self, bundle: Bundle, report: Report) -> None:
        self.bundle, self.report = bundle, report
        self.contents = Contents()
        self.posts = Posts(report, bundle.whole)
        self.judge = Judge(bundle, report, self.contents, self.posts)
        self.payloads, self.files = Payloads(bundle, report), Files(bundle, report)
        self.commands = Commands(report)
        self.only: Tuple[str, Optional[int]] = ("", None)

    def run(self) -> None:
        receipt = self.bundle.receipt
        self.contents.read(self.bundle, self.report)
        indexes, decode, count = self.bundle.indexes(), json.JSONDecoder().decode, 0
        for line in self.bundle.lines(EVENTS):
            count += 1
            index = next(indexes, -1)
            try:
                self.event(decode(line.decode("utf-8")), index, line)
            except Flaw:
                raise
            except MALFORMED as wrong:
                self.report.add("columns", "malformed", Place(index, *stream_in(line)), seen=f"{type(wrong).__name__} {wrong}")
        if count < self.bundle.manifest["counts"]["events"]:
            self.report.done.add("columns")
            self.report.remark("记录不全：没有核对结尾、引用与状态", "events are missing: ends, references and states were not checked")
            return
        self.payloads.end()
        self.files.end(self.payloads.files)
        self.contents.end(self.report)
        self.report.done |= {"columns", "contents", "payloads", "files"}
        if receipt:
            self.receipt_is_right(count)
            self.report.remark("存证只含一条记录：没有重放，没有核对流程与职责分离", "a receipt holds one event: no replay, no steps, no segregation")
            return
        end_of_log(self.judge)
        self.report.done |= {"commands", "steps", "posts", "segregation"}
        self.scope_is_right()
        if not self.bundle.whole:
            self.report.remark(*REVOCATION_LEFT_OUT)
        compare_states(self.bundle, self.judge, Comparison(self.payloads), self.report)

    def scope_is_right(self) -> None:
        """A partial bundle holds what its manifest says that it is about."""
        scope, tables = self.bundle.manifest["scope"], self.judge.tables
        asked = tables.get(scope.get("table", "")) if scope["kind"] == "table" else None
        family = (asked.source or asked.id) if asked else ""
        strangers = [table.id for table in tables.values() if family not in (table.id, table.source)]
        if scope["kind"] == "table" and (strangers or asked is None):
            self.report.add("members", "manifest", field="scope", seen=f"scope: {scope['table']}")
        if scope["kind"] == "year" and any(table.year != scope["year"] for table in tables.values() if not table.broken):
            self.report.add("members", "manifest", field="scope", seen=f"scope: {scope['year']}")

    def receipt_is_right(self, count: int) -> None:
        """A receipt holds the one event that its manifest names."""
        scope = self.bundle.manifest["scope"]
        if count != 1 or self.only != (scope["stream"], scope["version"]):
            self.report.add("members", "manifest", field="scope", seen=f"scope: {scope['stream']} {scope['version']}")

    def event(self, body: Any, index: int, line: bytes) -> None:
        """Check one event's fields and what it names, then let its subject's rules judge it."""
        if type(body) is not dict or type(body.get("kind")) is not str or body["kind"] not in LAYOUTS:
            kind = body.get("kind") if type(body) is dict else body
            self.spoil(Place(index, *stream_in(line)), "unknown_kind", "kind", kind)
            return
        wrong = wrong_column(body)
        if wrong:
            self.spoil(Place(index, *stream_in(line), str(body.get("subject"))), "column", *wrong)
            return
        event = Event(body, index)
        self.only = (event.stream, event.place.version)
        self.contents.check(event, self.report)
        words = self.payloads.of(event, LAYOUTS[event.kind])
        if not self.bundle.receipt:
            self.commands.check(event)
            self.subject(event, words)
            self.posts.pass_by(event)
            if event.place.subject == "table":
                self.judge.tables[event.stream].head = sha256(b"\x00" + line).digest()

    def spoil(self, place: Place, what: str, field: str, seen: object = "", wanted: object = "") -> None:
        """Note an event that cannot be read; its table is not judged any further."""
        self.report.add("columns", what, place, field, seen, wanted)
        table = self.judge.tables.get(place.stream)
        if table is not None:
            table.broken = True

    def subject(self, event: Event, words: Dict[str, str]) -> None:
        """Let the rules of the event's subject judge it."""
        subject, judge = event.place.subject, self.judge
        if event.kind == "payload.erased":
            table = judge.tables.get(event.stream)
            self.payloads.erase(event, table is not None and table.held)
        if subject == "table":
            take_event(judge, event, words)
        elif event.kind in POSTED:
            POSTED[event.kind](self.posts, event)
        elif event.kind == "document.filed":
            judge_document(judge, event, self.files)
        elif subject == "document":
            judge_part(judge, event, words)
        elif event.kind == "execution.imported":
            judge_batch(judge, event, self.files)
        elif event.kind in BESIDE_TABLES:
            BESIDE_TABLES[event.kind](judge, event)
        elif event.kind.startswith("erasure."):
            judge_erasure(judge, event)
