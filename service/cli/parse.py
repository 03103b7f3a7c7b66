"""`service parse FILE`: prints a document as the JSON of the corpus README, what was found on the way beside it."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from workflows.errors import GoaltrailError
from workflows.forms.reading import Reading, read_document
from workflows.forms.refusals import DocumentTooLarge, FileMissing
from workflows.forms.source_text import LARGEST

REFUSED = 2


def main(arguments: list[str]) -> int:
    """Take `FILE [--findings]`; with --findings the findings are printed as JSON instead of the document."""
    names = [word for word in arguments if not word.startswith("-")]
    if len(names) != 1 or set(arguments) - {*names, "--findings"}:
        print("用法：python3 -m service parse 文件 [--findings]", file=sys.stderr)
        return REFUSED
    return parse_file(names[0], findings="--findings" in arguments)


def parse_file(path: str, *, findings: bool) -> int:
    """Print the document (or its findings) as JSON and return 0; a refusal goes to standard error and returns 2."""
    try:
        reading = read_document(bytes_of(Path(path)), Path(path).name)
    except GoaltrailError as refusal:
        print(f"{path}：{refusal.sentence}", file=sys.stderr)
        return REFUSED
    if findings:
        print(json.dumps([asdict(finding) for finding in reading.findings], ensure_ascii=False, indent=1))
    else:
        print(json.dumps(reading.document, ensure_ascii=False, indent=1))
        _print_findings(reading)
    return 0


def bytes_of(path: Path) -> bytes:
    """Read at most one byte more than the reader takes; raises FileMissing or DocumentTooLarge."""
    try:
        if path.stat().st_size > LARGEST:
            raise DocumentTooLarge(size=path.stat().st_size)
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as problem:
        raise FileMissing from problem


def _print_findings(reading: Reading) -> None:
    for finding in reading.findings:
        guess = f"（{finding.guess}）" if finding.guess else ""
        print(f"第{finding.line}行 [{finding.sort}] {finding.text}{guess}", file=sys.stderr)
