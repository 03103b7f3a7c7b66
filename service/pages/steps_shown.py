"""The open steps as buttons with their forms; what keeps one's own closed; the other closed ones by their reason."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _

from service.present import word
from workflows.folds.replay import Table
from workflows.rights.lifecycle import Answer
from workflows.vocabulary import Action

TWO_PERSONS = frozenset({Action.REFUSE, Action.VOID, Action.TERMINATE})
NEEDS_REASON = TWO_PERSONS | {
    Action.RETURN, Action.WITHDRAW, Action.DECLINE, Action.RETURN_MONITORING, Action.RETURN_SELF_EVALUATION,
}  # fmt: skip
BACKWARDS = NEEDS_REASON
LABELS = {Action.SUBMIT: "提交说明（选填）", Action.CONFIRM: "确认意见（选填）"}
MAIN = frozenset({
    Action.SAVE, Action.SUBMIT, Action.WITHDRAW, Action.APPROVE, Action.RETURN, Action.REFUSE, Action.REPLY,
    Action.REPLY_REVISION,
    Action.OPEN_MONITORING, Action.FILE_MONITORING, Action.ACCEPT_MONITORING, Action.RETURN_MONITORING,
    Action.OPEN_SELF_EVALUATION, Action.FILE_SELF_EVALUATION, Action.ACCEPT_SELF_EVALUATION,
    Action.RETURN_SELF_EVALUATION, Action.CLOSE, Action.VOID, Action.TERMINATE, Action.CONFIRM, Action.DECLINE,
})  # fmt: skip
"""The decisions of the lifecycle: what moves the table."""
OPENED = frozenset({
    Action.SUBMIT, Action.APPROVE, Action.ACCEPT_MONITORING, Action.ACCEPT_SELF_EVALUATION, Action.CLOSE,
    Action.CONFIRM,
})  # fmt: skip

ENDINGS = frozenset({Action.WITHDRAW, Action.VOID, Action.TERMINATE})
"""Ways out that nobody waits for: why they are closed stands in the folded list alone."""
OUT_OF_REACH = ("R-READ", "R-ROLE", "R-STAGE")
"""Rules that say: somebody else's, or another stage's."""


@dataclass(frozen=True)
class Button:
    """One open step: a link to its own form, or a small form of its own."""

    name: str
    button: str
    look: str
    label: str
    reason: bool
    second: bool
    open: bool
    address: str = ""
    link: str = ""
    window: str = ""
    returns: bool = False
    behalf: str = ""


def open_steps(table: Table, answers: Iterable[Answer]) -> list[Button]:
    """Return the buttons of the main decisions, forward ones first; the returns to several stages are one button.

    What else the person may do has forms of its own: see other_steps.py, commenting.py.
    """
    firsts: dict[Action, Answer] = {}
    for answer in answers:
        if answer.allowed and answer.action in MAIN:
            firsts.setdefault(answer.action, answer)
    return sorted((_button(table, answer) for answer in firsts.values()), key=_place)


def _place(button: Button) -> tuple[bool, ...]:
    """Put forward steps before backward ones, open forms first, the return before the endings."""
    return button.look == "warn", not button.open, not button.link, not button.returns


def _button(table: Table, answer: Answer) -> Button:
    action = answer.action
    name = _name(action)
    return Button(
        name=name, button=_("提出申请") if action in TWO_PERSONS else name,
        look="warn" if action in BACKWARDS else "main" if action in OPENED else "",
        label=_("理由（不少于5个字）") if action in NEEDS_REASON else _(LABELS.get(action, "意见（选填）")),
        reason=action in NEEDS_REASON, second=action in TWO_PERSONS,
        open=action in OPENED or request.path.endswith(f"/{action.value}"),
        address=url_for("deciding.decide", table_id=table.id, action=action.value), link=_link(table, answer),
        window=_window(table, answer), returns=action == Action.RETURN,
        behalf=answer.cover.name if answer.cover else "",
    )  # fmt: skip


def _link(table: Table, answer: Answer) -> str:
    """Return the address of the step's own page, empty where a small form will do."""
    if answer.action == Action.SAVE:
        return url_for("drafting.form", table_id=table.id)
    if answer.action == Action.FILE_MONITORING:
        return url_for("monitoring.form", table_id=table.id, window=_window(table, answer))
    if answer.action == Action.FILE_SELF_EVALUATION:
        return url_for("evaluating.form", table_id=table.id)
    if answer.action == Action.REPLY_REVISION:
        return url_for("tables.show", table_id=table.id, _anchor="revision")
    return url_for("replying.form", table=table.id) if answer.action == Action.REPLY else ""


def _window(table: Table, answer: Answer) -> str:
    if answer.action == Action.OPEN_MONITORING:
        return next((window.window for window in table.windows if window.state == "planned"), "")
    return answer.desk.node.partition(":")[2] if answer.desk else ""


@dataclass(frozen=True)
class Closed:
    """Steps that one and the same reason keeps closed: their names, the sentence, the rule's ID."""

    names: tuple[str, ...]
    sentence: str
    rule: str


def barred_steps(table: Table, answers: Collection[Answer]) -> list[Closed]:
    """Return what would be the person's turn but for one thing, to be told where the button would stand."""
    open_now = {answer.action for answer in answers if answer.allowed}
    return _grouped(table, (answer for answer in answers if answer.action not in open_now and _barred(table, answer)))


def closed_steps(table: Table, answers: Iterable[Answer]) -> list[Closed]:
    """Return the steps that are closed to the person by the reason why (J2), those that are barred left out."""
    about = (Action.CONFIRM, Action.DECLINE) if table.request is None else ()
    closed = (answer for answer in answers if not answer.allowed and answer.action not in about)
    return _grouped(table, (answer for answer in closed if not _barred(table, answer)))


def _barred(table: Table, answer: Answer) -> bool:
    """Whether a step is closed although it is at the right stage and the person holds the post for it."""
    if answer.allowed or table.ended or answer.action not in MAIN - ENDINGS:
        return False
    return answer.rule not in OUT_OF_REACH


def _grouped(table: Table, answers: Iterable[Answer]) -> list[Closed]:
    """Return closed steps by their reason, what another stage is needed for last."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for answer in sorted(answers, key=_distance):
        here = _("当前处于“%(stage)s”，不能办理。", stage=word(table.stage))
        sentence = here if answer.rule == "R-STAGE" else answer.sentence
        reasons.setdefault((answer.rule, sentence), []).append(_name(answer.action))
    return [
        Closed(() if rule == "G-SUSPENDED" else tuple(dict.fromkeys(names)), sentence, rule)
        for (rule, sentence), names in reasons.items()
    ]  # fmt: skip


def _distance(answer: Answer) -> int:
    return OUT_OF_REACH.index(answer.rule) + 1 if answer.rule in OUT_OF_REACH else 0


def _name(action: Action) -> str:
    return _("修改内容") if action == Action.SAVE else word(action)


def steps_then(table: Table, answers: Collection[Answer]) -> dict[str, object]:
    """Return what a person with the posts of a moment could do with the table of that moment, and what not and why."""
    could = dict.fromkeys(word(answer.action) + _target(answer) for answer in answers if answer.allowed)
    closed = _grouped(table, (answer for answer in answers if not answer.allowed))
    return {"open": [{"name": name} for name in could], "closed": closed}


def _target(answer: Answer) -> str:
    return f"（{word(answer.to)}）" if answer.action == Action.RETURN and answer.to else ""
