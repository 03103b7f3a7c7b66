"""Filed documents and their department parts: amended, reviewed."""

from __future__ import annotations

from typing import Any, Dict

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import derived
from workflows.ledger.verifier.events.payloads import Files
from workflows.ledger.verifier.events.sheets import shared
from workflows.ledger.verifier.judge.beside import FiledPart
from workflows.ledger.verifier.judge.campaigns import check_in_time
from workflows.ledger.verifier.judge.document_clocks import part_clock
from workflows.ledger.verifier.judge.judge import Judge
from workflows.ledger.verifier.judge.seats import check_post, check_signed_under
from workflows.ledger.verifier.law.limits import SHORTEST_REASON, STUBS_NAME


def judge_document(judge: Judge, event: Event, files: Files) -> None:
    """A filing document: its tables' ids are its own, its filer a clerk of the unit."""
    data = event.data
    check_signed_under(judge, event, "clerk", data["unit"])
    if data["tables"] != [derived(event.stream, str(number)) for number in range(len(data["tables"]))]:
        judge.blame("steps", "value", event, "data.tables", len(data["tables"]), "derived ids")
    if event.stream in judge.documents:
        judge.blame("steps", "step", event, "kind", event.kind, "once")
    organs = (data["unit"], data["department"], data["bureau"])
    judge.documents[event.stream] = (event.place, event.command, len(data["tables"]), data["year"], shared(data["family"]), organs)
    files.wanted.setdefault(data["bytes_sha256"], (event.place, data["size"]))
    count_stubs(judge, event)
    part = data["department_part"]
    turn = "department_finance" if part else ""
    judge.parts[event.stream] = FiledPart(organs, len(data["tables"]), 1 if part else 0, part, event.person, turn, since=event.at)


def count_stubs(judge: Judge, event: Event) -> None:
    """Classified tables registered by number alone: the newest number of a source counts, more is filed in its campaign's time."""
    data, own = event.data, event.data["name"] == STUBS_NAME
    number, unit = data["undisclosed_tables"], (data["unit"], data["year"])
    sources = judge.sources.setdefault(unit, {})
    source = data["unit"] if own else data["bytes_sha256"]
    if own and number > sources.get(source, 0):
        check_in_time(judge, (data["bureau"], data["unit"]), data["year"], event, "goal_filing", "")
    if own or number:
        sources[source] = number
        judge.stubs.setdefault(unit, []).append((sum(sources.values()), event.at))


def judge_part(judge: Judge, event: Event, words: Dict[str, str]) -> None:
    """A document's department part is amended, reviewed or sent back: by whom, in which version, in whose turn."""
    part = judge.parts.get(event.stream)
    if part is None:
        judge.blame("steps", "step", event, "kind", event.kind, "document.filed")
        return
    judge.words = words
    if event.kind in ("document.due_set", "document.overdue"):
        part_clock(judge, event, part)
        return
    tables = [judge.tables.get(derived(event.stream, str(number))) for number in range(part.tables)]
    known = [table for table in tables if table is not None and table.stage]
    replied = any(table.in_force for table in known)
    check_post(judge, event)
    if event.kind == "document.amended":
        if event.behalf:
            judge.blame("posts", "cover", event, "actor.on_behalf_of", event.person, "document.reviewed")
        part_amended(judge, event, part, replied)
    else:
        part_reviewed(judge, event, part)
    office = event.role != "clerk"
    if office and len(known) == part.tables and not any(table.round for table in known):
        judge.blame("steps", "step", event, "kind", event.kind, "table.submitted")


def part_amended(judge: Judge, event: Event, part: FiledPart, replied: bool) -> None:
    """Versions follow one another; the clerk writes until a table is replied, then the department's finance office with a reason."""
    data, (unit, department, _) = event.data, part.organs
    wanted = [f"department_finance {department}"] if replied else [f"clerk {unit}", f"department_finance {department}"]
    if f"{event.role} {event.organ}" not in wanted:
        judge.blame("posts", "person", event, "actor.role", f"{event.role} {event.organ}", " / ".join(wanted))
    if data["number"] != part.number + 1:
        judge.blame("steps", "value", event, "data.number", data["number"], str(part.number + 1))
    if data["base"] != part.content_hash:
        judge.blame("contents", "content", event, "data.base", data["base"], str(part.content_hash))
    if data["content_hash"] == part.content_hash:
        judge.blame("steps", "value", event, "data.content_hash", data["content_hash"], "another content")
    if replied:
        part_reason(judge, event, data["reason"])
    turn = "finance_performance" if event.role == "department_finance" else "department_finance"
    judge.parts[event.stream] = FiledPart(part.organs, part.tables, data["number"], data["content_hash"], event.person, turn, since=event.at)


def part_reviewed(judge: Judge, event: Event, part: FiledPart) -> None:
    """The office whose turn it is speaks of the version in force; not who wrote it, and nobody in two offices."""
    data, (_, department, bureau) = event.data, part.organs
    organ = department if part.turn == "department_finance" else bureau
    if not part.turn:
        judge.blame("steps", "step", event, "kind", event.kind, "document.amended")
    elif (event.role, event.organ) != (part.turn, organ):
        judge.blame("posts", "person", event, "actor.role", f"{event.role} {event.organ}", f"{part.turn} {organ}")
    if data["content_hash"] != part.content_hash:
        judge.blame("contents", "content", event, "data.content_hash", data["content_hash"], str(part.content_hash))
    short = judge.posts.covered(event, "document", part.organs[0], lambda: None) if event.behalf else ""
    if short:
        judge.blame("posts", "cover", event, "actor.on_behalf_of", event.person, short)
    people = {event.person, *((event.behalf,) if event.behalf else ())}
    if part.author in people:
        judge.blame("segregation", "S1", event, "actor.id", event.person)
    if people & {*part.passed}:
        judge.blame("segregation", "S2", event, "actor.id", event.person)
    passed = event.kind == "document.reviewed"
    if not passed:
        part_reason(judge, event, data["reason"])
    turn = "finance_performance" if passed and event.role == "department_finance" else ""
    told = (*part.passed, *(people if passed else ()))
    judge.parts[event.stream] = part._replace(turn=turn, passed=told, since=event.at, due="", calendar="", late=False)


def part_reason(judge: Judge, event: Event, said: Any) -> None:
    """A reason that can be read has at least five characters."""
    word = judge.word(said)
    if type(word) is str and len(word.strip()) < SHORTEST_REASON:
        judge.blame("steps", "value", event, "data.reason", word, f">= {SHORTEST_REASON}")
