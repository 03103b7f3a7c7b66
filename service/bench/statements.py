"""The statements of the yardsticks, each found by its name in the file beside this one."""

from functools import cache
from importlib.resources import files

MARK = "-- name: "


@cache
def statement(name: str) -> str:
    """Return a statement by its name; KeyError where there is none."""
    text = files("service.bench").joinpath("statements.sql").read_text(encoding="utf-8")
    return {title.strip(): body.strip() for title, _, body in (each.partition("\n") for each in text.split(MARK)[1:])}[
        name
    ]
