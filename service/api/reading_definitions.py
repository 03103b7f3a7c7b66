"""The chain definitions as data: those that ship, and any that a table is pinned to, by its hash."""

import re
from hashlib import sha256
from importlib.resources import files

from service.api import answers_listed as lists
from service.api.asked import Asked
from service.api.operation import Reply
from service.context import journal
from workflows.definitions import shipped
from workflows.errors import NotFound
from workflows.ledger.canonical import canonical

HASH = re.compile("[0-9a-f]{64}")


def list_definitions(_asked: Asked) -> Reply:
    """Return the definitions that ship with the product."""
    return Reply(lists.Definitions(items=[_row(name) for name in _names()]))


def _names() -> list[str]:
    found = (file.name for file in files("workflows.definitions").joinpath("data").iterdir())
    return sorted(name.removesuffix(".json") for name in found if name.endswith(".json") and "schema" not in name)


def _row(name: str) -> lists.DefinitionRow:
    content = shipped(name)
    digest = sha256(canonical(content)).hexdigest()
    return lists.DefinitionRow(name=content["name"], title=content["title"], definition_hash=digest)


def show_definition(asked: Asked) -> Reply:
    """Return a definition by its hash; other contents are not shown here, whoever knows their hash."""
    wanted: str = asked.path["definition_hash"]
    if not HASH.fullmatch(wanted):
        raise NotFound
    content = next((shipped(name) for name in _names() if _row(name).definition_hash == wanted), None)
    found = content or journal().content(wanted)
    if not {"name", "title", "nodes"} <= found.keys():
        raise NotFound
    return Reply(lists.DefinitionShown(definition_hash=wanted, content=found), {"ETag": f'"{wanted}"'})
