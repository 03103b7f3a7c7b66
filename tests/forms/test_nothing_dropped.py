"""Nothing is dropped silently: a foreign text anywhere is in the values or in the findings."""

import json

import pytest

from service.cli import parse
from tests.forms.comparing import without_blanks
from tests.forms.test_samples import NAMES, SAMPLES
from workflows.forms.reading import read_document

FOREIGN = "外来文字串"


@pytest.mark.parametrize("name", [name for name in NAMES if name != "hebei-special-funds"])
def test_foreign_line_is_kept_or_reported(name: str) -> None:
    """A line put in at any place of a document."""
    lines = (SAMPLES / f"{name}.txt").read_text(encoding="utf-8").split("\n")
    lost = []
    for at in range(0, len(lines), 3):
        text = "\n".join([*lines[:at], "", FOREIGN, "", *lines[at:]])
        reading = read_document(text.encode(), "x.txt")
        told = json.dumps(without_blanks(reading.document), ensure_ascii=False)
        told += "".join(finding.text for finding in reading.findings)
        lost += [at] if FOREIGN not in told else []
    assert lost == []


@pytest.mark.parametrize("at", range(3, 1340, 111))
def test_foreign_line_in_broken_columns(at: int) -> None:
    """The same between the lines of the broken tables, a few places."""
    lines = (SAMPLES / "hebei-special-funds.txt").read_text(encoding="utf-8").split("\n")
    reading = read_document("\n".join([*lines[:at], FOREIGN, *lines[at:]]).encode(), "x.txt")
    told = json.dumps(without_blanks(reading.document), ensure_ascii=False)
    assert FOREIGN in told + "".join(finding.text for finding in reading.findings)


def test_command_prints_document_and_findings(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON on standard output, findings on standard error, or as JSON with --findings."""
    path = str(SAMPLES / "henan-unit-overall.txt")
    assert parse.main([path]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["source"] == "henan-unit-overall.txt"
    assert [line.split(" ")[0] for line in printed.err.splitlines()] == [
        "第8行",
        "第10行",
        "第12行",
        "第35行",
        "第50行",
    ]
    assert parse.main([path, "--findings"]) == 0
    assert [finding["line"] for finding in json.loads(capsys.readouterr().out)] == [8, 10, 12, 35, 50]


def test_command_refuses_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """A missing file and a wrong call end with 2 and say why."""
    assert parse.main(["no-such-file.txt"]) == 2
    assert capsys.readouterr().err == "no-such-file.txt：找不到该文件，或者没有读取它的权限。\n"
    assert parse.main([]) == 2
    assert capsys.readouterr().err == "用法：python3 -m service parse 文件 [--findings]\n"
