"""What the draft form's script is told: kept and checked, kept newer elsewhere, or refused."""

from typing import Any
from uuid import UUID, uuid4

from flask import Response, jsonify, render_template, request
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.beside_shown import LastYear, last_year_of
from service.pages.draft_form import fields_of, new_id, posted_rows
from service.pages.findings_shown import Shown, shown
from service.pages.returning import Asked, asked_back
from service.pages.state_shown import names_in
from service.present import BEIJING, parsed, unread
from workflows.commands.drafting import content_in_work, findings_of
from workflows.content.changes import awaiting_reason
from workflows.definitions import chain_from
from workflows.errors import GoaltrailError, TableChangedMeanwhile
from workflows.folds.replay import Table
from workflows.journal import Content, Draft
from workflows.measures.scoring import amount
from workflows.rights.lifecycle import decide
from workflows.state.beginnings import freely_written
from workflows.store.drafts import saved_at
from workflows.store.queries import table_seen_by
from workflows.vocabulary import Action

Told = dict[str, Any]


def kept(table: Table, draft: Draft) -> Response:
    """Say what was kept: the rows' IDs, what the machine reads, finds and adds up; the reason that is still due."""
    content = draft.content
    findings, last = shown(findings_of(journal(), table, content), content), last_year_of(table, content)
    return jsonify(standing(table, draft) | {
        "state": "kept",
        "rows": dict(zip(posted_rows(request.form), (row["id"] for row in content["indicators"]), strict=True)),
        "parsed": {row["id"]: parsed(row["target"]) or unread(row["target"]) for row in content["indicators"]},
        "marks": marks_of(findings, asked_in(table), last), "total": str(total_weight(content)),
        "count": counted(findings), "findings": render_template(
            "draft/_findings.html", findings=findings, asks_reason=reasons_due(table, draft), last=last,
            table=table,
        ),
    })  # fmt: skip


def looked(table: Table, draft: Draft) -> Response:
    """Say how the draft stands, to a form that asks before its person types on."""
    return jsonify(standing(table, draft) | {"state": "looked"})


def told_why(table_id: UUID, refusal: GoaltrailError) -> Response:
    """Say why nothing was kept; after a newer draft also what stands in it, so that each cell can be chosen."""
    table = table_seen_by(transaction(), person(), table_id)
    open_now = decide(person(), table, Action.SAVE).allowed
    if not open_now or not isinstance(refusal, TableChangedMeanwhile):
        return jsonify(state="refused" if open_now else "closed", sentence=refusal.sentence)
    draft = content_in_work(journal(), table)
    return jsonify(standing(table, draft) | {
        "state": "newer", "sentence": refusal.sentence, "fields": fields_of(draft.content),
        "order": [row["id"] for row in draft.content["indicators"]],
    })  # fmt: skip


def standing(table: Table, draft: Draft) -> Told:
    """Return version, time and hands of a draft, and what the next form has to carry."""
    at = saved_at(transaction(), table.id)
    return {
        "proof": {
            "draft_version": draft.version, "version": table.version, "content_hash": table.content_hash,
            "attachments_hash": table.attachments_hash, "command_id": str(uuid4()),
        },
        "at": at.astimezone(BEIJING).strftime("%H:%M") if at else "", "who": hands(table, draft),
        "next": next_row(table, draft.content),
    }  # fmt: skip


def hands(table: Table, draft: Draft) -> str:
    """Return who else worked on the draft; where nobody did it was the person, in another window."""
    others = [each for each in draft.editors if each != person().id]
    if not others:
        return str(_("您在另一窗口"))
    names = names_in(journal().history(table.id))
    return "、".join(names.get(each, each) for each in others)


def next_row(table: Table, content: Content) -> str:
    """Return the ID that the server would give the next new row."""
    return new_id([row["id"] for row in (*recorded_rows(table), *content["indicators"])])


def recorded_rows(table: Table) -> list[dict[str, Any]]:
    """Return the rows of the last recorded content."""
    rows: list[dict[str, Any]] = journal().content(table.content_hash)["indicators"]
    return rows


def reasons_due(table: Table, draft: Draft) -> int:
    """Return how many places of the document's own words were changed without a reason so far."""
    if freely_written(table.origin, table.round):
        return 0
    return len(awaiting_reason(journal().content(table.content_hash), draft.content, draft.reasons))


def asked_in(table: Table) -> Asked | None:
    """Return what the last return asks to be mended."""
    chain = chain_from(journal().content(table.definition_hash))
    return asked_back(journal(), table, chain, journal().history(table.id))


def marks_of(findings: list[Shown], asked: Asked | None, last: LastYear | None = None) -> dict[str, str]:
    """Return how each row is marked: what was asked back over a hint, what blocks over all; unchanged ones besides."""
    marks = {each["row"]: "flagged" for each in findings if each["severity"] == "W" and each["row"]}
    marks |= {each.row: "flagged asked" for each in (asked.places if asked else ()) if each.row}
    marks |= {each["row"]: "blocked" for each in findings if each["severity"] == "B" and each["row"]}
    same = [row for row, each in (last.rows if last else {}).items() if each.unchanged]
    return marks | {row: f"{marks.get(row, '')} same".strip() for row in same}


def total_weight(content: Content) -> object:
    """Return what the rows' weights add up to."""
    return sum((amount(row["weight"] or "0") or 0 for row in content["indicators"]), 0)


def counted(findings: list[Shown]) -> str:
    """Say how many findings there are and how many of them block."""
    if not findings:
        return ""
    blocking = sum(each["severity"] == "B" for each in findings)
    return str(_("机审意见 %(n)d 条，其中必须改正 %(b)d 条", n=len(findings), b=blocking))
