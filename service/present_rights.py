"""The matrix of field rights as a page shows it: for each stage the roles that write in it, group by group (M3)."""

from dataclasses import dataclass

from flask_babel import gettext as _

from service.present import word
from workflows.definitions import Chain
from workflows.definitions.field_rights import FieldGroup, Right, Rights
from workflows.definitions.usual_rights import rights_in_force
from workflows.vocabulary import Role, Stage

WRITES, LISTED_ONLY, NOT = "✎", "仅退回所列", ""


@dataclass(frozen=True)
class StageRights:
    """One stage of the matrix: its groups as columns, a row for each role and situation with a mark per column."""

    stage: str
    groups: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def matrix_of(chain: Chain) -> tuple[StageRights, ...]:
    """Return the chain's matrix, its own or the usual one, by stage; stages in which nobody writes are left out."""
    rights = rights_in_force(chain)
    found = (_stage(rights, stage) for stage in Stage)
    return tuple(each for each in found if each.rows)


def _stage(rights: Rights, stage: Stage) -> StageRights:
    entries = sorted(
        (each for each in rights.entries if each.stage == stage),
        key=lambda each: (list(Role).index(each.role), each.once or ""),
    )
    groups = [group for group in FieldGroup if any(group in each.write for each in entries)]
    rows = tuple((_who(each), tuple(_mark(each, group) for group in groups)) for each in entries)
    return StageRights(word(stage), tuple(word(group) for group in groups), rows)


def _who(each: Right) -> str:
    return _("%(role)s（%(when)s，只能）", role=word(each.role), when=word(each.once)) if each.once else word(each.role)


def _mark(each: Right, group: FieldGroup) -> str:
    if group in each.write:
        return WRITES
    return _(LISTED_ONLY) if each.listed else NOT
