"""Is the process alive, and is everything ready that it stands on: database, schema, guards, sealer, notes, broker."""

from datetime import UTC, datetime

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from service.anchor_health import checkpoints_check
from service.config import Settings
from service.security import limiter
from workflows.commands.tracing import INSTALLATION
from workflows.errors import GoaltrailError
from workflows.store.guards import guards_of
from workflows.store.installation import mode_of
from workflows.store.sealing import oldest_unsealed
from workflows.store.transaction import Transaction, begin

LONGEST_LAG = 60.0
IN_THE_DATABASE = ("database", "migrations", "sealer", "catalog", "checkpoints")
Check = dict[str, object]

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@limiter.exempt
def alive() -> ResponseReturnValue:
    """Say that this process answers."""
    return jsonify(status="ok")


@pages.get("/readyz")
@limiter.exempt
def ready() -> ResponseReturnValue:
    """Name every part with its state; 503 if one of them is not ready."""
    checks = {**_database(), "broker": _broker()}
    good = all(each["ok"] for each in checks.values())
    return jsonify(status="ok" if good else "not ready", checks=checks), 200 if good else 503


def _database() -> dict[str, Check]:
    settings: Settings = current_app.settings  # type: ignore[attr-defined]
    checks: dict[str, Check] = {name: {"ok": False} for name in IN_THE_DATABASE}
    try:
        with begin(current_app.extensions["engine"]) as tx:
            tx.now()
            checks["database"] = {"ok": True}
            checks["migrations"] = {"ok": mode_of(tx) is not None}
            checks["sealer"] = _sealer(tx)
            checks["catalog"] = _catalog(tx)
            checks["checkpoints"] = checkpoints_check(tx, settings.anchors)
    except (SQLAlchemyError, GoaltrailError) as error:
        unready = next(name for name in checks if not checks[name]["ok"])
        checks[unready]["says"] = type(error).__name__
    return checks


def _sealer(tx: Transaction) -> Check:
    """Judge the sealer by its work: how long the oldest event has waited for its place, by the real clock."""
    oldest = oldest_unsealed(tx)
    lag = (datetime.now(UTC) - oldest).total_seconds() if oldest else 0.0
    return {"ok": lag <= LONGEST_LAG, "lag_seconds": round(lag, 1)}


def _catalog(tx: Transaction) -> Check:
    """Judge the ledger's guards: the schema as the owner's rights last left it, every trigger awake."""
    guards = guards_of(tx, INSTALLATION)
    return {"ok": guards.intact, "expected": guards.expected, "found": guards.found, "asleep": guards.asleep}


def _broker() -> Check:
    settings: Settings = current_app.settings  # type: ignore[attr-defined]
    if not settings.redis_url:
        return {"ok": False, "says": "not configured"}
    try:
        with Redis.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2) as client:
            return {"ok": bool(client.ping())}
    except RedisError as error:
        return {"ok": False, "says": type(error).__name__}
