"""A command once and for all: the same key gets the same answer; a dry run decides everything and keeps nothing."""

from collections.abc import Callable

from flask import Response

from service.api.answering import written
from service.api.asked import Asked, fingerprint
from service.api.operation import Reply
from service.api.refusals import KeyReused
from service.context import person, transaction
from workflows.store.answers import keep_answer, take_key

REPLAYED = "Idempotency-Replayed"


def commanded(run: Callable[[Asked], Reply], asked: Asked) -> Response:
    """Carry a command out, or repeat its first answer; KeyReused where the key served another request.

    Answer and record are kept in one transaction. A refusal keeps neither, so that the key may be used again.
    """
    if asked.dry_run:
        return _tried(run, asked)
    tx, mine, who = transaction(), fingerprint(), person().id
    kept = take_key(tx, who, asked.key, mine)
    if kept is not None:
        if kept.request_sha256 != mine:
            raise KeyReused
        return written(kept.body, kept.status, {**kept.headers, REPLAYED: "true"})
    reply = run(asked)
    keep_answer(tx, who, asked.key, status=reply.status, headers=reply.headers, body=reply.body)
    return written(reply.body, reply.status, dict(reply.headers))


def _tried(run: Callable[[Asked], Reply], asked: Asked) -> Response:
    """Decide everything, take it back, and say what would have happened."""
    part = transaction().savepoint()
    try:
        reply = run(asked)
    finally:
        part.rollback()
    return written(reply.body, 200, {name: value for name, value in reply.headers.items() if name != "Location"})
