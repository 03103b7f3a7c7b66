"""其他办理: the acts beside the decision, each with its few fields; who may receive it is to choose from."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _

from service.present import organ_name, word
from workflows.commands.asking import refuse_stranger
from workflows.commands.colleagues import colleagues, delegate, further_signer, successor
from workflows.commands.recipe import Work
from workflows.commands.signers import WAYS
from workflows.errors import GoaltrailError
from workflows.folds.replay import Desk, Table
from workflows.journal import Journal
from workflows.rights.grading import Demands, demands_nothing
from workflows.rights.holders import adder_at, claimer_at, granting_posts, holds, leading_posts, open_inquiries
from workflows.rights.lifecycle import decide
from workflows.state.inquiries import EXTENSION, OPINION, Inquiry
from workflows.vocabulary import Action, Actor, Role

A = Action
Option = tuple[str, str]
Fit = Callable[[Work, Desk, str], Actor]


@dataclass(frozen=True)
class Field:
    """One field of a small form: `kind` is choice, several, date or text; one choice alone is not asked for."""

    name: str
    label: str
    kind: str
    options: tuple[Option, ...] = ()
    need: bool = True


@dataclass(frozen=True)
class OtherStep:
    """One act beside the decision with its form."""

    action: Action
    name: str
    hint: str
    address: str
    fields: tuple[Field, ...]
    open: bool = False
    first: bool = False


ORDER = (
    A.CLAIM, A.RELEASE, A.ANSWER_DELEGATION, A.GIVE_OPINION, A.GRANT_EXTENSION, A.REFUSE_EXTENSION, A.RESUME, A.RECALL,
    A.ASK_WITHDRAWAL, A.TRANSFER, A.REASSIGN, A.DELEGATE, A.END_DELEGATION, A.ADD_SIGNER, A.REMOVE_SIGNER,
    A.ASK_OPINION, A.COPY, A.URGE, A.ASK_EXTENSION, A.SUSPEND,
    A.PAUSE_PROJECT, A.ASK_PAUSE, A.RESUME_PROJECT,
)  # fmt: skip
ANSWERS = frozenset({A.ANSWER_DELEGATION, A.GIVE_OPINION, A.GRANT_EXTENSION, A.RESUME})
"""Acts that somebody waits for: shown open, above the others."""
HINTS = {
    A.CLAIM: "认领后两个工作小时内由您一人办理，到期自动释放。",
    A.RELEASE: "释放后，同岗位的其他人也可以办理。",
    A.TRANSFER: "转办后由对方办理，您不再是办理人。只列出可以接办的人。",
    A.REASSIGN: "把任务改派给同岗位的另一个人。只列出可以接办的人。",
    A.DELEGATE: "对方先行办理并反馈，之后仍由您作出决定。",
    A.END_DELEGATION: "收回后由您直接办理。",
    A.ADD_SIGNER: "加签的人也须通过；其不同意即退回。",
    A.REMOVE_SIGNER: "只能撤去由您加签且尚未签署的人。",
    A.ASK_OPINION: "对方只反馈意见，不作决定；决定仍由您作出。",
    A.COPY: "抄送供对方知悉，不产生待办。只列出有权查看此表的人。",
    A.URGE: "提醒办理人尽快办理，并记入流转历程。",
    A.ASK_EXTENSION: "由上一级或绩效科答复。",
    A.SUSPEND: "挂起期间不计办理期限，任何人不能办理；到期自动恢复。",
    A.PAUSE_PROJECT: "暂停期间停止拨付，不要求填报监控；执行数仍可导入。",
    A.ASK_PAUSE: "须经财政业务科或绩效科确认后，项目才暂停、停止拨付。",
    A.RESUME_PROJECT: "恢复后可以继续拨付，未填报的监控任务重新计算期限。",
    A.RECALL: "后续办理人打开之前，可以拿回自己的签署。",
    A.ASK_WITHDRAWAL: "不能直接撤回的，可以申请撤回，须经当前办理人同意。",
}  # fmt: skip


class _People:
    """The holders of posts as read at once: as much of a ledger as finding colleagues needs."""

    def __init__(self, people: Iterable[Actor]) -> None:
        self.at: dict[tuple[Role, str], tuple[Actor, ...]] = {}
        for each in people:
            for post in dict.fromkeys((post.role, post.organ) for post in each.posts):
                self.at[post] = (*self.at.get(post, ()), each)

    def holders(self, role: Role, organ: str) -> tuple[Actor, ...]:
        return self.at.get((role, organ), ())


def other_steps(
    actor: Actor, table: Table, people: Iterable[Actor], demands: Demands = demands_nothing
) -> list[OtherStep]:
    """Return the acts open to the person beside the decisions, those that somebody waits for first.

    `people` are those who hold a business post on the table; `demands` is what its chain and pack ask for.
    """
    forms = _Forms(actor, table, people)
    steps = [forms.step(action) for action in ORDER if decide(actor, table, action, demands=demands).allowed]
    return [step for step in steps if step]


class _Forms:
    """The forms of one person at one table."""

    def __init__(self, actor: Actor, table: Table, people: Iterable[Actor]) -> None:
        self.actor, self.table = actor, table
        self.ledger = cast("Journal", _People(people))

    def step(self, action: Action) -> OtherStep | None:
        """Return the form of an act; None where there is nothing or nobody to choose."""
        fields = self._fields(action)
        if any(field.need and field.kind in ("choice", "several") and not field.options for field in fields):
            return None
        asked = request.path.endswith(f"/{action.value}")
        return OtherStep(
            action, word(action), _(HINTS[action]) if action in HINTS else "",
            url_for("acting.act", table_id=self.table.id, action=action.value), fields, asked or action in ANSWERS,
            action in ANSWERS,
        )  # fmt: skip

    def _fields(self, action: Action) -> tuple[Field, ...]:
        return tuple(self._field(name, action) for name in FIELDS.get(action, ("reason",)))

    def _field(self, name: str, action: Action) -> Field:
        if name == "task":
            return self._task(action)
        if name == "request":
            return self._request(OPINION if action == A.GIVE_OPINION else EXTENSION)
        if name == "person":
            return self._person(action)
        if name == "people":
            return Field("people", _("抄送给"), "several", self._chosen(self.table.desks[:1], _reader))
        if name == "how":
            return Field("how", _("方式"), "choice", tuple((code, _(way)) for code, way in WAYS.items()))
        label, kind, need = PLAIN[name]
        return Field(name.rstrip("?"), _(label), kind, need=need)

    def _task(self, action: Action) -> Field:
        desks = (desk for desk in self.table.desks if self._concerns(action, desk))
        return Field("task", _("任务"), "choice", tuple((desk.task, _desk_name(desk)) for desk in desks))

    def _concerns(self, action: Action, desk: Desk) -> bool:
        if action == A.ANSWER_DELEGATION:
            return desk.delegated_to == self.actor.id
        if action in (A.RELEASE, A.REMOVE_SIGNER):
            acting = claimer_at if action == A.RELEASE else adder_at
            return acting(self.actor, self.table, desk) is not None
        if action == A.URGE:
            return not holds(self.actor, self.table, desk)
        if action == A.REASSIGN:
            return bool(leading_posts(self.actor, self.table, desk))
        return decide(self.actor, self.table, action, node=desk.task).allowed

    def _request(self, kind: str) -> Field:
        asked = [each for each in open_inquiries(self.table, kind) if self._may_answer(each)]
        options = tuple((each.id, _("%(words)s（%(until)s）", words=each.words, until=each.until)
                         if each.until else each.words) for each in asked)  # fmt: skip
        return Field("request", _("申请"), "choice", options)

    def _may_answer(self, each: Inquiry) -> bool:
        if each.kind == EXTENSION:
            return bool(granting_posts(self.actor, self.table, each))
        return each.to == self.actor.id

    def _person(self, action: Action) -> Field:
        desks = [desk for desk in self.table.desks if self._concerns(action, desk)]
        return Field("person", _("人员"), "choice", self._chosen(desks, FITS[action]))

    def _chosen(self, desks: Iterable[Desk], fit: Fit) -> tuple[Option, ...]:
        """Return those whom the verb itself would accept for one of these tasks."""
        work = Work(self.ledger, self.table, self.actor, UUID(int=0), done=False)
        known = colleagues(self.ledger, self.table)
        found = {each.id: each for desk in desks for each in known if _accepts(fit, work, desk, each)}
        return tuple((each.id, f"{each.name} · {_posts(each)}") for each in found.values())


def _accepts(fit: Fit, work: Work, desk: Desk, each: Actor) -> bool:
    try:
        fit(work, desk, each.id)
    except GoaltrailError:
        return False
    return True


def _reader(work: Work, _desk: Desk, person: str) -> Actor:
    """Return a colleague who may read the table, not oneself."""
    found = next(each for each in colleagues(work.journal, work.table) if each.id == person)
    refuse_stranger(work.table, found)
    if person == work.by.id:
        raise GoaltrailError
    return found


def _posts(each: Actor) -> str:
    return "、".join(f"{word(post.role)} · {organ_name(post.organ)}" for post in each.posts[:2])


def _desk_name(desk: Desk) -> str:
    return f"{word(desk.stage)} · {word(Role(desk.role))}"


FIELDS: Mapping[Action, tuple[str, ...]] = {
    A.CLAIM: ("task",), A.END_DELEGATION: ("task",), A.RELEASE: ("task", "reason?"), A.RESUME: ("reason?",),
    A.TRANSFER: ("task", "person", "reason"), A.REASSIGN: ("task", "person", "reason"),
    A.DELEGATE: ("task", "person", "reason"), A.ADD_SIGNER: ("task", "person", "how", "reason"),
    A.REMOVE_SIGNER: ("task", "reason"), A.ASK_OPINION: ("task", "person", "answer_by?", "question"),
    A.COPY: ("people", "note?"), A.URGE: ("task", "note?"), A.ASK_EXTENSION: ("task", "until", "reason"),
    A.SUSPEND: ("until", "reason"), A.GRANT_EXTENSION: ("request", "opinion?"),
    A.REFUSE_EXTENSION: ("request", "reason"), A.ANSWER_DELEGATION: ("task", "opinion"),
    A.GIVE_OPINION: ("request", "opinion"),
}
"""Action -> its fields; one with a question mark may stay empty. The rest ask for a reason."""
PLAIN: Mapping[str, tuple[str, str, bool]] = {
    "reason": ("理由（不少于5个字）", "text", True), "reason?": ("理由（选填）", "text", False),
    "opinion": ("意见（不少于5个字）", "text", True), "opinion?": ("意见（选填）", "text", False),
    "question": ("征求什么意见（不少于5个字）", "text", True), "note?": ("说明（选填）", "text", False),
    "until": ("日期", "date", True), "answer_by?": ("希望在此日之前反馈（选填）", "date", False),
}
FITS: Mapping[Action, Fit] = {
    A.TRANSFER: successor, A.REASSIGN: successor, A.DELEGATE: delegate, A.ADD_SIGNER: further_signer,
    A.ASK_OPINION: _reader,
}
"""Action -> the verb's own question whether a person may receive it."""
