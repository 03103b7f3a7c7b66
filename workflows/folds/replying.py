"""Fold of 批复下达: the table remembers when, by which document and under which number its unit got the reply."""

from collections.abc import Mapping
from dataclasses import replace

from workflows import events as e
from workflows.folds.fold import Fold
from workflows.state.reply_terms import Replied
from workflows.state.standing import Table, changed
from workflows.workdays import beijing_date


def _passed_on(table: Table, fact: e.TablePassedOn, at: e.Recorded) -> Table:
    before = table.replied or Replied("", "")
    day = beijing_date(at.at).isoformat()
    return changed(table, replied=replace(before, passed_on=day, doc_no=fact.doc_no, document=fact.document))


FOLDS: Mapping[str, Fold] = {"table.passed_on": _passed_on}
ASIDE = frozenset({"table.passed_on"})
