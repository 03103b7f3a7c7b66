"""A released pack of self-evaluations as one form: the official form of each, what is left out, who reviewed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workflows.accounts.disclosed import as_disclosed
from workflows.definitions import chain_from, shipped
from workflows.forms.form import Form, Part
from workflows.forms.writing.disclosed_pack import pack_head
from workflows.printing.evaluation_form import evaluation_form
from workflows.printing.paper import Paper


@dataclass(frozen=True)
class Evaluated:
    """One released self-evaluation: its content, the goals that it was measured by, the names of its organs."""

    disclosed: Mapping[str, Any]
    goals: Mapping[str, Any]
    unit: str
    department: str


def evaluations_form(
    name: str, evaluated: Iterable[Evaluated], *, left_out: str, reviewers: str
) -> Form:
    """Return the form of a department's year; nothing but what was released of each table is in it."""
    found = list(evaluated)
    parts: list[Part] = list(pack_head(name, f"公开项目支出绩效自评表{len(found)}个。{left_out}", reviewers))
    for each in found:
        parts += evaluation_form(_paper(each)).parts
    return Form(name, tuple(parts))


def _paper(one: Evaluated) -> Paper:
    table = as_disclosed(one.disclosed, one.goals, unit="unit", department="department")
    names = {"unit": one.unit, "department": one.department}
    return Paper(table=table, content=one.goals, history=(), chain=chain_from(shipped("standard")), organs=names)
