"""指标库: search and use for everybody, curation for the performance office, picking into a draft (G11)."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.organ_book import organs
from service.pages.draft_form import new_id
from service.pages.draft_kept import recorded_rows
from service.pages.posted import asked, command_id, draft_version, refuse_long_texts, seen, text
from workflows.commands.curating import TEXTS, add_entry, pick_entry, retire_entry
from workflows.commands.drafting import content_in_work
from workflows.errors import GoaltrailError, NotAllowed, NotFound, NotOpenNow, TableChangedMeanwhile
from workflows.folds.replay import Table
from workflows.library import Entry
from workflows.packs import pinned_pack
from workflows.rights.lifecycle import decide
from workflows.store.library import counted, library
from workflows.store.queries import table_seen_by
from workflows.vocabulary import BUSINESS_ROLES, Action, Role

MOST_SHOWN = 100

pages = Blueprint("library", __name__)


@pages.get("/library")
def show() -> str:
    """Show what the library holds and how it is used, to whoever has to do with goals."""
    refuse_strangers()
    return _page(None)


def refuse_strangers() -> None:
    """Raise NotAllowed for people without a post in the work on goals."""
    if not person().holds_any(BUSINESS_ROLES):
        raise NotAllowed(rule="R-ROLE")


def _page(refusal: GoaltrailError | None) -> str:
    words = asked("text")
    found = library(transaction(), bureau_of(), words=words)
    tables, rows = counted(transaction(), bureau_of())
    return render_template(
        "library.html", entries=found[:MOST_SHOWN], found=len(found), words=words, tables=tables, rows=rows,
        picked=sum(each.picked for each in found), recommended=sum(each.recommended for each in found),
        retired=sum(bool(each.retired) for each in found), curates=curates(), typed=_typed() if refusal else {},
        wrong=refusal.sentence if refusal else None,
    )  # fmt: skip


def bureau_of() -> str:
    """Return the bureau whose library the person reads: the one above the first of his organs."""
    book = organs()
    bureaus = [each["id"] for each in book.of_kind("bureau")]
    own = [post.organ for post in person().posts if post.organ in bureaus]
    return (own or bureaus or [""])[0]


def curates() -> bool:
    """Whether the person looks after the library."""
    return person().holds(Role.FINANCE_PERFORMANCE, bureau_of())


def _typed() -> dict[str, str]:
    return {name: text(name) for name in TEXTS}


@pages.post("/library")
def add() -> ResponseReturnValue:
    """Recommend an indicator."""
    g.fresh = _page
    refuse_long_texts()
    add_entry(journal(), bureau=bureau_of(), words=_typed(), by=person(), command_id=command_id())
    flash(_("已推荐进入指标库。"), "good")
    return redirect(url_for("library.show", text=text("level3")), 303)


@pages.post("/library/<uuid:entry>/retirement")
def retire(entry: UUID) -> ResponseReturnValue:
    """Retire an indicator."""
    g.fresh = _page
    refuse_strangers()
    found = one(str(entry))
    retire_entry(
        journal(), entry=found, bureau=bureau_of(), reason=text("reason"), by=person(), command_id=command_id()
    )
    flash(_("已退出指标库，已使用它的表不受影响。"), "good")
    return redirect(url_for("library.show", text=found.level3), 303)


def one(entry: str) -> Entry:
    """Return an entry of the library; NotFound where there is none."""
    found = next((each for each in library(transaction(), bureau_of()) if each.entry == entry), None)
    if found is None:
        raise NotFound
    return found


@pages.get("/tables/<uuid:table_id>/draft/library")
def choose(table_id: UUID) -> str:
    """Show what fits into the draft, to pick from."""
    return _choice(table_id, None)


def _choice(table_id: UUID, refusal: GoaltrailError | None) -> str:
    table = _drafted(table_id)
    draft, words = content_in_work(journal(), table), asked("text") or text("text")
    return render_template(
        "library_choice.html", table=table, content=draft.content, draft_version=draft.version, words=words,
        levels=_fitting(table, words, draft.content), wrong=refusal.sentence if refusal else None,
    )  # fmt: skip


def _fitting(table: Table, words: str, content: dict[str, Any]) -> list[tuple[str, Sequence[Entry]]]:
    """Return the entries of each second-level class of the table's own tree, without those that it has already."""
    tree = pinned_pack(table.pack_hash, journal().content).tree
    names = {row["level3"] for row in content["indicators"]}
    found = [
        each for each in library(transaction(), table.bureau, words=words)
        if not each.retired and each.level3 not in names
    ]  # fmt: skip
    classes = [second.name for level in tree for second in level.level2]
    groups = [(name, [each for each in found if each.level2 == name]) for name in classes]
    return [(name, entries[:30]) for name, entries in groups if entries]


@pages.post("/tables/<uuid:table_id>/draft/library")
def pick(table_id: UUID) -> ResponseReturnValue:
    """Put an indicator into the draft and go back to it, at the new row."""
    g.back, g.fresh = url_for("library.choose", table_id=table_id), partial(_choice, table_id)
    table = _drafted(table_id)
    draft = content_in_work(journal(), table)
    if draft.version != draft_version():
        raise TableChangedMeanwhile(version=draft.version)
    entry = next((each for each in library(transaction(), table.bureau) if each.entry == text("entry")), None)
    if entry is None:
        raise NotFound
    row = new_id([each["id"] for each in (*recorded_rows(table), *draft.content["indicators"])])
    kept = pick_entry(
        journal(), table, entry=entry, seen=seen(), draft_version=draft_version(), row_id=row, by=person(),
        command_id=command_id(),
    )  # fmt: skip
    flash(_("已选用“%(name)s”，请填写指标值、依据和分值。", name=entry.level3), "good")
    return redirect(url_for("drafting.form", table_id=table_id, _anchor=_place(kept.content, entry)), 303)


def _place(content: dict[str, Any], entry: Entry) -> str:
    rows = [row["id"] for row in content["indicators"] if (row.get("origin") or {}).get("entry") == entry.entry]
    return f"{rows[-1]}-target"


def _drafted(table_id: UUID) -> Table:
    table = table_seen_by(transaction(), person(), table_id)
    answer = decide(person(), table, Action.SAVE)
    if not answer.allowed:
        raise NotOpenNow(answer.sentence, rule=answer.rule)
    return table
