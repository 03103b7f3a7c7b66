"""The same figures for Prometheus: from the database at each scrape, so that they are right with several processes."""

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from service.operation.looking import Look

NAMES = {
    "goaltrail_up": "1 where the database could be asked",
    "goaltrail_sealer_lag_seconds": "how long the oldest event has waited for its place in the log",
    "goaltrail_log_size": "sealed events",
    "goaltrail_notices": "notices by state",
    "goaltrail_notices_due": "notices whose time has come and that are not sent",
    "goaltrail_notices_oldest_due_seconds": "how long the oldest of them has been due",
    "goaltrail_timers_due": "timers whose time has come and that have not fired",
    "goaltrail_timers_oldest_due_seconds": "how long the oldest of them has been due",
    "goaltrail_timers_dead": "timers that were given up",
    "goaltrail_channels_resting": "channels that rest because their server did not answer",
    "goaltrail_pulse_age_seconds": "how long ago a process last showed itself",
    "goaltrail_guards_intact": "1 where the ledger's schema is as the owner's rights left it",
    "goaltrail_checkpoints_ok": "1 where the notes outside keep up and no alarm stands",
    "goaltrail_checkpoint_lag_seconds": "how long the oldest event has waited for a note outside",
    "goaltrail_broker_up": "1 where the broker answers",
    "goaltrail_disk_free_bytes": "free bytes of the disk that holds the data",
    "goaltrail_database_bytes": "size of the database",
    "goaltrail_clock_ahead_seconds": "how far the log's clock stands ahead of the real one",
}
"""Every metric with its help; docs/operators.md names the same."""
LABELS = {"goaltrail_notices": ["state"], "goaltrail_pulse_age_seconds": ["process"]}


def metrics_text(look: Look | None) -> bytes:
    """Return the text of one scrape; without a look (the database is away) only that it is down."""
    registry = CollectorRegistry()
    if look is None:
        Gauge("goaltrail_up", NAMES["goaltrail_up"], registry=registry).set(0)
        return generate_latest(registry)
    gauges = {name: Gauge(name, said, LABELS.get(name, []), registry=registry) for name, said in NAMES.items()}
    for name, value in _plain(look).items():
        gauges[name].set(value)
    for state, count in look.figures.by_state.items():
        gauges["goaltrail_notices"].labels(state=state).set(count)
    for process, age in look.figures.pulses.items():
        gauges["goaltrail_pulse_age_seconds"].labels(process=process).set(age)
    return generate_latest(registry)


def _plain(look: Look) -> dict[str, float]:
    figures, lag = look.figures, look.checkpoints.get("lag_seconds", 0)
    return {
        "goaltrail_up": 1, "goaltrail_sealer_lag_seconds": look.sealer_lag, "goaltrail_log_size": figures.leaves,
        "goaltrail_notices_due": figures.notices.due,
        "goaltrail_notices_oldest_due_seconds": figures.notices.oldest_seconds,
        "goaltrail_timers_due": figures.timers.due,
        "goaltrail_timers_oldest_due_seconds": figures.timers.oldest_seconds,
        "goaltrail_timers_dead": figures.dead_timers, "goaltrail_channels_resting": len(figures.resting),
        "goaltrail_guards_intact": look.guards_intact, "goaltrail_checkpoints_ok": bool(look.checkpoints["ok"]),
        "goaltrail_checkpoint_lag_seconds": float(lag) if isinstance(lag, int | float) else 0.0,
        "goaltrail_broker_up": bool(look.broker), "goaltrail_disk_free_bytes": look.disk_free,
        "goaltrail_database_bytes": figures.database_bytes, "goaltrail_clock_ahead_seconds": look.clock_ahead,
    }  # fmt: skip
