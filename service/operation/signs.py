"""What each figure means: in order, to be watched, at fault, in words, and what to do about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from flask_babel import gettext as _

from service.operation.looking import Look
from workflows.store.operation import Queue
from workflows.workdays import beijing_date

WATCH_AFTER, FAULT_AFTER = 15.0, 60.0
"""Seconds that something may be late before it is watched, and before it is a fault (features B11: 60 s)."""
DISPATCH_SILENT, CANARY_SILENT = 30.0, 120.0
LEAST_FREE, SCARCE_FREE = 2 << 30, 10 << 30
NOTICE_OF_NEXT_YEAR = 12
"""The month from which next year's holidays have usually been announced."""


class State(Enum):
    """How one thing stands: the tag's colour and its word."""

    GOOD = ("green", "正常")
    WATCH = ("amber", "留意")
    FAULT = ("red", "故障")

    @property
    def colour(self) -> str:
        """Return the colour of the tag."""
        return self.value[0]

    @property
    def chinese(self) -> str:
        """Return the word beside the colour."""
        return self.value[1]


@dataclass(frozen=True)
class Sign:
    """One line of the page: its name, how it stands, the figure in words, what to do; `page` leads further."""

    name: str
    state: State
    says: str
    advice: str = ""
    page: str = ""


def signs_of(look: Look) -> tuple[Sign, ...]:
    """Return every sign of a look, in the order of the page."""
    return tuple(sign for judge in JUDGES for sign in judge(look))


def worst(signs: tuple[Sign, ...]) -> State:
    """Return how everything stands taken together."""
    return max((sign.state for sign in signs), key=tuple(State).index, default=State.GOOD)


def by_age(seconds: float, watch: float = WATCH_AFTER, fault: float = FAULT_AFTER) -> State:
    """Judge something by how late it is."""
    return State.FAULT if seconds > fault else State.WATCH if seconds > watch else State.GOOD


def _sealing(look: Look) -> Iterator[Sign]:
    says = _("最久的一条记录已等待 %(n)d 秒", n=look.sealer_lag) if look.sealer_lag >= 1 else _("没有等待编入的记录")
    advice = _("查看 logs/sealer.log；办理不受影响，但新记录尚未编入台账。")
    yield Sign(_("封存"), by_age(look.sealer_lag), says, advice)
    yield Sign(
        _("台账结构"), State.GOOD if look.guards_intact else State.FAULT,
        _("与上次属主操作后一致") if look.guards_intact else _("与上次属主操作后不同，或有触发器被停用"),
        _("可能有人直接改动了数据库。请停止办理，通知审计管理员。"),
    )  # fmt: skip
    found = look.checkpoints
    size, lag, alarm = found.get("size", 0), found.get("lag_seconds", 0), found.get("says")
    says = _("警报：%(what)s", what=alarm) if alarm else _("覆盖前 %(n)s 条，落后 %(s)s 秒", n=size, s=lag)
    advice = _("查看 logs/checkpoints.log 和审计页；检查点没有离开本机之前，新记录不受外部保护。")
    yield Sign(_("检查点和见证"), State.GOOD if found["ok"] else State.FAULT, says, advice)


def _letters(look: Look) -> Iterator[Sign]:
    queue, dead = look.figures.notices, look.figures.by_state.get("dead", 0)
    advice = _("工作进程可能停了：看下面的心跳和 logs/worker.log。")
    yield Sign(_("通知"), by_age(queue.oldest_seconds), _waiting(queue), advice)
    yield Sign(
        _("发送失败的通知"), State.FAULT if dead else State.GOOD, _("%(n)d 条", n=dead),
        _("已试七次，不再自动发送。查明原因后在“通知发送”页重发。"), "letters.show",
    )  # fmt: skip
    resting = "、".join(look.figures.resting)
    yield Sign(
        _("暂停的渠道"), State.WATCH if resting else State.GOOD, resting or _("没有"),
        _("对方服务器没有应答，稍后自动再试，通知不会丢。"), "letters.show",
    )  # fmt: skip


def _timers(look: Look) -> Iterator[Sign]:
    queue, dead = look.figures.timers, look.figures.dead_timers
    advice = _("工作进程可能停了：看下面的心跳和 logs/worker.log。")
    yield Sign(_("定时事项"), by_age(queue.oldest_seconds), _waiting(queue), advice)
    yield Sign(
        _("办不成的定时事项"), State.FAULT if dead else State.GOOD, _("%(n)d 个", n=dead),
        _("已试五次。原因在 desk.timer 的 last_error 和 logs/worker.log；排除后请联系开发者重排。"),
    )  # fmt: skip


def _pulses(look: Look) -> Iterator[Sign]:
    silent, canary, woken = (look.figures.pulses.get(name) for name in ("dispatch", "canary", "beat"))
    yield Sign(
        _("调度进程"), State.FAULT if silent is None or silent > DISPATCH_SILENT else State.GOOD, _ago(silent),
        _("查看 logs/dispatch.log；它停了，提醒、升级和通知都会停。"),
    )  # fmt: skip
    yield Sign(
        _("工作进程（经消息队列）"), _heard(canary), _ago(canary),
        _("消息队列或工作进程不通，调度进程正自己办理，事情不会丢，只是慢些。查看 logs/worker.log。"),
    )  # fmt: skip
    yield Sign(
        _("定时唤醒进程"), _heard(woken), _ago(woken),
        _("调度进程自己也会看，事情不会丢。查看 logs/beat.log。"),
    )  # fmt: skip
    if look.broker is not None:
        state, says = (State.GOOD, _("应答")) if look.broker else (State.WATCH, _("没有应答"))
        yield Sign(
            _("消息队列（Redis）"), state, says, _("办理照常；登录限次由各进程自己记。重新启动消息队列即可。"),
        )  # fmt: skip


def _room(look: Look) -> Iterator[Sign]:
    free, share = look.disk_free, look.disk_free / max(1, look.disk_total)
    state = State.FAULT if free < LEAST_FREE else State.WATCH if free < SCARCE_FREE or share < 0.1 else State.GOOD
    says = _("剩余 %(free)s，占 %(share)d%%", free=in_bytes(free), share=share * 100)
    yield Sign(_("磁盘"), state, says, _("清理日志或扩容；磁盘写满时，任何人都不能再办理。"))
    size, leaves = in_bytes(look.figures.database_bytes), f"{look.figures.leaves:,}"
    yield Sign(_("数据库"), State.GOOD, _("%(size)s，已编入 %(n)s 条记录", size=size, n=leaves))


def _years(look: Look) -> Iterator[Sign]:
    today = beijing_date(look.figures.log_now)
    wanted = {today.year, *((today.year + 1,) if today.month >= NOTICE_OF_NEXT_YEAR else ())}
    missing = sorted(wanted - look.years)
    state = State.FAULT if today.year in missing else State.WATCH if missing else State.GOOD
    says = _("%(n)d 年已有放假通知", n=today.year)
    if missing:
        says = _("缺 %(years)s 年的放假通知，期限为暂定", years="、".join(map(str, missing)))
    yield Sign(_("工作日历"), state, says, _("由流程管理员在“工作日历”页导入国务院办公厅通知，另一人发布。"))


def _program(look: Look) -> Iterator[Sign]:
    known, stands = look.newest_revision, look.figures.revision
    good = stands is None or stands == known
    says = _("版本 %(n)s", n=known) if good else _("数据库在 %(a)s，程序要 %(b)s", a=stands, b=known)
    yield Sign(_("表结构"), State.GOOD if good else State.FAULT, says, _("重新启动（up），发布步骤会升级表结构。"))
    if abs(look.clock_ahead) > FAULT_AFTER:
        yield Sign(_("时钟"), State.WATCH, _("台账时钟与实际时间不同（演示或模拟环境）"), _("正式环境不能拨动时钟。"))


def _waiting(queue: Queue) -> str:
    if not queue.due:
        return str(_("没有到时未办的"))
    return str(_("%(n)d 件到时未办，最久的 %(s)d 秒", n=queue.due, s=queue.oldest_seconds))


def _heard(silent: float | None) -> State:
    return State.WATCH if silent is None or silent > CANARY_SILENT else State.GOOD


def _ago(seconds: float | None) -> str:
    return str(_("从未出现") if seconds is None else _("%(n)d 秒前", n=max(0, seconds)))


def in_bytes(number: float) -> str:
    """Return a number of bytes in MB or GB."""
    return f"{number / (1 << 30):.1f} GB" if number >= 1 << 30 else f"{number / (1 << 20):.0f} MB"


JUDGES: tuple[Callable[[Look], Iterator[Sign]], ...] = (_sealing, _letters, _timers, _pulses, _room, _years, _program)
