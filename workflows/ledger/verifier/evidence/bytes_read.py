"""The two passes over bytes: links, leaves and times of all events; and the canonical form of each."""

from __future__ import annotations

from hashlib import sha256
from typing import Dict, NamedTuple, Sequence, Tuple

from workflows.ledger.verifier.evidence.bundle import BODY_LIMIT, Bundle
from workflows.ledger.verifier.evidence.canonical import KEY, Profile
from workflows.ledger.verifier.evidence.chains import Chain, follow, link_in, stream_in
from workflows.ledger.verifier.evidence.findings import MALFORMED, Flaw, Place, Report, note_broken
from workflows.ledger.verifier.evidence.manifest import EVENTS
from workflows.ledger.verifier.evidence.moments import MOMENT, is_moment, later
from workflows.ledger.verifier.evidence.places import Places
from workflows.ledger.verifier.evidence.tree import Tree
from workflows.ledger.verifier.evidence.witnessed import SLOWEST_TRANSACTION, Witnessed


class Links(NamedTuple):
    """What pass 1 found out: how many events, the root, and the roots asked for on the way."""

    report: Report
    events: int
    root: bytes
    roots: Dict[int, bytes]


def read_links(path: str, sizes: Sequence[int], limits: Sequence[Tuple[int, str]]) -> Links:
    """Pass 1: every event's leaf hash, place, link and time; the tree over all of them."""
    report, bundle = Report(), Bundle(path)
    reading = LinkReading(bundle, report, sizes, limits)
    try:
        bundle.read_manifest()
        reading.run()
        bundle.check_digests(report)
    except Flaw as flaw:
        report.take(flaw.finding)
    except MALFORMED as wrong:
        note_broken(report, wrong)
    return Links(report, reading.count, reading.tree.root(), reading.roots)


class LinkReading:
    """The state of pass 1."""

    def __init__(self, bundle: Bundle, report: Report, sizes: Sequence[int], limits: Sequence[Tuple[int, str]]) -> None:
        self.bundle, self.report, self.sizes = bundle, report, set(sizes)
        self.witnessed = Witnessed(limits) if limits else None
        self.tree, self.count = Tree(), 0
        self.roots: Dict[int, bytes] = {}
        self.chains: Dict[str, Chain] = {}
        self.latest, self.behind, self.first_behind = "", 0, -1

    def run(self) -> None:
        whole, size = self.bundle.whole, self.bundle.manifest["counts"]["events"]
        if 0 in self.sizes:
            self.roots[0] = self.tree.root()
        if whole:
            self.read_whole(size)
        else:
            self.read_partial()
        if self.count < size:
            self.report.add("members", "short", field=EVENTS, seen=self.count, wanted=size)
        elif self.count > size:
            self.report.add("members", "surplus", field=EVENTS, wanted=size)
        if self.behind:
            self.report.remark(
                f"{self.behind} 条记录的时间比在它之前封存的记录早 15 分钟以上（最早为第 {self.first_behind} 条）：时钟回拨过，或是倒签",
                f"{self.behind} events bear a moment over 15 minutes before one sealed ahead of them (first: {self.first_behind}): a clock set back, or back-dated",
            )
        for stream, chain in self.chains.items():
            if chain.doubt is not None:
                place = Place(chain.doubt.event, stream, chain.doubt.version, chain.subject)
                self.report.add("chains", "edited_or_next", place)
        self.report.done |= {"tree" if whole else "places"} | (set() if self.bundle.receipt else {"chains", "time"})

    def read_whole(self, size: int) -> None:
        """Line i is event i, and the leaves make the tree."""
        for line in self.bundle.lines(EVENTS):
            leaf = sha256(b"\x00" + line)
            self.event(line, leaf.hexdigest(), self.count)
            self.count += 1
            if self.count <= size:
                self.tree.append(leaf.digest())
                if self.count in self.sizes:
                    self.roots[self.count] = self.tree.root()

    def read_partial(self) -> None:
        """Each event has its place and its proof."""
        places = Places(self.bundle)
        for line in self.bundle.lines(EVENTS):
            leaf = sha256(b"\x00" + line)
            self.event(line, leaf.hexdigest(), places.next(leaf.digest(), self.report))
            self.count += 1
        places.end()

    def event(self, line: bytes, leaf: str, index: int) -> None:
        link = link_in(line)
        if link is None:
            self.report.add("columns", "column", Place(index), "stream", "?", "at, prev, stream, subject, version")
            return
        if self.witnessed is not None:
            self.witnessed.check(link, index, self.report)
        if link.at[:16] < self.latest[:16] and MOMENT.fullmatch(link.at) and is_moment(link.at):
            self.late_in_order(link.at, index)
        elif MOMENT.fullmatch(link.at) and is_moment(link.at):
            self.latest = max(self.latest, link.at)
        if self.bundle.receipt:
            return
        chain = self.chains.get(link.stream)
        if chain is None:
            chain = self.chains[link.stream] = Chain(link.subject)
        follow(chain, link, index, leaf, self.report)


    def late_in_order(self, at: str, index: int) -> None:
        """Count an event whose moment lies far before that of an event sealed ahead of it."""
        if later(at, SLOWEST_TRANSACTION) < self.latest:
            self.first_behind = index if self.behind == 0 else self.first_behind
            self.behind += 1


def read_forms(path: str) -> Report:
    """Pass 2: every event's bytes are the one canonical way to write what they say."""
    report, bundle, profile = Report(), Bundle(path), Profile(KEY)
    try:
        bundle.read_manifest()
        indexes = bundle.indexes()
        for line in bundle.lines(EVENTS):
            index = next(indexes, None)
            try:
                if len(line) > BODY_LIMIT:
                    raise ValueError("too long")
                profile.read(line)
            except (ValueError, RecursionError) as wrong:
                report.add("canonical", "not_canonical", Place(index, *stream_in(line)), seen=str(wrong))
        report.done.add("canonical")
    except Flaw as flaw:
        report.take(flaw.finding)
    except MALFORMED as wrong:
        note_broken(report, wrong)
    return report
