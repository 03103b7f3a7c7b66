"""One sentence for each event of a campaign."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from workflows.campaigns.moments import said, said_beginning
from workflows.campaigns.standing import Purpose


def _opened(fact: Any) -> str:
    begins, ends = (dt.datetime.fromisoformat(moment) for moment in (fact.opens, fact.closes))
    how = "硬性截止" if fact.enforcing else "提示性期限"
    time = f"{said_beginning(begins)}至{said(ends)}，{how}"
    return f"布置“{fact.title}”（{Purpose(fact.purpose).chinese}，{fact.year}年度，{fact.size}个单位，{time}）"


def _extended(fact: Any) -> str:
    units = f"{len(fact.units)}个单位的" if fact.units else "全部单位的"
    return f"将{units}截止时间延至{said(dt.datetime.fromisoformat(fact.closes))}，理由：{fact.reason}"


def _declared(fact: Any) -> str:
    note = f"，说明：{fact.note}" if fact.note else ""
    return f"零申报{note}" if not fact.tables else f"申报完毕，共{fact.tables}张表{note}"


SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "campaign.opened": _opened,
    "campaign.extended": _extended,
    "campaign.closed": lambda fact: f"提前结束布置，理由：{fact.reason}",
    "campaign.urged": lambda fact: f"催办未报单位{len(fact.units)}个",
    "campaign.declared": _declared,
}
