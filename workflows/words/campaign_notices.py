"""Who is told of a campaign: the clerks and heads of its units, when it opens, moves, ends, is urged or comes due."""

from collections.abc import Iterable

from workflows import events as e
from workflows.addressees import Addressee, Notice
from workflows.campaigns import Campaign
from workflows.campaigns.coverage import UnitStands
from workflows.campaigns.moments import last_day, said, said_beginning
from workflows.campaigns.reminding import Reminder
from workflows.vocabulary import Role

TOLD = (Role.CLERK, Role.UNIT_HEAD)


def told_of_campaign(recorded: e.Recorded, campaign: Campaign) -> tuple[tuple[str, Notice], ...]:
    """Return the notices of one event with the unit that each is for; nothing for a unit's own word."""
    name = f"“{campaign.title}”"
    match recorded.fact:
        case e.CampaignOpened():
            how = "截止后不能再提交" if campaign.enforcing else "请按期提交"
            time = f"{said_beginning(campaign.opens)}开始，{said(campaign.closes)}截止"
            text = f"财政绩效科布置{name}（{campaign.purpose.chinese}，{campaign.year}年度）：{time}，{how}。"
            return to_units(campaign.scope, recorded.kind, f"任务布置：{campaign.title}", text)
        case e.CampaignExtended(units, _, reason):
            ends = said(campaign.extensions[-1].closes)
            text = f"{name}的截止时间延至{ends}。理由：{reason}"
            return to_units(units or campaign.scope, recorded.kind, f"延期：{campaign.title}", text)
        case e.CampaignClosed(reason):
            text = f"{name}提前结束。理由：{reason}"
            return to_units(campaign.scope, recorded.kind, f"提前结束：{campaign.title}", text)
        case e.CampaignUrged(units):
            return tuple(each for unit in units for each in _urged(recorded, campaign, unit))
        case _:
            return ()


def _urged(recorded: e.Recorded, campaign: Campaign, unit: str) -> tuple[tuple[str, Notice], ...]:
    """Return what a unit is told of one urging; its version tells it from the urging before, or it would be dropped."""
    ends = said(campaign.closes_for(unit))
    text = f"{recorded.signer}催办：“{campaign.title}”将于{ends}截止，本单位尚未报齐，请及时提交。"
    return to_units((unit,), f"{recorded.kind}.{recorded.version}", f"催办：{campaign.title}", text)


def to_units(units: Iterable[str], template: str, subject: str, text: str) -> tuple[tuple[str, Notice], ...]:
    """Return one notice for the clerks and one for the head of every unit, each with its unit."""
    return tuple(
        (unit, Notice(Addressee(role=role, organ=unit), template, subject, text))
        for unit in sorted(units) for role in TOLD
    )  # fmt: skip


def reminders(campaign: Campaign, due: Reminder, missing: Iterable[UnitStands]) -> tuple[tuple[str, Notice], ...]:
    """Return a rung's reminders for the units that have not filed and whose time ends then."""
    day = last_day(due.closes).isoformat()
    when = "今天" if due.rung == "T" else f"还有{due.rung.removeprefix('T-')}个工作日"
    provisional = "（该年度工作日历尚未公布，提醒日期为暂定）" if due.provisional else ""
    told: list[tuple[str, Notice]] = []
    for each in missing:
        left = f"还有{each.missing}张表没有提交" if each.missing else "尚未报齐"
        text = f"“{campaign.title}”{when}截止（{said(due.closes)}），本单位{left}，请及时办理。{provisional}"
        told += to_units((each.unit,), f"reminder.campaign.{due.rung}.{day}", f"截止提醒：{campaign.title}", text)
    return tuple(told)
