"""A draft changed by a program: only what is named changes, by the same reading and the same reasons as the form."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from werkzeug.datastructures import MultiDict

from service.api.answers import Flaw
from service.api.bodies import Changes, DraftRow
from service.api.refusals import RequestInvalid
from service.pages.draft_form import AMOUNTS, FIELDS, ROW_TEXTS, content_of, needs_reason
from workflows.commands.drafting import content_in_work, save_draft
from workflows.commands.recipe import SHORTEST_REASON
from workflows.content.changes import changes_between
from workflows.errors import ReasonMissing
from workflows.journal import Content, Draft, Journal
from workflows.state.beginnings import freely_written

Fields = Iterator[tuple[str, str]]
NEW = "r{}"


def save(
    journal: Journal, table_id: UUID, subject: Mapping[str, Any], draft_version: int | None, wished: Changes
) -> Draft:
    """Keep the changed draft over the one that was seen; ReasonMissing where the document's own words change."""
    table = journal.lock_table(table_id)
    draft = content_in_work(journal, table)
    recorded = [row["id"] for row in journal.content(table.content_hash)["indicators"]]
    content = content_of(form_of(draft.content, wished), draft.content, recorded)
    places = [str(change["pointer"]) for change in changes_between(draft.content, content, {})]
    free = freely_written(table.origin, table.round)
    if not free and len(wished.reason) < SHORTEST_REASON and any(map(needs_reason, places)):
        raise ReasonMissing
    return save_draft(
        journal, table_id, **subject, content=content, reasons=dict.fromkeys(places, wished.reason or ""),
        draft_version=draft.version if draft_version is None else draft_version,
    )  # fmt: skip


def form_of(content: Content, wished: Changes) -> MultiDict[str, str]:
    """Return the form that a person would post who changed in this content only what is wished."""
    return MultiDict((*_texts(content, wished), *_rows(content, wished), *_explanations(wished)))


def _texts(content: Content, wished: Changes) -> Fields:
    for name in (*(name for name, _label in FIELDS), "purpose", "disclosure"):
        said = getattr(wished, name)
        yield name, (content.get(name) if said is None else said) or ""
    if wished.amount_unit:
        yield "amount_unit", wished.amount_unit
    for name, _label in AMOUNTS:
        amount = getattr(wished.budget, name, None)
        yield f"budget-{name}", (content["budget"][name] if amount is None else amount) or ""
    yield "goals", "\n".join(content["goals"] if wished.goals is None else wished.goals)
    for number, point in enumerate(content["spending_plan"]):
        yield f"plan-{number}", point["cumulative_percent"] or ""
    for group, rows in (content.get("budget_detail") or {}).items():
        for name, amount in rows.items():
            yield f"detail-{group}-{name}", amount or ""


def _rows(content: Content, wished: Changes) -> Fields:
    old = {row["id"]: row for row in content["indicators"]}
    rows = [DraftRow(id=each) for each in old] if wished.indicators is None else wished.indicators
    _refuse_strange(rows, old)
    names = iter(NEW.format(number) for number in range(1, 99_999) if NEW.format(number) not in old)
    for row in rows:
        row_id = row.id or next(names)
        before = old.get(row_id, {})
        yield "row", row_id
        for name in ROW_TEXTS:
            said = getattr(row, name)
            yield f"{row_id}-{name}", (before.get(name) if said is None else said) or ""
        raw = (before.get("target") or {}).get("raw") if row.target is None else row.target
        yield f"{row_id}-target", raw or ""


def _refuse_strange(rows: Sequence[DraftRow], old: Mapping[str, object]) -> None:
    named = [row.id for row in rows]
    strange = tuple(
        Flaw(pointer=f"/indicators/{place}/id", detail="此表没有这一行指标，或同一行写了两次。")
        for place, row_id in enumerate(named) if row_id and (row_id not in old or row_id in named[:place])
    )
    if strange:
        raise RequestInvalid(problems=strange)


def _explanations(wished: Changes) -> Fields:
    for key, text in (wished.explanations or {}).items():
        yield "finding", key
        yield f"explain-{key}", text
