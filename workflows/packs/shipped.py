"""Which rule packs ship with the product, as whole contents, and to which family of forms each belongs."""

from importlib.resources import files
from typing import Any

import orjson

from workflows.errors import NotFound

PACK_OF_FAMILY = {
    "hebei-special-fund": "hebei-special-fund",
    "hebei-project": "hebei-project",
    "ningxia-county-project": "ningxia-county",
    "ningxia-region-project": "ningxia-region",
    "henan-unit": "henan-unit",
}
"""The families that have a pack of their own; every other goes by the national one."""
NATIONAL = "national-2021"
PACK_NAMES = (NATIONAL, "national-2020", "national-2015", *PACK_OF_FAMILY.values())
FAMILY_NAMES = (*PACK_OF_FAMILY, "national-project", "national-unit")


def pack_content(name: str) -> dict[str, Any]:
    """Return the whole content of a shipped pack, base and overrides joined; NotFound for a name that no pack has.

    A section that an override sets to null is left out: the older national rules know no pass mark, for one.
    """
    if name not in PACK_NAMES:
        sentence = f"没有名为“{name}”的规则包。"
        raise NotFound(sentence, pack=name)
    return _resolved(name)


def pack_content_for(family: str | None) -> dict[str, Any]:
    """Return the content of a document family's pack; the national one where the family has none of its own."""
    return pack_content(PACK_OF_FAMILY.get(family or "", NATIONAL))


def _resolved(name: str) -> dict[str, Any]:
    own: dict[str, Any] = orjson.loads((files("workflows.packs") / "data" / f"{name}.json").read_bytes())
    base = own.pop("base", None)
    joined = own if base is None else {**_resolved(base), **own}
    return {name: section for name, section in joined.items() if section is not None}
