"""Folds of appraisals before filing: the last one stands beside the table with what was said of it."""

from collections.abc import Mapping

from workflows import events as e
from workflows.folds.fold import Fold
from workflows.state.appraisals import CONFIRMED, RETURNED, Appraisal
from workflows.state.standing import Table, changed
from workflows.vocabulary import Outcome


def _filed(table: Table, fact: e.AppraisalFiled, at: e.Recorded) -> Table:
    filed = Appraisal(
        appraisal=fact.appraisal, result=fact.result, total=fact.total, items=fact.items, amount=fact.amount,
        attachment=fact.attachment, opinion=fact.opinion, by=at.actor_id, name=at.actor_name, at=at.at.isoformat(),
    )  # fmt: skip
    return changed(table, appraisal=filed)


def _checked(table: Table, fact: e.AppraisalChecked, at: e.Recorded) -> Table:
    state = CONFIRMED if fact.outcome == Outcome.PASS else RETURNED
    news = {"state": state, "checked_by": at.actor_id, "answer": fact.opinion}
    return changed(table, appraisal=changed(table.appraisal, **news) if table.appraisal else None)


def _waived(table: Table, fact: e.AppraisalWaived, at: e.Recorded) -> Table:
    news = {"doc_no": fact.doc_no, "waived_by": at.actor_id}
    return changed(table, appraisal=changed(table.appraisal, **news) if table.appraisal else None)


FOLDS: Mapping[str, Fold] = {
    "appraisal.filed": _filed,
    "appraisal.checked": _checked,
    "appraisal.waived": _waived,
}
ASIDE = frozenset(FOLDS)
"""An appraisal leaves the content as it was; what it allows is asked when the table is handed in."""
