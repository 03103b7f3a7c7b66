"""审核表 on a table's page: the forms as filled in, the reviewer's own, and what waits for the unit's answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _

from service.context import journal, person
from service.pages.differences_shown import Difference, content_differences
from service.pages.words import place_name
from service.present import word
from workflows.commands.recipe import chain_of
from workflows.content.goal_table import amount_in_wan
from workflows.content.places import names_of_rows, row_called
from workflows.content.pointers import at_place
from workflows.folds.replay import Table
from workflows.packs.review_form import FormItem, ReviewForm, review_form_of
from workflows.rights.lifecycle import Answer, decide_within
from workflows.state.criteria import Aspect
from workflows.state.reviews import Amendment, Review, ReviewMode
from workflows.vocabulary import Action, Grade

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Filled:
    """One form as it is read: whose, at which node, whether it still counts."""

    form: Review
    node: str
    mode: str
    grade: str
    counts: bool


@dataclass(frozen=True)
class Place:
    """A place that a reviewer may complete, as it reads now."""

    pointer: str
    name: str
    old: str


@dataclass(frozen=True)
class Shown:
    """What a table's page shows of its review: `fills` where this person fills the form in, `mode` how."""

    form: ReviewForm
    filled: tuple[Filled, ...]
    groups: tuple[tuple[Aspect, tuple[FormItem, ...]], ...]
    fills: bool
    demanded: bool
    mode: ReviewMode
    scores_only: bool
    values: Mapping[str, str]
    places: tuple[Place, ...]
    asked: Amendment | None
    differences: Sequence[Difference]
    due: str
    confirms: bool
    rejects: bool
    takes_back: bool
    behalf: str


def reviews_of(table: Table, *, live: bool = True) -> Shown | None:
    """Return what the page shows of a table's review, None where its pack has no form and nothing is to be shown."""
    form = review_form_of(journal().content(table.pack_hash))
    if form is None or (table.round == 0 and not table.reviews):
        return None
    content = journal().content(table.content_hash)
    review, amend = (_answer(table, action, content, live=live) for action in (Action.REVIEW, Action.AMEND))
    key, asked = _is_key(table, content, review), table.amendment
    mine = next((each for each in reversed(table.reviews) if each.person == person().id and not each.void), None)
    mode = _mode(mine, scores_only=key)
    own = asked is not None and person().id == asked.person
    answers = {action: _answer(table, action, content, live=live) for action in (
        Action.CONFIRM_AMENDMENT, Action.REJECT_AMENDMENT)}  # fmt: skip
    rejects = _open(answers[Action.REJECT_AMENDMENT])
    return Shown(
        form=form, filled=_filled(table), groups=tuple((each, form.of_aspect(each)) for each in Aspect),
        fills=_open(review),
        demanded=bool(review and review.desk and chain_of(journal(), table).demands_form(review.desk.node)),
        mode=mode, scores_only=key, values=_values(mine, mode),
        places=_places(form, content) if _open(amend) else (), asked=asked,
        differences=_differences(asked, content), due=asked.due_at if asked else "",
        confirms=_open(answers[Action.CONFIRM_AMENDMENT]), rejects=rejects and not own, takes_back=rejects and own,
        behalf=review.cover.name if review and review.cover else "",
    )  # fmt: skip


def _answer(table: Table, action: Action, content: Content, *, live: bool) -> Answer | None:
    return decide_within(person(), table, action, lambda: amount_in_wan(content)) if live else None


def _open(answer: Answer | None) -> bool:
    return answer is not None and answer.allowed


def _is_key(table: Table, content: Content, review: Answer | None) -> bool:
    here = review.desk.node if review and review.desk else ""
    return bool(content.get("key_project")) or table.key_by not in ("", here)


def _mode(mine: Review | None, *, scores_only: bool) -> ReviewMode:
    if scores_only:
        return ReviewMode.SCORED
    asked = request.form.get("mode") or request.args.get("mode") or (mine.mode if mine else "")
    return ReviewMode.SCORED if asked == ReviewMode.SCORED else ReviewMode.QUALITATIVE


def _filled(table: Table) -> tuple[Filled, ...]:
    titles = {node.node: node.title for node in chain_of(journal(), table).nodes}
    return tuple(
        Filled(
            each, titles.get(each.node, each.node), word(ReviewMode(each.mode)), word(Grade(each.grade)), not each.void
        )
        for each in table.reviews
    )


def _values(mine: Review | None, mode: ReviewMode) -> Mapping[str, str]:
    """Return what stands in the form's fields: what was typed, else the person's own last form."""
    if "mode" in request.form:
        return request.form.to_dict()
    if mine is None or mine.mode != mode:
        return {}
    values = {"grade": mine.grade, "opinion": mine.opinion}
    for code, item in mine.items.items():
        values |= {f"{name}-{code}": text for name, text in item.items()}
    return values


def _places(form: ReviewForm, content: Content) -> tuple[Place, ...]:
    """Return the places that may be completed: goals, then each row's named fields that say something."""
    goals = [Place(f"/goals/{n}", f"{_('年度绩效目标')} {n + 1}", goal) for n, goal in enumerate(content["goals"])]
    names, rows = names_of_rows(content), []
    for row in content["indicators"]:
        for field in form.amendment.fields:
            pointer = f"/indicators/{row['id']}/{field}"
            old = at_place(content, pointer)
            said = (old or {}).get("raw") if field == "target" else old
            if said:
                rows.append(Place(pointer, f"{row_called(row['id'], names)} · {place_name(f'/{field}')}", said))
    return (*goals, *rows) if form.amendment.goals else tuple(rows)


def _differences(asked: Amendment | None, content: Content) -> Sequence[Difference]:
    if asked is None:
        return ()
    changes = journal().content(asked.changes)["changes"]
    reasons = {change["pointer"]: change["reason"] for change in changes}
    return content_differences(content, journal().content(asked.content_hash), reasons)
