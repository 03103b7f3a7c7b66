"""Two campaigns of the made-up city: next year's goals with an enforced cut-off, the samples' year without one."""

from datetime import datetime, timedelta
from uuid import uuid5

from sqlalchemy import Engine

from service.demo.city import City
from service.demo.planting import DEMO, refuse_production
from workflows.campaigns import Purpose
from workflows.campaigns.moments import beginning, ending
from workflows.commands.campaigns import Terms, open_campaign
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin
from workflows.vocabulary import Actor, Role
from workflows.workdays import beijing_date

RUNS = timedelta(days=20)
"""How long units have from the day of planting."""


def plant_campaigns(engine: Engine, city: City) -> int:
    """Ask every unit for next year's goals, and those of the sample documents for theirs; return how many there are."""
    section = next(person for person in city.people if person.holds(Role.FINANCE_PERFORMANCE))
    year = max(set(years := [sample.year for sample in city.samples]), key=years.count)
    with begin(engine) as tx:
        refuse_production(tx)
        journal, now = PostgresJournal(tx), tx.now()
        wanted = ((beijing_date(now).year + 1, True), (year, False))
        for budget_year, enforcing in wanted:
            _ask(journal, city, section, terms_of(city, budget_year, now, enforcing=enforcing))
    return len(wanted)


def terms_of(city: City, year: int, now: datetime, *, enforcing: bool) -> Terms:
    """Return what every unit with a clerk is asked for a year, from today on."""
    today = beijing_date(now)
    scope = {unit.id: city.home(unit.id, "").department for unit in city.units()}
    return Terms(
        year, Purpose.GOAL_FILING, f"{year}年度绩效目标申报", beginning(today.isoformat()),
        ending((today + RUNS).isoformat()), scope, enforcing, basis=f"清财绩〔{today.year}〕9号" if enforcing else "",
    )  # fmt: skip


def _ask(journal: PostgresJournal, city: City, section: Actor, terms: Terms) -> None:
    """Open it, or find it opened by the same command before."""
    bureau = next(organ.id for organ in city.organs if organ.kind == "bureau")
    command = uuid5(DEMO, f"campaign:{terms.purpose}:{terms.enforcing}")
    open_campaign(journal, bureau=bureau, terms=terms, by=section, command_id=command)
