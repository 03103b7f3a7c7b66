"""新建: a clerk begins a goal table without a document, on a blank form or on an earlier year's table (T1, G12)."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from workflows import events as e
from workflows.blank_tables import blank_content, scopes_of
from workflows.commands.administering import definition_in_force, publish
from workflows.commands.importing import Home
from workflows.commands.publishing_packs import pack_for_new_tables
from workflows.commands.recipe import Work
from workflows.commands.secrecy_marks import refuse_marked
from workflows.errors import FieldsInvalid, NotAllowed, NotOpenNow
from workflows.folds.replay import Table
from workflows.journal import Command, Content, Journal
from workflows.last_year import carried_over
from workflows.measures.weights import propose_weights
from workflows.packs import pack_from
from workflows.packs.shipped import FAMILY_NAMES
from workflows.state.beginnings import COPIED, NEW
from workflows.state.disclosures import texts_in
from workflows.vocabulary import Actor, Post, Role, Stage

STANDS = frozenset({Stage.MONITORING, Stage.SELF_EVALUATION, Stage.CLOSED})
"""Stages of a table whose goals were replied to: only such a one is a fit beginning for the next year."""
LONGEST_TITLE = 200


class _Birth(NamedTuple):
    """What a new table is born with."""

    origin: str
    source: str
    home: Home
    content: Content
    pack: Mapping[str, Any]
    chain: str
    year: int


def create_table(
    journal: Journal, *, home: Home, family: str, scope: str, title: str, year: int, names: tuple[str, str],
    by: Actor, command_id: UUID, chain: str = "standard",
) -> Table:  # fmt: skip
    """Begin a table on a blank form of the family; `names` are the printed ones of department and unit.

    It is pinned to the chain in force and the family's pack of that year. FieldsInvalid for an unknown form, a scope
    that the form is not made for, or no title; NotAllowed for anybody but a clerk of the unit. Repeating the command
    changes nothing.
    """
    own, table_id = _command(by, command_id)
    title = title.strip()
    _refuse_stranger(home, by)
    if family not in FAMILY_NAMES:
        raise FieldsInvalid("请选择表式。", field="family")
    if scope not in scopes_of(family):
        raise FieldsInvalid("所选表式不用于这类绩效目标，请重新选择。", field="scope")
    if not 0 < len(title) <= LONGEST_TITLE:
        raise FieldsInvalid(f"请填写名称（不超过{LONGEST_TITLE}字）。", field="title")
    if journal.recorded(table_id, own):
        return journal.lock_table(table_id)
    pack = pack_for_new_tables(journal, family, year)
    content = blank_content(
        pack_from(pack), family=family, scope=scope, title=title, year=year, department=names[0], unit=names[1]
    )
    return _begun(journal, table_id, _Birth(NEW, "", home, content, pack, chain, year), by, own)


def copy_table(
    journal: Journal, *, source: UUID, year: int, home: Home, by: Actor, command_id: UUID, chain: str = "standard",
) -> Table:  # fmt: skip
    """Begin a table of a later year on one of the same unit, or one that went into it, whose goals were replied to.

    NotOpenNow for a table without a version in force or a revision, FieldsInvalid for a year that is not later.
    """
    own, table_id = _command(by, command_id)
    _refuse_stranger(home, by)
    if journal.recorded(table_id, own):
        return journal.lock_table(table_id)
    earlier = journal.lock_table(source)
    if earlier.unit not in journal.organs().line(home.unit):
        raise NotAllowed("只能以本单位以前年度的表为底稿。", rule="R-ROLE")
    if not may_be_copied(earlier):
        raise NotOpenNow("只有已批复的绩效目标表才能作为底稿。", rule="R-STAGE")
    if year <= earlier.year:
        raise FieldsInvalid(f"新表的年度须晚于底稿的年度（{earlier.year}年）。", field="year")
    pack = pack_for_new_tables(journal, earlier.family, year)
    before = journal.content(earlier.in_force or "")
    content = _weighed(carried_over(before, table=str(source), since=earlier.year, year=year), pack)
    return _begun(journal, table_id, _Birth(COPIED, str(source), home, content, pack, chain, year), by, own)


def may_be_copied(table: Table) -> bool:
    """Whether a later year's table may begin on this one."""
    return table.stage in STANDS and bool(table.in_force) and not table.revises


def _weighed(content: Content, pack: Content) -> Content:
    """Return the content with the pack's points proposed where the earlier table printed none."""
    if any(row.get("weight") for row in content["indicators"]):
        return content
    points = propose_weights(content, pack_from(pack))
    return {**content, "indicators": [row | {"weight": str(points[row["id"]])} for row in content["indicators"]]}


def _command(by: Actor, command_id: UUID) -> tuple[UUID, UUID]:
    """Return the command as it is recorded and the ID of the table that it makes, which nobody can choose."""
    own = uuid5(command_id, f"{by.id}:create")
    return own, uuid5(own, "table")


def _refuse_stranger(home: Home, by: Actor) -> None:
    if not by.holds(Role.CLERK, home.unit) or home.owner != by.id:
        raise NotAllowed("您不是该单位的项目经办人。", rule="R-ROLE")


def _begun(journal: Journal, table_id: UUID, birth: _Birth, by: Actor, own: UUID) -> Table:
    """Record the birth and give the table to its clerk's desk."""
    home, content, pack = birth.home, birth.content, dict(birth.pack)
    refuse_marked(texts_in(content), field="title")
    definition = definition_in_force(journal, birth.chain)
    for subject, value in (("definition", definition), ("rule_pack", pack)):
        publish(journal, subject=subject, content=value, by=by, command_id=uuid5(own, subject))
    born = e.TableCreated(
        origin=birth.origin, source=birth.source, number=0, document="", ordinal=0, bureau=home.bureau,
        department=home.department, unit=home.unit, owner=home.owner, year=birth.year, title=content["title"] or "",
        family=content["family"], scope=content["scope"], definition=definition["name"],
        definition_hash=journal.put_content(definition), pack=pack["name"], pack_hash=journal.put_content(pack),
        content_hash=journal.put_content(content),
    )  # fmt: skip
    post = Post(Role.CLERK, home.unit)
    table = journal.append_to_table(Table(table_id), (born,), Command(by, post, own))
    work = Work(journal, table, by, uuid5(own, "enter"), done=False)
    (drafting,) = work.chain.first_of(Stage.DRAFT)
    return work.record((work.entering(drafting, round=0),), post)
