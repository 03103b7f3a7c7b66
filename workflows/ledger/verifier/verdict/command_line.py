"""The command line: its arguments, its exit code."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, Sequence

from workflows.ledger.verifier.evidence.checks import USAGE
from workflows.ledger.verifier.evidence.findings import clean
from workflows.ledger.verifier.evidence.manifest import MODES
from workflows.ledger.verifier.evidence.signed_notes import key_from, note_from
from workflows.ledger.verifier.verdict.printing import as_json, as_text, history_of
from workflows.ledger.verifier.verdict.verifying import verify


class Arguments(argparse.ArgumentParser):
    """The command line; wrong usage is exit code 3."""

    def error(self, message: str) -> Any:
        self.print_usage(sys.stderr)
        print(f"用法有误 / wrong usage: {clean(message, 200)}", file=sys.stderr)
        raise SystemExit(USAGE)


def arguments_of(given: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = Arguments(prog="verify.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("bundle", help="审计包 / the bundle")
    parser.add_argument("--anchor", action="append", default=[], help="外部检查点文件 / a note kept outside")
    parser.add_argument("--vkey", action="append", default=[], help="另行得到的公钥 / a verification key got elsewhere")
    parser.add_argument("--mode", choices=MODES, default="", help="台账须是这种方式 / the mode that the log must be of")
    parser.add_argument("--table", default="", help="列出这张表的经过 / tell this table's history")
    parser.add_argument("--json", action="store_true", help="机器可读 / machine-readable")
    parser.add_argument("--processes", type=int, choices=(1, 2), default=2)
    return parser.parse_args(given)


def main(given: Sequence[str]) -> int:
    """Check the bundle that the command line names and print what was found; return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    options = arguments_of(given)
    try:
        anchors = [(name, note_from(Path(name).read_bytes())) for name in options.anchor]
        keys = [key_from(text) for text in options.vkey]
        Path(options.bundle).open("rb").close()
    except (OSError, ValueError) as wrong:
        print(f"用法有误 / wrong usage: {clean(str(wrong), 200)}", file=sys.stderr)
        return USAGE
    verdict = verify(options.bundle, anchors, keys, options.processes, options.mode)
    print(as_json(verdict) if options.json else as_text(verdict))
    if options.table and not options.json:
        print(history_of(options.bundle, options.table))
    return verdict.code
