"""The auditor's program `verify.py`: one file of the standard library, joined from the chapters of the verifier.

A chapter may use those before it and the standard library, nothing else; the rooms and their chapters stand here in the
order in which the file is read. The same chapters give the same bytes. `python3 -m workflows.ledger.assembly` writes
the file to the standard output, with nothing installed but Python.
"""

import ast
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

HOME, SELF = "workflows.ledger.verifier", "__init__.py"
CHAPTERS = {
    "evidence": (
        "checks", "sentences", "findings", "curve", "signed_notes", "tree", "moments", "manifest", "bundle",
        "canonical", "chains", "witnessed", "places", "bytes_read", "held_notes",
    ),
    "events": (
        "kinds", "roles", "layouts", "event", "sheets", "contents", "payloads", "name_spaces", "amounts",
        "posts", "covers", "organs",
    ),
    "law": (
        "stages", "powers", "limits", "conditions", "rights", "definitions", "reading_definitions", "signers",
        "plans", "colours", "work_calendar",
    ),
    "judge": (
        "desks", "table", "beside", "judge", "expecting", "named", "segregation", "ways", "seats",
        "field_rights", "moving_clocks", "entrances", "campaigns", "appraisals", "submitting", "returns",
        "review_forms", "amendments", "terms", "revisions", "deciding", "mending", "interventions", "requests",
        "monitoring", "self_evaluation", "rescoring", "disclosures", "final_accounts", "experts", "executions",
        "assessing", "attachments", "beginnings", "replies", "passing_on", "tasks", "recalls", "ladder",
        "inquiries", "copies", "standstill", "comments", "referrals", "library", "document_clocks", "documents",
        "publications", "rules", "stream",
    ),
    "verdict": (
        "replayed", "comparison", "commands", "meaning", "verifying", "printing", "command_line",
    ),
}
"""The rooms of the verifier, and the chapters of each, as a book is read."""
RULE = "# " + "-" * 117
LAST = 'if __name__ == "__main__":\n    raise SystemExit(main(sys.argv[1:]))'


@dataclass(frozen=True)
class Chapter:
    """A chapter's text without its imports: what it says it knows, what of the standard library it uses, its body."""

    title: str
    imports: tuple[ast.Import | ast.ImportFrom, ...]
    body: str


@cache
def assembled() -> bytes:
    """Return the one file that goes into every bundle."""
    chapters = {(room, name): read_chapter(room, name) for room, names in CHAPTERS.items() for name in names}
    parts = [docstring(read_source(SELF)), gathered(each for chapter in chapters.values() for each in chapter.imports)]
    for number, (room, names) in enumerate(CHAPTERS.items(), 1):
        parts.append("\n" + heading(f"{number}. {title_of(read_source(room, SELF))}"))
        for place, name in enumerate(names, 1):
            chapter = chapters[room, name]
            parts.append("\n" + heading(f"{number}.{place} {name}: {chapter.title}") + f"\n\n{chapter.body}")
    return "\n\n".join([*parts, "\n" + LAST + "\n"]).encode()


def read_source(*path: str) -> str:
    """Return the text of the whole's, of a room's, or of a chapter's file."""
    return files(HOME).joinpath(*path).read_text("utf-8")


def read_chapter(room: str, name: str) -> Chapter:
    """Read a chapter and part its imports from its body."""
    source = read_source(room, f"{name}.py")
    first = [node for node in ast.parse(source).body if isinstance(node, ast.Import | ast.ImportFrom)]
    body = source.split("\n", first[-1].end_lineno or 0)[-1] if first else source
    return Chapter(title_of(source), tuple(each for each in first if not is_of_the_house(each)), body.strip("\n"))


def is_of_the_house(statement: ast.Import | ast.ImportFrom) -> bool:
    """Whether an import is of another chapter, which in the one file stands above."""
    return isinstance(statement, ast.ImportFrom) and str(statement.module).startswith(f"{HOME}.")


def docstring(source: str) -> str:
    """Return a source's docstring as it stands there, quotes and all."""
    return "\n".join(source.split("\n")[: ast.parse(source).body[0].end_lineno])


def title_of(source: str) -> str:
    """Return the first line of a source's docstring."""
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]


def heading(words: str) -> str:
    """Return words between two rules."""
    return f"{RULE}\n# {words}\n{RULE}"


def gathered(statements: Iterable[ast.Import | ast.ImportFrom]) -> str:
    """Return all imports once: those of the future, then of modules, then of names from modules."""
    plain, named = set(), dict[str, set[str]]()
    for statement in statements:
        if isinstance(statement, ast.ImportFrom):
            named.setdefault(str(statement.module), set()).update(ast.unparse(each) for each in statement.names)
        else:
            plain.add(ast.unparse(statement))
    future = [f"from __future__ import {name}" for name in sorted(named.pop("__future__", ()))]
    of_modules = [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(named.items())]
    return "\n".join([*future, "", *sorted(plain), *of_modules])


if __name__ == "__main__":
    sys.stdout.buffer.write(assembled())
