"""The verdict on a bundle: all passes, side by side where there are two cores."""

from __future__ import annotations

import concurrent.futures
import gc
from pathlib import Path
from typing import Any, Callable, Dict, List, NamedTuple, Sequence, Tuple

from workflows.ledger.verifier.evidence.bundle import Bundle, check_members
from workflows.ledger.verifier.evidence.bytes_read import read_forms, read_links
from workflows.ledger.verifier.evidence.findings import MALFORMED, Finding, Flaw, Report, note_broken
from workflows.ledger.verifier.evidence.held_notes import Notes
from workflows.ledger.verifier.evidence.manifest import OPTIONAL
from workflows.ledger.verifier.evidence.signed_notes import Key, Note
from workflows.ledger.verifier.verdict.meaning import read_meaning


class Verdict(NamedTuple):
    """The outcome: findings in order, the report they come from, the manifest as far as it was read."""

    findings: List[Finding]
    report: Report
    manifest: Dict[str, Any]

    @property
    def code(self) -> int:
        """1 where anything was tampered with, else 2 where anything is missing, else 0."""
        return min((finding.code for finding in self.findings), default=0)


def verify(path: str, anchors: Sequence[Tuple[str, Note]] = (), keys: Sequence[Key] = (), processes: int = 2,
           mode: str = "") -> Verdict:
    """Check a bundle; whatever it is made of, this returns a verdict. `mode` is what its manifest has to say, if given."""
    report = Report()
    manifest: Dict[str, Any] = {}
    try:
        bundle = Bundle(path)
    except MALFORMED as wrong:
        report.add("members", "unreadable", seen=f"{type(wrong).__name__}: {wrong}")
        return Verdict(report.findings, report, manifest)
    try:
        bundle.read_manifest()
        manifest = bundle.manifest
        if mode and manifest["mode"] != mode:
            report.add("members", "mode", field="mode", seen=manifest["mode"], wanted=mode)
        check_members(bundle, report)
        if any(finding.what == "member" for finding in report.findings):
            raise Flaw("members", "malformed", seen=Path(path).name)
        run_passes(bundle, path, report, Notes(bundle, report, keys, anchors), processes)
    except Flaw as flaw:
        report.take(flaw.finding)
    except MALFORMED as wrong:
        note_broken(report, wrong)
    return Verdict(sorted(report.findings, key=Finding.sort_key), report, manifest)


def run_passes(bundle: Bundle, path: str, report: Report, notes: Notes, processes: int) -> None:
    """Read the notes, then the log in three passes: links, meaning, form; two at a time where two cores are."""
    read_small_members(bundle)
    notes.read()
    notes.verify_signatures()
    jobs: Tuple[Tuple[Callable[..., Any], Tuple[Any, ...]], ...] = (
        (read_links, (path, notes.sizes(), notes.times)), (read_meaning, (path,)), (read_forms, (path,)),
    )
    read, meaning, forms = in_two_processes(jobs) if processes > 1 else [job(*given) for job, given in jobs]
    for found in (read.report, forms, meaning):
        report.join(found)
    notes.compare(read)
    bundle.check_digests(report)


def read_small_members(bundle: Bundle) -> None:
    """Hash the members that nobody else reads."""
    for name in ("README.txt", "verify.py", *OPTIONAL):
        if name in bundle.names:
            bundle.small(name)


def in_two_processes(jobs: Sequence[Tuple[Callable[..., Any], Tuple[Any, ...]]]) -> List[Any]:
    """Run the jobs side by side; one after the other where the system gives no second process."""
    try:
        with concurrent.futures.ProcessPoolExecutor(2, initializer=collect_seldom) as pool:
            return [future.result() for future in [pool.submit(job, *given) for job, given in jobs]]
    except (OSError, ImportError, NotImplementedError, concurrent.futures.process.BrokenProcessPool):
        return [job(*given) for job, given in jobs]


def collect_seldom() -> None:
    """What a pass keeps, it keeps to its end, and nothing goes round in circles: Python need not look for garbage so often."""
    gc.set_threshold(50_000, 50, 100)
