"""What has happened to a table as far as field rights ask (M3), read from its log; and the refusal of a place."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from workflows import events as e
from workflows.content.places import names_of_rows
from workflows.definitions import Chain
from workflows.definitions.field_rights import CONTENT, EVERYWHERE, FieldGroup, Situation, group_of
from workflows.errors import NotAllowed
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.measures.scoring import amount
from workflows.vocabulary import Role, Stage

Content = Mapping[str, Any]
ANSWERS_A_RETURN = frozenset({"table.submitted", "table.withdrawn", "admin.intervened"})
"""After these a return lists nothing any more."""


def situation_in(history: Iterable[e.Recorded]) -> Situation:
    """Return what a table's log says: the places of an unanswered return to drafting, and any direct completion."""
    listed: tuple[str, ...] = ()
    completed = False
    for fact in (each.fact for each in history):
        if isinstance(fact, e.TableReturned):
            listed = fact.fields if fact.to == Stage.DRAFT else ()
        elif fact.kind in ANSWERS_A_RETURN:
            listed = ()
        completed = completed or isinstance(fact, e.AmendmentConfirmed)
    return Situation(listed, completed)


def situation_of(journal: Journal, table: Table, chain: Chain) -> Situation:
    """Return the situation of a table; its log is only read where the chain's rights are narrowed by one."""
    narrowed = chain.rights is not None and any(each.once for each in chain.rights.entries)
    return situation_in(journal.history(table.id)) if narrowed else EVERYWHERE


def bar_of_form(journal: Journal, table: Table, chain: Chain) -> Callable[[Role, FieldGroup], str]:
    """Return the answer to: why may a role not write a group of this table now? Empty where it may."""
    known: list[Situation] = []

    def bar(role: Role, group: FieldGroup) -> str:
        if chain.rights is None:
            return ""
        known[:] = known or [situation_of(journal, table, chain)]
        listed = any(each.listed and (each.stage, each.role) == (table.stage, role) for each in chain.rights.entries)
        barred = chain.rights.bars(table.stage, role, group, known[0])
        return "" if barred is None or (barred.once and listed) else barred.sentence()

    return bar


def barred_content(journal: Journal, table: Table, chain: Chain, role: Role) -> tuple[FieldGroup, ...]:
    """Return the groups of the content that a role may not write now as a whole; of a return's listed places it may."""
    if chain.rights is None:
        return ()
    situation = situation_of(journal, table, chain)
    return tuple(group for group in CONTENT if chain.rights.bars(table.stage, role, group, situation))


def refuse_places(
    journal: Journal, table: Table, chain: Chain, role: Role, places: Sequence[str], *contents: Content
) -> None:
    """Raise NotAllowed (R-FIELD) for the first place that a role may not write now; `contents` name its rows."""
    if chain.rights is None:
        return
    situation = situation_of(journal, table, chain)
    for place in places:
        barred = chain.rights.bars(table.stage, role, group_of(place), situation, place)
        if barred:
            raise NotAllowed(barred.sentence(names_of_rows(*contents)), rule="R-FIELD", field=place)


def refuse_own_amount(journal: Journal, table: Table, chain: Chain, figures: Mapping[str, Any], day: str) -> None:
    """Raise NotAllowed (R-FIELD) for another executed amount than was imported, where the unit states none of its own.

    `day` is the Beijing day (ISO) up to which the figures speak.
    """
    barred = bar_of_form(journal, table, chain)(Role.CLERK, FieldGroup.EXECUTED)
    brought = table.executed_on(day)
    said = amount(str(figures.get("executed") or ""))
    if barred and said is not None and (brought is None or said != Decimal(brought.executed)):
        raise NotAllowed(barred, rule="R-FIELD", field="/executed")
