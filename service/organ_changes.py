"""A change of organs as a page, a program or the command line asks for it: carried out, or tried to see its reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from workflows.campaigns import Campaign
from workflows.commands import reorganising
from workflows.commands.reorganising import Decree
from workflows.errors import FieldsInvalid
from workflows.events import Recorded
from workflows.organs import ORGANS_STREAM, Organ
from workflows.store.campaigns import campaigns_of_year
from workflows.store.journal import PostgresJournal
from workflows.store.organs import organs_now
from workflows.store.reorganising import Touched, roles_left_alone, touched_by
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor, Role
from workflows.words.sentences import sentence
from workflows.workdays import beijing_date

FOUND, RENAME, MOVE, MERGE, CLOSE = "found", "rename", "move", "merge", "close"
ACTS = {FOUND: "设立", RENAME: "更名", MOVE: "划转", MERGE: "撤并", CLOSE: "撤销"}
"""What can happen to organs, with its printed word."""


@dataclass(frozen=True)
class Change:
    """A change that is asked for; which fields count depends on the act.

    `to` is the organ above (found, move) or the successor (merge); `code` None leaves it as it is.
    """

    act: str
    organs: tuple[str, ...]
    doc_no: str
    day: str
    to: str = ""
    name: str = ""
    sort: str = ""
    code: str | None = None


@dataclass(frozen=True)
class Foreseen:
    """What a change would record, and what stands at its organs now: tables, tasks, posts, campaigns.

    `alone` are roles with open tasks for whom the successor has nobody.
    """

    change: Change
    sentences: tuple[str, ...]
    touched: Touched
    campaigns: tuple[Campaign, ...]
    alone: tuple[Role, ...]
    seen: int


def carried_out(
    tx: Transaction, change: Change, *, by: Actor, command_id: UUID, seen: int | None = None
) -> tuple[Recorded, ...]:
    """Carry a change out; the refusals are those of workflows.commands.reorganising."""
    journal, decree = PostgresJournal(tx), Decree(change.doc_no, change.day)
    signed = {"decree": decree, "by": by, "command_id": command_id, "seen": seen}
    organ = change.organs[0] if change.organs else ""
    if change.act == FOUND:
        new = Organ(organ, change.name, change.sort, change.to, change.code or "")
        return reorganising.found_organ(journal, organ=new, **signed)  # type: ignore[arg-type]
    if change.act == RENAME:
        name = change.name or organs_now(tx).name(organ)
        return reorganising.rename_organ(journal, organ=organ, name=name, code=change.code, **signed)  # type: ignore[arg-type]
    if change.act == MOVE:
        return reorganising.move_organ(journal, organ=organ, parent=change.to, **signed)  # type: ignore[arg-type]
    if change.act == MERGE:
        return reorganising.merge_organs(journal, organs=change.organs, successor=change.to, **signed)  # type: ignore[arg-type]
    if change.act == CLOSE:
        return reorganising.close_organ(journal, organ=organ, **signed)  # type: ignore[arg-type]
    raise FieldsInvalid("请选择办理事项。", field="act")


def foreseen(tx: Transaction, change: Change, *, by: Actor) -> Foreseen:
    """Return what a change would record and touch, by carrying it out and taking it back; raises its refusals."""
    seen = len(PostgresJournal(tx).history(ORGANS_STREAM))
    touched, campaigns = touched_by(tx, change.organs), _campaigns(tx, change.organs)
    alone = roles_left_alone(tx, change.organs, change.to) if change.act == MERGE else ()
    kept = tx.savepoint()
    try:
        told = tuple(map(sentence, carried_out(tx, change, by=by, command_id=uuid4())))
    finally:
        kept.rollback()
    return Foreseen(change, told, touched, campaigns, alone, seen)


def _campaigns(tx: Transaction, organs: Sequence[str]) -> tuple[Campaign, ...]:
    """Return the campaigns that go on and ask one of these units, or units of these departments."""
    now, year = tx.now(), beijing_date(tx.now()).year
    bureaus = [each.id for each in organs_now(tx).living if each.sort == "bureau"]
    found = (each for bureau in bureaus for of in (year, year + 1) for each in campaigns_of_year(tx, bureau, of))
    return tuple(
        each for each in found
        if each.closed_at is None and each.closes > now and {*organs} & {*each.scope, *each.scope.values()}
    )  # fmt: skip
