"""Who is told of a campaign: the clerks and heads of its units, when it opens, moves, ends, is urged or comes due."""

from collections.abc import Iterable, Mapping

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
            known = _known(recorded, campaign) | {"要求": how}
            time = f"{known['开始时间']}开始，{known['截止时间']}截止"
            text = f"财政绩效科布置{name}（{campaign.purpose.chinese}，{campaign.year}年度）：{time}，{how}。"
            return to_units(campaign.scope, recorded.kind, f"任务布置：{campaign.title}", text, known)
        case e.CampaignExtended(units, _, reason):
            known = _known(recorded, campaign) | {"截止时间": said(campaign.extensions[-1].closes), "理由": reason}
            text = f"{name}的截止时间延至{known['截止时间']}。理由：{reason}"
            return to_units(units or campaign.scope, recorded.kind, f"延期：{campaign.title}", text, known)
        case e.CampaignClosed(reason):
            known = _known(recorded, campaign) | {"理由": reason}
            text = f"{name}提前结束。理由：{reason}"
            return to_units(campaign.scope, recorded.kind, f"提前结束：{campaign.title}", text, known)
        case e.CampaignUrged(units):
            return tuple(each for unit in units for each in _urged(recorded, campaign, unit))
        case _:
            return ()


def _known(recorded: e.Recorded, campaign: Campaign) -> dict[str, str]:
    """Return what every notice of a campaign's event may say."""
    return said_of_campaign(campaign) | {"办理人": recorded.signer}


def said_of_campaign(campaign: Campaign) -> dict[str, str]:
    """Return what is said of a campaign anywhere: its name, kind, year, beginning and end."""
    return {
        "名称": campaign.title, "事项": campaign.purpose.chinese, "年度": str(campaign.year),
        "开始时间": said_beginning(campaign.opens), "截止时间": said(campaign.closes),
    }  # fmt: skip


def _urged(recorded: e.Recorded, campaign: Campaign, unit: str) -> tuple[tuple[str, Notice], ...]:
    """Return what a unit is told of one urging; its version tells it from the urging before, or it would be dropped."""
    ends = said(campaign.closes_for(unit))
    text = f"{recorded.signer}催办：“{campaign.title}”将于{ends}截止，本单位尚未报齐，请及时提交。"
    known = _known(recorded, campaign) | {"截止时间": ends}
    return to_units((unit,), f"{recorded.kind}.{recorded.version}", f"催办：{campaign.title}", text, known)


def to_units(
    units: Iterable[str], template: str, subject: str, text: str, known: Mapping[str, str]
) -> tuple[tuple[str, Notice], ...]:
    """Return one notice for the clerks and one for the head of every unit, each with its unit."""
    return tuple(
        (unit, Notice(Addressee(role=role, organ=unit), template, subject, text, known))
        for unit in sorted(units) for role in TOLD
    )  # fmt: skip


def reminders(campaign: Campaign, due: Reminder, missing: Iterable[UnitStands]) -> tuple[tuple[str, Notice], ...]:
    """Return a rung's reminders for the units that have not filed and whose time ends then."""
    day = last_day(due.closes).isoformat()
    when = "今天" if due.rung == "T" else f"还有{due.rung.removeprefix('T-')}个工作日"
    provisional = "（该年度工作日历尚未公布，提醒日期为暂定）" if due.provisional else ""
    known = said_of_campaign(campaign) | {"截止时间": said(due.closes), "剩余": when, "暂定": provisional}
    template, subject = f"reminder.campaign.{due.rung}.{day}", f"截止提醒：{campaign.title}"
    told: list[tuple[str, Notice]] = []
    for each in missing:
        left = f"还有{each.missing}张表没有提交" if each.missing else "尚未报齐"
        text = f"“{campaign.title}”{when}截止（{known['截止时间']}），本单位{left}，请及时办理。{provisional}"
        told += to_units((each.unit,), template, subject, text, known | {"欠报": left})
    return tuple(told)
