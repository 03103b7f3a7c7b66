"""How a clerk begins a table, from any side: the unit's home and printed names, the forms on offer, the usual year."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from service.taking_in import home_of, units_of
from workflows.blank_tables import WHOLE_UNIT_FORMS, scopes_of
from workflows.commands.beginning import copy_table, create_table
from workflows.errors import NotAllowed
from workflows.folds.replay import Table
from workflows.packs.shipped import FAMILY_NAMES, pack_content_for
from workflows.store.journal import PostgresJournal
from workflows.store.organs import organ_of, organs_now
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor
from workflows.workdays import beijing_date

NATIONAL = ("national-project", "national-unit")
OWN_NAMES = {"national-unit": "全国 整体支出绩效目标申报表"}
"""Forms that share a pack whose template names another."""
CODED = ("national-project", "ningxia-county")
"""Families whose form has a box 主管部门及代码."""
SCOPE_WORDS = {"unit": "（单位整体）", "department": "（部门整体）"}
FILING_BEGINS = 6
"""The month (June) from which people file for the year to come (domain.md 1)."""


def forms_offered() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the forms to choose from in groups: (group, [(family:scope, printed name)]), the national ones first."""
    names = [*NATIONAL, *(each for each in FAMILY_NAMES if each not in NATIONAL)]
    projects = [each for each in names if each not in WHOLE_UNIT_FORMS]
    whole = [each for each in names if each in WHOLE_UNIT_FORMS]
    return [(_("项目支出"), _options(projects)), (_("整体支出"), _options(whole))]


def _options(families: Sequence[str]) -> list[tuple[str, str]]:
    return [
        (f"{family}:{scope}", f"{_printed(family)}{SCOPE_WORDS.get(scope, '')}")
        for family in families for scope in scopes_of(family)
    ]  # fmt: skip


def _printed(family: str) -> str:
    template = pack_content_for(family)["template"]
    return OWN_NAMES.get(family) or f"{template['region']} {template['form']}"


def usual_year(now: datetime) -> int:
    """Return the year for which a table is begun as a rule: from June on the next one."""
    day = beijing_date(now)
    return day.year + (day.month >= FILING_BEGINS)


def begin_blank(
    tx: Transaction, *, unit: str, family: str, scope: str, title: str, year: int, chain: str, by: Actor,
    command_id: UUID,
) -> Table:  # fmt: skip
    """Begin a table on a blank form for a unit of the clerk's."""
    home = home_of(tx, _own(unit, by), by)
    names = (_name(tx, home.department, coded=family in CODED), _name(tx, unit))
    return create_table(
        PostgresJournal(tx), home=home, family=family, scope=scope, title=title, year=year, names=names, by=by,
        command_id=command_id, chain=chain,
    )  # fmt: skip


def begin_on(tx: Transaction, source: Table, *, year: int, chain: str, by: Actor, command_id: UUID) -> Table:
    """Begin a later year's table on one of the clerk's own unit or one that went into it, which the caller has seen."""
    unit = _own(organs_now(tx).heir(source.unit), by)
    return copy_table(
        PostgresJournal(tx), source=source.id, year=year, home=home_of(tx, unit, by), by=by, command_id=command_id,
        chain=chain,
    )  # fmt: skip


def _own(unit: str, by: Actor) -> str:
    if unit not in units_of(by):
        raise NotAllowed(_("您不是该单位的项目经办人。"))
    return unit


def _name(tx: Transaction, organ: str, *, coded: bool = False) -> str:
    """Return an organ's name, with its code where the form asks for one and the organ has it."""
    row = organ_of(tx, organ)
    if row is None:
        return organ
    return f"{row['name']}（{row['code']}）" if coded and row["code"] else str(row["name"])
