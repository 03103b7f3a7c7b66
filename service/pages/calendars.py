"""工作日历: the year as twelve months, who published what when, what a version changes; bringing in the next one."""

from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.calendar_months import year_of_calendar
from service.calendar_versions import version_named, versions_of_calendar
from service.context import journal, person, transaction
from service.organ_book import organs
from service.pages.posted import asked, command_id, refuse_long_texts, text, year_of
from workflows.calendars.comparing import calendar_differences
from workflows.calendars.lint import lint
from workflows.calendars.notice import LARGEST, Notice, read_notice, with_entry
from workflows.commands.publishing_calendars import calendar_content_in_force, propose_calendar, publish_calendar
from workflows.errors import FieldsInvalid, GoaltrailError
from workflows.vocabulary import Role
from workflows.workdays import beijing_date

pages = Blueprint("calendars", __name__)


@pages.get("/calendar")
def show() -> str:
    """Show a year of the calendar in force or of another version, and what that one changes."""
    return _page()


@pages.post("/calendar")
def propose() -> ResponseReturnValue:
    """Lay a year's notice from a file into the calendar in force and propose that to the other administrators."""
    g.fresh = partial(_page)
    refuse_long_texts()
    year, sent = year_of(text("year")), request.files.get("file")
    data = sent.read(LARGEST + 1) if sent else b""
    if year is None or not data:
        raise FieldsInvalid(_("请填写年度并选择文件。"), field="file")
    entry = read_notice(data, Notice(year, text("notice"), text("dated"), _place(text("organ"))))
    content = with_entry(calendar_content_in_force(journal()), entry)
    proposed = propose_calendar(journal(), content=content, by=person(), command_id=command_id())
    flash(_("已提出，等待另一名流程管理员发布。"), "good")
    return redirect(url_for("calendars.show", year=year, version=proposed.content_hash), 303)


@pages.post("/calendar/publish")
def publish() -> ResponseReturnValue:
    """Put the version that was shown into force; open deadlines are counted anew by the worker."""
    version, year = text("content_hash"), year_of(text("year"))
    g.fresh = partial(_page, version=version, year=year)
    publish_calendar(journal(), content_hash=version, by=person(), command_id=command_id())
    flash(_("已发布。未到期的期限由系统随后按此重算，每一项变动都记入台账。"), "good")
    return redirect(url_for("calendars.show", year=year), 303)


def _page(refusal: GoaltrailError | None = None, *, version: str = "", year: int | None = None) -> str:
    versions = versions_of_calendar(journal())
    chosen, base = version_named(versions, version or asked("version")), versions[0]
    bureaus = organs().of_kind("bureau")
    organ = asked("organ") or (bureaus[0]["id"] if bureaus else "")
    shown = year or year_of(asked("year")) or beijing_date(transaction().now()).year
    return render_template(
        "calendar.html", versions=versions, chosen=chosen, base=base, bureaus=bureaus, organ=organ,
        shown=year_of_calendar(chosen.content, shown, organ, base.content), remarks=lint(chosen.content),
        changes=calendar_differences(base.content, chosen.content), typed=request.form,
        administers=person().holds(Role.PROCESS_ADMIN), mine=chosen.author_id == person().id,
        refused=refusal.sentence if refusal else None,
    )  # fmt: skip


def _place(organ: str) -> str:
    """Return the bureau of a local notice, nothing for the country's; FieldsInvalid for an organ that is no bureau."""
    if organ and organ not in {each["id"] for each in organs().of_kind("bureau")}:
        raise FieldsInvalid(_("请选择范围。"), field="organ")
    return organ
