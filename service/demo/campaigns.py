"""Campaigns of the made-up city: next year's goals, the samples' year, last month's figures, last year's results."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid5

from sqlalchemy import Engine

from service.demo.city import City
from service.demo.planting import DEMO, refuse_production
from service.demo.running import Acting, Month, Project, month_before, shipped_projects
from workflows.campaigns import Campaign, Purpose
from workflows.campaigns.moments import beginning, ending
from workflows.commands.campaigns import Terms, close_campaign, extend_campaign, open_campaign
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin
from workflows.vocabulary import Actor, Role
from workflows.workdays import beijing_date

RUNS, AT_ONCE = timedelta(days=20), timedelta(microseconds=1)
"""How long units have from the day of planting; a closing that is past as soon as the next act comes."""
MONTHS = 6
"""The month that last year's projects were monitored up to, by their printed plan."""
WHY_MORE = "部分单位支付数据尚在核对，同意延期报送。"


def plant_campaigns(engine: Engine, city: City) -> int:
    """Ask every unit for next year's goals, and those of the sample documents for theirs; return how many there are."""
    section = _section(city)
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
    return Terms(
        year, Purpose.GOAL_FILING, f"{year}年度绩效目标申报", beginning(today.isoformat()),
        ending((today + RUNS).isoformat()), _units(city), enforcing,
        basis=f"清财绩〔{today.year}〕9号" if enforcing else "",
    )  # fmt: skip


def plant_running(engine: Engine, city: City) -> int:
    """Plant the projects under way with what units are asked for about them; return how many campaigns that gives.

    Last month's figures: one unit filed before the closing that was set first, one after it in the time given later,
    one has not filed. In January none are due. Last year's results are all filed, and the campaign was ended.
    """
    projects, data = shipped_projects()
    section = _section(city)
    with begin(engine) as tx:
        refuse_production(tx)
        acting = Acting(PostgresJournal(tx), city, data)
        today = beijing_date(acting.now)
        month = month_before(today)
        _results(acting, [each for each in projects if each.years_ago], section)
        asked = _figures(acting, [each for each in projects if not each.years_ago], section, month) if month else None
    if asked and month:
        with begin(engine) as tx:
            acting = Acting(PostgresJournal(tx), city, data)
            extend_campaign(
                acting.journal, asked, closes=ending((today + RUNS).isoformat()), reason=WHY_MORE, by=section,
                command_id=uuid5(DEMO, "campaign:more"),
            )  # fmt: skip
            for project in projects:
                if project.filed == "late":
                    acting.filed_figures(project, month.window)
    return 1 + bool(month)


def _results(acting: Acting, projects: Sequence[Project], section: Actor) -> None:
    """Lead last year's projects to their result, ask for it, and end that."""
    year = beijing_date(acting.now).year - 1
    for project in projects:
        acting.filed_result(project, acting.lead_to_monitoring(project, MONTHS))
    terms = Terms(
        year, Purpose.SELF_EVALUATION, f"{year}年度绩效自评", beginning(f"{year + 1}-01-01"),
        ending((beijing_date(acting.now) + RUNS).isoformat()), _units(acting.city),
    )  # fmt: skip
    asked = _ask(acting.journal, acting.city, section, terms)
    close_campaign(
        acting.journal, asked, reason="各单位均已报齐。", by=section, command_id=uuid5(DEMO, "campaign:complete")
    )  # fmt: skip


def _figures(acting: Acting, projects: Sequence[Project], section: Actor, month: Month) -> Campaign:
    """Lead this year's projects to their window, let those in time file, and ask for it until this moment."""
    for project in projects:
        acting.called_for_figures(project, acting.lead_to_monitoring(project, month.month), month.window)
        if project.filed == "in_time":
            acting.filed_figures(project, month.window)
    title, first = f"{month.year}年1—{month.month}月绩效运行监控", f"{month.year}-{month.month + 1:02}-01"
    terms = Terms(
        month.year, Purpose.MONITORING, title, beginning(first), acting.now + AT_ONCE, _units(acting.city),
        window=month.window,
    )  # fmt: skip
    return _ask(acting.journal, acting.city, section, terms)


def _units(city: City) -> dict[str, str]:
    return {unit.id: city.home(unit.id, "").department for unit in city.units()}


def _section(city: City) -> Actor:
    return next(person for person in city.people if person.holds(Role.FINANCE_PERFORMANCE))


def _ask(journal: PostgresJournal, city: City, section: Actor, terms: Terms) -> Campaign:
    """Open it, or find it opened by the same command before."""
    bureau = next(organ.id for organ in city.organs if organ.kind == "bureau")
    command = uuid5(DEMO, f"campaign:{terms.purpose}:{terms.enforcing}")
    return open_campaign(journal, bureau=bureau, terms=terms, by=section, command_id=command)
