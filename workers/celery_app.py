"""The Celery application: it carries wake-up calls and nothing else; every setting is read when it is first needed."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_ready

from workers.surroundings import show_life
from workers.timetable import TIMETABLE

VISIBILITY_TIMEOUT = 300
TRANSPORT = {"visibility_timeout": VISIBILITY_TIMEOUT, "socket_connect_timeout": 2, "socket_timeout": 30}


def celery_settings() -> dict[str, Any]:
    """Return the settings of ledger.md 9; the broker's address comes from GOALTRAIL_BROKER_URL."""
    return {
        "broker_url": os.environ.get("GOALTRAIL_BROKER_URL", "redis://127.0.0.1:6379/0"),
        "broker_transport_options": TRANSPORT,
        "result_backend_transport_options": TRANSPORT,
        "visibility_timeout": VISIBILITY_TIMEOUT,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "task_time_limit": 120,
        "task_ignore_result": True,
        "task_serializer": "json",
        "accept_content": ["json"],
        "worker_cancel_long_running_tasks_on_connection_loss": True,
        "worker_soft_shutdown_timeout": 60,
        "worker_enable_soft_shutdown_on_idle": True,
        "worker_hijack_root_logger": False,
        "enable_utc": True,
        "timezone": "Asia/Shanghai",
        "beat_schedule": TIMETABLE,
        "beat_scheduler": "celery.beat:Scheduler",
    }


app = Celery("goaltrail", include=["workers.tasks"])
app.add_defaults(celery_settings)


def _ready(**_: object) -> None:
    show_life()


worker_ready.connect(_ready, weak=False)
beat_init.connect(_ready, weak=False)
