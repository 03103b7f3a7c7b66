"""The red line of the printed forms where the bureau has paused the project (停止拨付)."""

from datetime import datetime

from workflows.forms.form import Line, Place
from workflows.printing.paper import Paper
from workflows.workdays import beijing_date


def pause_lines(paper: Paper) -> tuple[Line, ...]:
    """Return the line that says since when and why; none while the project goes on."""
    pause = paper.table.paused
    if pause is None:
        return ()
    since = beijing_date(datetime.fromisoformat(pause.since)).isoformat()
    return (Line(f"项目已暂停，停止拨付（自{since}起）。理由：{pause.why}", Place.WARNING),)
