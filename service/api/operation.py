"""One operation of the REST interface as a value: route, scope, shapes, handler; the specification reads it too."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from service.api.asked import Asked
from service.api.bodies import Body
from service.tokens import TokenScope


class NoQuery(Body):
    """An operation without parameters in its query."""


class CommandQuery(Body):
    """What every command may be asked: only to say what would happen."""

    dry_run: bool = False


@dataclass(frozen=True)
class Reply:
    """What an operation answers: a shape, its headers, its status."""

    said: BaseModel
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200

    @property
    def body(self) -> str:
        """Return the JSON text."""
        return self.said.model_dump_json()


@dataclass(frozen=True)
class Operation:
    """One operation. `path` is written as in the specification: /tables/{table_id}."""

    name: str
    method: str
    path: str
    tag: str
    summary: str
    english: str
    scope: TokenScope
    run: Callable[[Asked], Reply]
    answer: type[BaseModel]
    query: type[BaseModel] = NoQuery
    body: type[Body] | None = None
    match: str = ""
    status: int = 200
    headers: tuple[str, ...] = ()

    @property
    def is_command(self) -> bool:
        """Whether it changes something."""
        return self.method != "GET"


NEEDED, OFFERED = "needed", "offered"
"""Whether If-Match has to be sent, or may be."""
