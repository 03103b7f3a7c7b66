"""Who filed under a year's campaigns by the product's own board, and the lists of units that their events name."""

from workflows.campaigns.coverage import UnitStands, by_department
from workflows.campaigns.coverage import counted as counts_of
from workflows.ledger.canonical import canonical
from workflows.store.campaign_sums import standings_of
from workflows.store.campaigns import campaign_at
from workflows.store.counting import campaigns_opened
from workflows.store.streams import content_of
from workflows.store.transaction import Transaction

Departments = dict[str, dict[str, int]]
"""How many units of each department stand how: filed, late, missing, nothing."""


def units_counted(tx: Transaction) -> dict[str, Departments]:
    """Return what the board of every campaign says, by its title."""
    campaigns = [campaign_at(tx, stream) for stream in campaigns_opened(tx)]
    return {campaign.title: _departments(standings_of(tx, campaign)) for campaign in campaigns}


def _departments(units: tuple[UnitStands, ...]) -> Departments:
    sums = {department: counts_of(found) for department, found in by_department(units).items()}
    return {
        department: {
            "filed": sum_.filed_units, "late": sum_.late_units, "missing": sum_.missing_units, "nothing": sum_.nothing,
        }
        for department, sum_ in sums.items()
    }  # fmt: skip


def lists_of_units(tx: Transaction) -> dict[str, str]:
    """Return the lists of units of every campaign as canonical text, by the hash that its opening names."""
    hashes = set(campaigns_opened(tx).values())
    return {content_hash: canonical(content_of(tx, content_hash)).decode() for content_hash in hashes}
