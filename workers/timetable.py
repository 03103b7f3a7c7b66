"""What the beat wakes and how often; it only wakes, so two of them do no harm and none of them loses nothing."""

from typing import Any

from celery.schedules import crontab

SWEEP_EVERY, CANARY_EVERY, STATES_EVERY, DIGEST_EVERY = 30.0, 30.0, 60.0, 300.0
TIMETABLE: dict[str, dict[str, Any]] = {
    "canary": {"task": "canary", "schedule": CANARY_EVERY, "options": {"expires": CANARY_EVERY}},
    "beaten": {"task": "beaten", "schedule": CANARY_EVERY, "options": {"expires": CANARY_EVERY}},
    "notices": {"task": "notices", "schedule": SWEEP_EVERY, "options": {"expires": SWEEP_EVERY}},
    "timers": {"task": "timers", "schedule": SWEEP_EVERY, "options": {"expires": SWEEP_EVERY}},
    "states": {"task": "states", "schedule": STATES_EVERY, "options": {"expires": STATES_EVERY}},
    "deadlines": {"task": "deadlines", "schedule": STATES_EVERY, "options": {"expires": STATES_EVERY}},
    "alarms": {"task": "alarms", "schedule": SWEEP_EVERY, "options": {"expires": SWEEP_EVERY}},
    "day": {"task": "day", "schedule": crontab(hour=1, minute=30)},
    "cleaning": {"task": "cleaning", "schedule": crontab(hour=2, minute=30)},
    "digest": {"task": "digest", "schedule": DIGEST_EVERY, "options": {"expires": DIGEST_EVERY}},
}
"""By Beijing's clock (celery_app sets the zone); the dispatcher looks at the log's own day besides."""
