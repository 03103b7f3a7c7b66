"""Tables by the hundred that wait for their unit's head, each led there through the verbs."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine

from service.demo.city import shipped_city
from tests.support import roster
from tests.support.contents import completed, document, printed_table
from workflows.commands import drafting, importing
from workflows.commands.bulk import for_all
from workflows.commands.bulk_acts import Wish, verb_for
from workflows.commands.importing import Home
from workflows.commands.recipe import Seen
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin
from workflows.vocabulary import Action, Actor, Post, Role

AT_ONCE = 100
"""Tables of one filing document."""


def many_waiting(
    engine: Engine, number: int, *, home: Home = roster.HOME, clerk: Actor = roster.CLERK, key: Collection[int] = (),
    name: str = "项目", definition: dict[str, Any] | None = None, submit: bool = True,
) -> list[Table]:  # fmt: skip
    """Tables called 项目1, 项目2 … in unit review, or as complete drafts; those numbered in `key` (from 0) are key projects."""
    found: list[Table] = []
    for start in range(0, number, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, number))
        with begin(engine) as tx:
            found += _filed(
                PostgresJournal(tx), numbers, home=home, clerk=clerk, key=key, name=name, definition=definition,
                submit=submit,
            )  # fmt: skip
    return found


def _filed(
    journal: Journal, numbers: range, *, home: Home, clerk: Actor, key: Collection[int], name: str,
    definition: dict[str, Any] | None, submit: bool,
) -> list[Table]:  # fmt: skip
    printed = document(*(printed_table(f"{name}{number + 1}") for number in numbers))
    drafts = importing.import_document(
        journal, uuid4(), filing=importing.Filing("申报.txt", uuid4().bytes, printed, ()),
        homes=(home,) * len(numbers), year=2026, by=clerk, post=Post(Role.CLERK, home.unit), command_id=uuid4(),
        definition=definition,
    )  # fmt: skip
    explained = _explanations(journal, drafts[0])
    finished = _submitted if submit else _kept
    return [
        finished(journal, table, clerk, {"explanations": explained} | ({"key_project": True} if each in key else {}))
        for each, table in zip(numbers, drafts, strict=True)
    ]


def _explanations(journal: Journal, table: Table) -> dict[str, str]:
    found = drafting.findings_of(journal, table, completed(journal.content(table.content_hash)))
    return {drafting.finding_key(each): "已核实，情况属实" for each in found if each.severity == "W"}


def _kept(journal: Journal, table: Table, clerk: Actor, more: dict[str, Any]) -> Table:
    drafting.save_draft(
        journal, table.id, seen=Seen(table.version), draft_version=0, content=completed(journal.content(table.content_hash)) | more,
        reasons={"": "补充分值"}, by=clerk, command_id=uuid4(),
    )  # fmt: skip
    return table


def _submitted(journal: Journal, table: Table, clerk: Actor, more: dict[str, Any]) -> Table:
    kept = _kept(journal, table, clerk, more)
    return drafting.submit_table(journal, table.id, seen=Seen(kept.version), by=clerk, command_id=uuid4())


def seen(tables: Collection[Table]) -> list[tuple[Any, Seen]]:
    """What somebody has before the eyes who looks at all of them now."""
    return [(each.id, Seen(each.version, each.content_hash, each.attachments_hash)) for each in tables]


REVIEWERS = (Role.UNIT_HEAD, Role.DEPARTMENT_FINANCE, Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE)


def passed_by_all(engine: Engine, tables: Sequence[Table]) -> list[Table]:
    """Tables of one unit of the shipped city once every reviewer of the standard chain has passed them."""
    people, first = shipped_city().people, tables[0]
    organs = {first.unit, first.department, first.bureau}

    @contextmanager
    def opened() -> Iterator[Journal]:
        with begin(engine) as tx:
            yield PostgresJournal(tx)

    for role in REVIEWERS:
        by = next(each for each in people if any(p.role == role and p.organ in organs for p in each.posts))
        verb = verb_for(Wish(Action.APPROVE, opinion="同意"), by)
        results = for_all(opened, seen(tables), verb, by=by, action=Action.APPROVE, command_id=uuid4())
        tables = [each.table for each in results if each.table]
    return list(tables)
