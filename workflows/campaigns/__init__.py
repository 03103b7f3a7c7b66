"""Campaigns (任务布置): who is asked to file what by when, what is refused outside that time, and who has filed."""

from workflows.campaigns.standing import (
    DECLARABLE,
    MOST_CAMPAIGNS,
    Campaign,
    Declaration,
    Extension,
    Phase,
    Purpose,
    campaign_from,
    campaign_stream,
    campaign_streams,
    unit_list,
)

__all__ = [
    "DECLARABLE",
    "MOST_CAMPAIGNS",
    "Campaign",
    "Declaration",
    "Extension",
    "Phase",
    "Purpose",
    "campaign_from",
    "campaign_stream",
    "campaign_streams",
    "unit_list",
]
