"""How an action is offered: one act on one table as a value, and the entry that says body, verb and scope."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from service.api.bodies import Body
from service.tokens import TokenScope
from workflows.commands.recipe import Seen
from workflows.journal import Journal
from workflows.vocabulary import Action, Actor


@dataclass(frozen=True)
class Call:
    """One act on one table: the ledger, what the caller saw (and which draft, if any was shown), who, the command."""

    journal: Journal
    table_id: UUID
    seen: Seen
    draft_version: int | None
    by: Actor
    command_id: UUID

    @property
    def subject(self) -> dict[str, Any]:
        """Return what every verb is given by name."""
        return {"seen": self.seen, "by": self.by, "command_id": self.command_id}


Carry = Callable[[Call, Any], object]


@dataclass(frozen=True)
class Entry:
    """One action: the shape of its body, how it is carried out, and by whose leave.

    `needs_match`: the caller decides on what he saw, so that If-Match has to be sent. `in_bulk`: also over many tables.
    """

    action: Action
    body: type[Body]
    carry: Carry
    scope: TokenScope
    needs_match: bool = True
    in_bulk: bool = False


def by_verb(verb: Callable[..., object], **fixed: object) -> Carry:
    """Carry an action out by a verb whose own details are named as the body's fields."""

    def carry(call: Call, body: Body) -> object:
        return verb(call.journal, call.table_id, **call.subject, **dict(body), **fixed)

    return carry
