"""The form of a calendar's content: which items it has and what each may be; strangers' items are refused."""

from typing import Annotated, Any, Literal

from pydantic import Field

from workflows.errors import CalendarUnfit
from workflows.published.faults import faults_of_form
from workflows.published.form import Form, Words

Day = Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
Year = Annotated[int, Field(ge=2000, le=2100)]
Organ = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x20\x7f]+$")]
MOST_DAYS, MOST_YEARS, MOST_PLACES = 200, 101, 500


class YearForm(Form):
    """One year: the notice that says so, days off and make-up days."""

    year: Year
    notice: Annotated[Words, Field(description="number of the notice, e.g. 国办发明电〔2025〕7号")]
    dated: Annotated[str, Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$", description="the notice's date")]
    days_off: Annotated[list[Day], Field(max_length=MOST_DAYS)]
    make_up_days: Annotated[list[Day], Field(max_length=MOST_DAYS)]


class LocalForm(YearForm):
    """What one bureau's place has beside the country in a year."""

    organ: Annotated[Organ, Field(description="the code of the finance bureau")]


class CalendarForm(Form):
    """A calendar of working days of Goaltrail 绩效目标审批台账."""

    format: Literal[1]
    name: Literal["working-days"]
    title: Words
    years: Annotated[list[YearForm], Field(min_length=1, max_length=MOST_YEARS)]
    local: Annotated[list[LocalForm], Field(max_length=MOST_PLACES)]


def check_form(content: Any) -> None:
    """Raise CalendarUnfit with every fault of form: where it is and a sentence."""
    faults = faults_of_form(CalendarForm, content)
    if faults:
        listed = "；".join(f"{pointer or '/'} {sentence}" for pointer, sentence in faults[:3])
        raise CalendarUnfit(
            f"工作日历有{len(faults)}处格式错误：{listed}。",
            problems=[{"pointer": pointer, "sentence": sentence} for pointer, sentence in faults],
        )
