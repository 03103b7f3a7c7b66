"""Leavers: a table gets another clerk in charge; what the one before signed stays signed by him (features C7)."""

from uuid import UUID, uuid5

from workflows import events as e
from workflows.commands.recipe import Seen, begin, reason_given
from workflows.errors import NotAllowed, TableChangedMeanwhile
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.rights.permissions import guarding_posts
from workflows.rights.segregation import deciders, refusal_of_administrator
from workflows.vocabulary import Action, Actor, Role


def hand_over_table(
    journal: Journal, table_id: UUID, *, leaver: Actor, successor: Actor, reason: str, by: Actor, command_id: UUID
) -> Table:
    """Give a leaver's table, and what waits for its clerk, to another clerk of the unit; by a security administrator.

    NotAllowed for another house's administrator and where the successor is no clerk there or has decided on the table
    in this round (S1), NotOpenNow once the table ended, TableChangedMeanwhile where it is not the leaver's (any more).
    History is not touched: an event is added.
    """
    work = begin(journal, table_id, by, uuid5(command_id, str(table_id)), Action.HAND_OVER)
    if work.done:
        return work.table
    if not by.holds(Role.SECURITY_ADMIN):
        raise NotAllowed("离岗移交须由安全管理员办理。", rule="R-LEAVE")
    work.ask(Action.HAND_OVER, Seen(work.table.version))
    if work.table.owner != leaver.id:
        raise TableChangedMeanwhile("此表的经办人已经不是移交人，请刷新清单。", version=work.table.version)
    _refuse_successor(work.table, successor)
    fact = e.TableHandedOver(leaver.id, leaver.name, successor.id, successor.name, reason_given(reason))
    return work.record((fact,), guarding_posts(by, work.table, frozenset({Role.SECURITY_ADMIN}))[0])


def _refuse_successor(table: Table, successor: Actor) -> None:
    if successor.id == table.owner or not successor.holds(Role.CLERK, table.unit):
        raise NotAllowed(f"{successor.name}不是此表填报单位的另一名项目经办人，不能接手。", rule="R-LEAVE")
    refused = refusal_of_administrator(successor)
    if refused:
        raise NotAllowed(refused.sentence, rule=refused.rule)
    if deciders(table, successor.id):
        raise NotAllowed(f"{successor.name}本轮审核过此表，不能再作它的经办人（职责分离：填报人不得审核）。", rule="S1")
