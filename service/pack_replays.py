"""A year's tables judged by two rule packs, gathered for page and command line; it reads, and keeps nothing."""

from collections.abc import Iterable

from workflows.errors import FieldsInvalid
from workflows.folds.replay import Table
from workflows.journal import Content, Journal
from workflows.pack_replay import Case, Compared, Rules, compared
from workflows.packs import pack_from
from workflows.packs.checking import check_form


def rules_of(content: Content) -> Rules:
    """Return a pack's content as rules; PackUnreadable where it is no pack."""
    check_form(content)
    return Rules(content, pack_from(content))


def replayed(journal: Journal, tables: Iterable[Table], old: Rules, new: Rules) -> list[Compared]:
    """Return every table that is pinned to a pack of the old one's name, judged by both."""
    return [compared(case_of(journal, table), old, new) for table in tables if table.pack == old.pack.name]


def case_of(journal: Journal, table: Table) -> Case:
    """Return a table with the content that counts: what was evaluated, is in force, or was recorded last."""
    content = journal.content((table.evaluated if table.evaluation else table.in_force) or table.content_hash)
    return Case(table, content, journal.surroundings(table, content))


def refuse_none(found: list[Compared], name: str, year: int) -> None:
    """Raise FieldsInvalid where no table of the year is pinned to the pack."""
    if not found:
        raise FieldsInvalid(f"{year}年度没有锁定规则包“{name}”的表。", field="year")
