"""A whole filing document on paper: the department part in force, its tables, the number of undisclosed ones."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from workflows.goal_links import aims_of, with_links

Json = dict[str, Any]


def printed_document(
    *, source: str, family: str, part: Mapping[str, Any] | None, tables: Mapping[int, Mapping[str, Any]],
    undisclosed: int,
) -> Json:  # fmt: skip
    """Return a document as its form prints it, with these tables (content by their number in the document).

    Links name the tables by their place on this paper; links to tables that are not on it are left out. Of tables that
    are not disclosed only the number is there.
    """
    places = {number: place for place, number in enumerate(sorted(tables), 1)}
    linked = None
    if part is not None:
        links = {
            aim.pointer: [places[each] for each in aim.links if each in places] for aim in aims_of(part) if aim.links
        }
        linked = with_links(part, links)
    return {
        "source": source, "family": family, "tables": [deepcopy(dict(tables[each])) for each in sorted(tables)],
        "department": linked, "undisclosed_tables": undisclosed,
    }  # fmt: skip
