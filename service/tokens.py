"""Access tokens: what one may do with them, how they are made, shown once, ended and recognised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from workflows.commands.tracing import note_token_issued, note_token_revoked
from workflows.errors import CommandReused, FieldsInvalid, NotAllowed, NotFound
from workflows.store.journal import PostgresJournal
from workflows.store.posts import actor_of
from workflows.store.tokens import count_living, end_token, keep_token, token_of
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor, Word

MOST_TOKENS = 20
LONGEST_NAME = 60
LIFETIMES = {7: "7天", 30: "30天", 90: "90天", 180: "180天", 365: "一年"}
"""Days that a token may live, with the words of the form."""
PREFIX = "gtl_"
"""Begins every token, so that scanners of leaked secrets know one when they see it."""


class TokenScope(Word):
    """What a token opens; each scope stands for itself, none includes another."""

    READ = "read", "查看", "read"
    FILE = "file", "填报", "file"
    DECIDE = "decide", "审批", "decide"
    ADMINISTER = "administer", "管理", "administer"


@dataclass(frozen=True)
class Bearer:
    """Who shows a token, and what it opens."""

    actor: Actor
    token: UUID
    scopes: frozenset[TokenScope]


def issue_token(
    tx: Transaction, token_id: UUID, secret: str, *, by: Actor, name: str, scopes: Sequence[str], days: int,
    command_id: UUID, may_decide: bool,
) -> str:  # fmt: skip
    """Keep a new token of the person under the hash of `secret` (32 random bytes, base64url); return when it ends.

    FieldsInvalid for a missing name, no or an unknown scope, another lifetime, too many tokens; CommandReused where
    it was made before; NotAllowed for deciding where the installation does not let tokens decide (`may_decide`).
    """
    wanted = _wanted(name, scopes, days)
    if TokenScope.DECIDE in wanted and not may_decide:
        raise NotAllowed("本系统没有开放凭令牌审批，不能建立可以审批的令牌。", rule="G-TOKENS")
    if count_living(tx, by.id) >= MOST_TOKENS:
        raise FieldsInvalid(f"您已有{MOST_TOKENS}个有效令牌，请先吊销不用的。")
    ends = keep_token(
        tx, token_id, person=by.id, name=name.strip(), scopes=wanted, secret=secret, lasts=timedelta(days=days)
    )
    if ends is None:
        raise CommandReused
    note_token_issued(
        PostgresJournal(tx), token=str(token_id), purpose=name.strip(), scopes=tuple(wanted), ends_at=ends, by=by,
        command_id=command_id,
    )  # fmt: skip
    return ends


def _wanted(name: str, scopes: Sequence[str], days: int) -> list[str]:
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        raise FieldsInvalid(f"请写明令牌用途（不超过{LONGEST_NAME}字），例如“预算一体化接口”。", field="name")
    if not scopes or not set(scopes) <= set(TokenScope):
        raise FieldsInvalid("请选择令牌可以做什么。", field="scopes")
    if days not in LIFETIMES:
        raise FieldsInvalid("请选择令牌的有效期。", field="days")
    return [scope.value for scope in TokenScope if scope in scopes]


def revoke_token(tx: Transaction, token_id: UUID, *, by: Actor, command_id: UUID) -> None:
    """End one of the person's own tokens at once; NotFound where there is none that was not revoked before."""
    if not end_token(tx, by.id, token_id):
        raise NotFound
    note_token_revoked(PostgresJournal(tx), token=str(token_id), by=by, command_id=command_id)


def bearer_of(tx: Transaction, shown: str) -> Bearer | None:
    """Return who shows a living token, with the posts held now; None for anything else."""
    row = token_of(tx, shown) if shown.startswith(PREFIX) else None
    if row is None:
        return None
    scopes = frozenset(TokenScope(scope) for scope in row["scopes"])
    return Bearer(actor_of(tx, row["person"], row["name"]), row["token_id"], scopes)
