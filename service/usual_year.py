"""Which fiscal year a page is about where nobody names one: this year, or the newest that has tables."""

from service.context import person, transaction
from service.pages.posted import asked, year_of
from workflows.store.tallies import years_counted
from workflows.workdays import beijing_date


def year_asked() -> int:
    """Return the year of the address; else this year where it has tables or none has, else the newest before it."""
    typed = year_of(asked("year"))
    if typed:
        return typed
    today, years = beijing_date(transaction().now()).year, years_counted(transaction(), person())
    if not years or today in years:
        return today
    return next((year for year in years if year < today), years[-1])
