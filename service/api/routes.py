"""The routes of the REST interface: each operation's request is read by its shapes, run, and written as JSON."""

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from service.api.answering import API, PREFIX, handle_refusals, not_modified, refuse_scope, written
from service.api.asked import Asked, body_asked, key_asked, match_asked, query_asked
from service.api.commanding import commanded
from service.api.operation import Operation
from service.api.operations import OPERATIONS
from service.api.specification import specification
from service.security import csrf
from service.tokens import TokenScope

CONVERTERS = {
    "table_id": "uuid:table_id", "document_id": "uuid:document_id", "referral_id": "uuid:referral_id",
    "campaign_id": "uuid:campaign_id",
    "definition_hash": "definition_hash",
}  # fmt: skip

api = Blueprint(API, __name__, url_prefix=PREFIX)


def _view(operation: Operation) -> Callable[..., ResponseReturnValue]:
    def view(**path: Any) -> Response:
        refuse_scope(operation.scope)
        if operation.is_command:
            return commanded(operation.run, _command(operation, path))
        reply = operation.run(Asked(path=path, query=query_asked(operation.query)))
        return not_modified(dict(reply.headers)) or written(reply.body, reply.status, dict(reply.headers))

    return view


def _command(operation: Operation, path: dict[str, Any]) -> Asked:
    key, query = key_asked(), query_asked(operation.query)
    body = body_asked(operation.body) if operation.body else None
    match = match_asked() if operation.match else None
    return Asked(path=path, query=query, body=body, match=match, dry_run=query.dry_run, key=key)


def rule_of(path: str) -> str:
    """Return an operation's path as the router spells it."""
    for name, converter in CONVERTERS.items():
        path = path.replace(f"{{{name}}}", f"<{converter}>")
    return path


for each in OPERATIONS:
    api.add_url_rule(
        rule_of(each.path), each.name, _view(each), methods=[each.method], provide_automatic_options=False
    )


@api.get("/openapi.json", provide_automatic_options=False)
def openapi() -> Response:
    """Hand the specification out."""
    refuse_scope(TokenScope.READ)
    return written(json.dumps(specification(), ensure_ascii=False), 200, {})


csrf.exempt(api)
handle_refusals(api)
