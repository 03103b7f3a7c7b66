"""What a ladder has done and will do next with a late task, in words: on the table's page and the chain's own."""

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _

from service.present import moment, word
from workflows.clocks.timers import meant, timers_of
from workflows.definitions import Chain, Node
from workflows.definitions.ladders import CONTINUE, PAUSE, REMINDED, RESTART, Deed
from workflows.folds.replay import Desk, Table
from workflows.vocabulary import Role
from workflows.workdays import Calendars, beijing_date

AWAY = {RESTART: "重新起算", CONTINUE: "照常走", PAUSE: "停走"}
"""What a clock does while a table is away."""


def told_up(desk: Desk) -> tuple[str, ...]:
    """Return which superiors were told of a late task, or may decide it beside its holder."""
    words = {Deed.INFORM: _("已升级告知"), Deed.HAND: _("升级办理")}
    return tuple(f"{words[Deed(do)]}{word(Role(role))}" for _rung, do, role, _organ in desk.escalated)


def next_up(table: Table, desk: Desk, chain: Chain, calendars: Calendars, now: datetime) -> str:
    """Return the next rung that goes to a superior if nobody acts: 3日后升级告知财政分管领导; "" where none is left."""
    steps = {step.kind: step for step in chain.ladder_of(desk.node.partition(":")[0]) if step.role}
    waiting = (
        timer for timer in timers_of(table, calendars, lambda _hash: chain)
        if meant(timer.task) == desk.task and timer.kind in steps and timer.due_at > now
    )
    first = min(waiting, key=lambda timer: timer.due_at, default=None)
    if first is None:
        return ""
    step, days = steps[first.kind], (beijing_date(first.due_at) - beijing_date(now)).days
    when = _("%(days)s日后", days=days) if days else _("今天")
    role = word(step.role) if step.role else ""
    deed = f"{when}{_(step.do.chinese)}{role}"
    return str(_("%(deed)s（%(moment)s），如届时仍未办理", deed=deed, moment=moment(first.due_at)))


def ladder_lines(node: Node) -> Iterator[str]:
    """Yield what a node's ladder and its clock while the table is away say otherwise than usual."""
    if node.ladder != REMINDED:
        yield from (step.said for step in node.ladder) if node.ladder else (_("不提醒"),)
    if node.on_return != RESTART:
        yield _("退回期间时限%(what)s", what=_(AWAY[node.on_return]))
    if node.on_suspend != PAUSE:
        yield _("挂起期间时限%(what)s", what=_(AWAY[node.on_suspend]))
