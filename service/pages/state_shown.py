"""What a table's state says besides its content, as facts in words: for one moment, and to be compared between two."""

from collections.abc import Iterable, Iterator, Mapping

from flask_babel import gettext as _

from service.pages.words import RECTIFICATION_STATES, WINDOW_STATES
from service.present import colour, grade, moment, organ_name, percent, word
from workflows.events import Recorded
from workflows.folds.replay import Desk, Table, Vote, Window
from workflows.state.disclosures import OUTCOMES
from workflows.state.rectifications import WHY_DRAWN
from workflows.vocabulary import Action, Role

Fact = tuple[str, str]
NAMED = (
    ("person", "name"), ("delegate", "delegate_name"), ("receiver", "receiver_name"), ("successor", "successor_name"),
    ("leader", "leader_name"),
)  # fmt: skip
"""Fields of facts that name somebody: his ID and his name."""


def state_facts(table: Table, names: Mapping[str, str]) -> list[Fact]:
    """Return (what, how it stands) of everything that the events say; `names` gives people's names by their id."""
    return [fact for fact in _facts(table, names) if fact[1]]


def state_differences(old: list[Fact], new: list[Fact]) -> list[dict[str, str]]:
    """Return what stands otherwise: the fact's name with its old and new words, empty where it was not there."""
    before, after = dict(old), dict(new)
    return [
        {"place": place, "old": before.get(place, ""), "new": after.get(place, "")}
        for place in dict.fromkeys((*before, *after))
        if before.get(place, "") != after.get(place, "")
    ]


def _facts(table: Table, names: Mapping[str, str]) -> Iterator[Fact]:
    yield _("阶段"), word(table.stage)
    yield _("轮次"), _("第 %(n)d 轮", n=table.round) if table.round else _("尚未提交")
    yield _("在办环节"), "；".join(_desk(desk) for desk in table.desks)
    yield _("本轮结论"), "；".join(_vote(vote, names) for vote in table.votes)
    yield _("退回理由"), table.returned_reason or ""
    if table.request:
        asked = word(Action(table.request.action))
        asker = signer(table.request.by, table.request.behalf, names)
        yield _("等待第二人确认"), f"{asker}：{asked}（{table.request.reason}）"
    yield _("批复文号"), table.doc_no or ""
    yield _("生效内容"), table.in_force[:16] if table.in_force else ""
    for window in table.windows:
        yield _("监控 · %(name)s", name=window.name), _window(window)
    if table.evaluation:
        yield _("自评结果"), f"{table.evaluation.total}（{grade(table.evaluation.grade)}）"
        yield _("自评退回理由"), table.evaluation.returned_reason or ""
    yield from _what_followed(table)
    yield from _what_lies_by(table)
    yield _("结束原因"), table.ended_reason or ""


def _what_followed(table: Table) -> Iterator[Fact]:
    """Yield what others made of what the unit filed: points given anew, the draw, rectifications, what is disclosed."""
    if table.rescores and table.result:
        yield _("复核后结果"), f"{table.result.total}（{grade(table.result.grade)}）"
    if table.drawn:
        yield _("财政抽查"), _(WHY_DRAWN[table.drawn.why]) + (_("，已抽查") if table.drawn.done else "")
    for each in table.rectifications:
        said = (*map(_, each.measures), _(RECTIFICATION_STATES[each.state]), _("期限 %(day)s", day=each.deadline))
        yield _("整改 · %(key)s", key=each.rectification), "，".join(said)
    for brought in table.executions:
        yield _("执行数 · %(day)s", day=brought.date), brought.executed
    if table.amendment:
        yield _("直接完善"), _("等待单位确认（%(who)s 提出）", who=table.amendment.name)
    yield _("调整"), _("第%(n)d次调整正在办理", n=table.revisions) if table.revision else ""
    if table.suspended:
        yield _("挂起"), _("至 %(day)s", day=table.suspended.until)
    for number, pause in enumerate(table.pauses, 1):
        until = moment(pause.until) if pause.until else _("尚未恢复")
        yield _("项目暂停 · 第%(n)d次", n=number), f"{moment(pause.since)} — {until}，{pause.why}"
    yield _("公开属性"), table.disclosure or ""
    if table.secrecy:
        yield _("保密审查"), f"{_(OUTCOMES[table.secrecy.outcome])}（{table.secrecy.name}）"


def _what_lies_by(table: Table) -> Iterator[Fact]:
    for each in table.attachments:
        name = _("附件 · %(name)s", name=each.attachment[:8])
        yield name, _("内容已依法删除") if each.erased else f"{each.name}（{each.size:,} B，{each.commitment[:16]}）"
    yield _("保全"), _("内容不得删除") if table.held else ""


def _desk(desk: Desk) -> str:
    due = f"，{moment(desk.due_at)}" if desk.due_at else ""
    late = _("，已逾期") if desk.overdue else ""
    return f"{word(desk.stage)}（{word(Role(desk.role))}，{organ_name(desk.organ)}{due}{late}）"


def signer(person: str, behalf: str, names: Mapping[str, str]) -> str:
    """Return who signed, with both names where a deputy did (C4): 乙 代 甲."""
    himself = names.get(person, person)
    return _("%(deputy)s 代 %(principal)s", deputy=himself, principal=names.get(behalf, behalf)) if behalf else himself


def names_in(history: Iterable[Recorded]) -> dict[str, str]:
    """Return the names of everybody who acted, for whom deputies did, or who was named, by the names of that time."""
    names: dict[str, str] = {}
    for each in history:
        named = ((getattr(each.fact, who, None), getattr(each.fact, name, None)) for who, name in NAMED)
        names |= {who: name for who, name in named if who and name}
        if each.behalf:
            names[each.behalf.id] = each.behalf.name
        names[each.actor_id] = each.actor_name
    return names


def _vote(vote: Vote, names: Mapping[str, str]) -> str:
    return f"{word(vote.stage)} {signer(vote.person, vote.behalf, names)}：{word(vote.outcome)}"


def _window(window: Window) -> str:
    parts = [_(WINDOW_STATES[window.state])]
    if window.colour:
        rate = percent(window.execution_rate)
        parts += [colour(window.colour), _("执行率%(rate)s", rate=rate), _("偏差%(n)s", n=window.deviation or "—")]
    if window.returned_reason:
        parts.append(_("退回：%(why)s", why=window.returned_reason))
    return "，".join(parts)
