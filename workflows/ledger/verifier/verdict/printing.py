"""The verdict and a table's history, written for people and for machines."""

from __future__ import annotations

import json
from typing import Any, Dict, List

from workflows.ledger.verifier.evidence.bundle import Bundle
from workflows.ledger.verifier.evidence.checks import CHECKS, INCOMPLETE, MOST_FINDINGS, NOT_CHECKED, TAMPERED
from workflows.ledger.verifier.evidence.findings import Finding, Flaw, clean
from workflows.ledger.verifier.evidence.manifest import EVENTS
from workflows.ledger.verifier.verdict.verifying import Verdict

RESULTS = {
    0: ("核对完毕：所列各项没有发现改动", "done: the checks listed found nothing changed"),
    TAMPERED: ("台账或本包被改动过", "TAMPERED: the log or this bundle was changed"),
    INCOMPLETE: ("本包不完整", "INCOMPLETE: this bundle does not hold all that is needed"),
}


def as_text(verdict: Verdict) -> str:
    """Write the verdict for people: each check with its result, the findings, what was not checked."""
    lines = [*mode_of(verdict.manifest), f"台账 / log: {clean(verdict.manifest.get('origin', '?'))}  记录 / events: {verdict.manifest.get('size', '?')}  "
             f"范围 / scope: {clean(json.dumps(verdict.manifest.get('scope', '?')))}"]  # fmt: skip
    failed = {finding.check for finding in verdict.findings}
    for check, (chinese, english) in CHECKS.items():
        result = "✗ 有问题 failed" if check in failed else "✓ 已核对 checked" if check in verdict.report.done else "– 未核对 not checked"
        lines.append(f"  [{check}] {chinese} / {english}: {result}")
    for finding in verdict.findings[:MOST_FINDINGS]:
        lines += [f"✗ {where(finding, 0)}：{finding.said(1)}", f"  {where(finding, 1)}: {finding.said(2)} [{finding.check}]"]
    left = len(verdict.findings) + verdict.report.more - MOST_FINDINGS
    if left > 0:
        lines.append(f"  另有 {left} 处 / {left} more")
    lines += [f"! {chinese}\n  {english}" for chinese, english in verdict.report.remarks]
    lines.append("没有核对 / not checked:")
    lines += [f"  · {chinese} / {english}" for chinese, english in NOT_CHECKED]
    chinese, english = RESULTS[verdict.code]
    return "\n".join([*lines, f"{chinese}（{verdict.code}）", f"{english} ({verdict.code})"])


def mode_of(manifest: Dict[str, Any]) -> List[str]:
    """Return the line that warns of a log whose clock people move."""
    mode = manifest.get("mode", "production")
    return [] if mode == "production" else [f"!! 演示/模拟台账（{mode}）：时钟可拨动 / NOT A PRODUCTION LOG ({mode}): its clock can be moved"]


def where(finding: Finding, language: int) -> str:
    """Say where a finding stands: log index, table, version, field."""
    place = finding.place
    words = (("第 {} 条", "表 ", "对象 ", "第 {} 版", "字段 "), ("event {}", "table ", "stream ", "version {}", "field "))[language]
    parts = [words[0].format(place.event)] if place.event is not None else []
    if place.stream:
        parts.append((words[1] if place.subject == "table" else words[2]) + clean(place.stream))
    if place.version is not None:
        parts.append(words[3].format(place.version))
    if finding.field:
        parts.append(words[4] + clean(finding.field))
    return ("，", ", ")[language].join(parts) or ("本包", "the bundle")[language]


def as_json(verdict: Verdict) -> str:
    """Write the verdict for machines."""
    failed = {finding.check for finding in verdict.findings}
    results = {check: "failed" if check in failed else "checked" if check in verdict.report.done else "not_checked" for check in CHECKS}
    findings = [
        {
            "check": finding.check, "what": finding.what, "code": finding.code, "index": finding.place.event,
            "stream": finding.place.stream, "table": finding.place.stream if finding.place.subject == "table" else None,
            "version": finding.place.version, "field": finding.field, "seen": finding.seen, "wanted": finding.wanted,
            "zh": f"{where(finding, 0)}：{finding.said(1)}", "en": f"{where(finding, 1)}: {finding.said(2)}",
        }
        for finding in verdict.findings[:MOST_FINDINGS]
    ]  # fmt: skip
    told = {
        "exit": verdict.code, "origin": verdict.manifest.get("origin"), "mode": verdict.manifest.get("mode"), "size": verdict.manifest.get("size"), "checks": results,
        "first": findings[0] if findings else None, "findings": findings, "count": len(verdict.findings) + verdict.report.more,
        "remarks": [{"zh": chinese, "en": english} for chinese, english in verdict.report.remarks],
        "not_checked": [{"zh": chinese, "en": english} for chinese, english in NOT_CHECKED],
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, indent=1)


def history_of(path: str, table: str) -> str:
    """Tell a table's events, one a line: index, version, time, person, kind."""
    lines, bundle = [f"{clean(table)}:"], Bundle(path)
    try:
        bundle.read_manifest()
        indexes = bundle.indexes()
        for body in bundle.rows(EVENTS):
            index = next(indexes, -1)
            if body.get("stream") == table:
                told = (index, body.get("version"), body.get("at"), name_and_role(body.get("actor")), body.get("kind"))
                lines.append("  " + "  ".join(clean(str(word)) for word in told))
    except Flaw as flaw:
        lines.append(flaw.finding.said(1))
    if len(lines) == 1:
        lines.append("  本包中没有这张表 / this table is not in this bundle")
    return "\n".join(lines)


def name_and_role(actor: Any) -> str:
    """Return who acted, as a history shows it."""
    return f"{actor.get('name')} ({actor.get('role')})" if isinstance(actor, dict) else "?"
