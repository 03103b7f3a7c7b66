"""Tables on their way through hands: a life under any chain, one act after another, every step checked."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from tests.support import roster
from tests.support.contents import document
from tests.support.invariants import check_table
from tests.support.life import Life
from tests.support.memory_journal import MemoryJournal
from workflows.commands import importing
from workflows.definitions import shipped
from workflows.vocabulary import Post, Role

REASON = "指标值与目标不匹配"
SECOND_HEAD = roster.person("second_head", (Role.UNIT_HEAD, roster.UNIT))
THIRD_HEAD = roster.person("third_head", (Role.UNIT_HEAD, roster.UNIT))
SECOND_PLANNER = roster.person("second_planner", (Role.DEPARTMENT_FINANCE, roster.DEPARTMENT))
SECOND_PERFORMANCE = roster.person("second_performance", (Role.FINANCE_PERFORMANCE, roster.BUREAU))
ACCOUNTANT = roster.person("accountant", (Role.UNIT_FINANCE, roster.UNIT))
PEOPLE = (
    *(each for each in roster.PEOPLE if each.id != "every_hat"), SECOND_HEAD, THIRD_HEAD, SECOND_PLANNER,
    SECOND_PERFORMANCE, ACCOUNTANT,
)  # fmt: skip


def chain(withdraw_until: str = "opened", **nodes: dict[str, Any]) -> dict[str, Any]:
    """The standard chain in format 2, with some nodes changed by name."""
    standard = shipped()
    return {
        **standard, "format": 2, "name": "hands", "withdraw_until": withdraw_until,
        "nodes": [{**node, **nodes.get(node["node"], {})} for node in standard["nodes"]],
    }  # fmt: skip


EACH_HEAD = {"signers": [{"group": "heads", "role": "unit_head", "of": "unit", "take": "each"}]}


def heads(kind: str, *, need: int = 1, against: str = "veto", ordered: bool = False) -> dict[str, Any]:
    """All heads of the unit sign, each a task of his own, by a rule."""
    return {**EACH_HEAD, "rule": {"kind": kind, "need": need, "against": against}, "ordered": ordered}


def in_review(definition: dict[str, Any] | None = None) -> Life:
    """A submitted table under a chain, on a journal that knows all hands."""
    journal = MemoryJournal(datetime(2026, 1, 5, 1, 0, tzinfo=UTC), PEOPLE)
    life = Life(journal)
    filing = importing.Filing("申报.txt", "正文".encode(), document(), ())
    (life.table,) = importing.import_document(
        journal, uuid4(), filing=filing, homes=(roster.HOME,), year=2026, by=roster.CLERK,
        post=Post(Role.CLERK, roster.UNIT), command_id=uuid4(), definition=definition,
    )  # fmt: skip
    return life.completed().submitted()


def act(life: Life, verb: Any, by: Any, **words: Any) -> Life:
    """Let a person act on what he sees now, and check the table and its whole history."""
    life.table = verb(life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(), **words)
    check_table(life.table, life.journal.history(life.table.id))
    return life


def kinds(life: Life, since: int = 0) -> list[str]:
    """The kinds recorded after a version."""
    return [each.kind for each in life.journal.history(life.table.id)[since:]]


def task_of(life: Life, person: Any = None, node: str | None = None) -> str:
    """The open task of a person, or the first of a node, or the first."""
    desks = [
        desk for desk in life.table.desks
        if (person is None or desk.person == person.id) and node in (None, desk.node)
    ]  # fmt: skip
    return desks[0].task
