"""The dispatcher wakes for what is due, works itself where nobody answers, and asks less and less for the same work."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from kombu.exceptions import OperationalError

from tests.workers.processes import ROOT
from workers import celery_app
from workers.dispatch import CANARY_SILENT, Dispatcher, Patience
from workers.tasks import CALLS, WORK
from workers.timetable import TIMETABLE
from workflows.store.installation import beat
from workflows.store.transaction import begin


@pytest.fixture
def woken(bureau):
    """A dispatcher whose calls and whose own work are written down."""
    calls, done = [], []
    work = {name: (lambda name=name: done.append(name)) for name in WORK}
    return Dispatcher(bureau.engine, calls.append, work), calls, done


def test_it_wakes_for_what_is_due_and_for_nothing_else(bureau, woken):
    dispatcher, calls, done = woken
    dispatcher.look()
    assert (calls, done) == (["day", "alarms", "canary"], [])
    bureau.table("in_unit_review")
    dispatcher.look()
    assert calls[3:] == ["notices"]
    bureau.move_clock(datetime(2026, 1, 30, tzinfo=UTC))
    dispatcher.patience.clear()
    dispatcher.look()
    assert calls[4:] == ["notices", "timers"]


def test_where_the_broker_is_away_it_works_itself(bureau, woken):
    dispatcher, _, done = woken

    def away(_name):
        raise OperationalError

    dispatcher.call = away
    bureau.table("in_unit_review")
    dispatcher.look()
    assert done == ["notices", "states", "day", "alarms"]


def test_where_nobody_answers_the_canary_it_works_itself(bureau, woken):
    dispatcher, calls, done = woken
    dispatcher.started -= CANARY_SILENT + 1
    dispatcher.look()
    assert (calls, done) == (["day", "alarms", "canary"], ["day", "alarms"])
    with begin(bureau.engine) as tx:
        beat(tx, "canary")
    dispatcher.sweeps.next_at = 0
    dispatcher.patience.clear()
    dispatcher.look()
    assert (calls, done) == (["day", "alarms", "canary", "day"], ["day", "alarms"])


def test_it_asks_less_often_for_the_same_work():
    patience = Patience()
    asked = [tenth for tenth in range(1000) if patience.wakes(1, 100 + tenth / 10)]
    assert len(asked) < 30
    assert not patience.wakes(0, 200.0)
    assert patience.wakes(1, 200.1)


def test_the_beat_wakes_only_what_exists():
    assert {entry["task"] for entry in TIMETABLE.values()} == set(WORK) == set(CALLS)


def test_celery_keeps_the_rules_of_the_ledger():
    conf = celery_app.app.conf
    assert (conf.task_acks_late, conf.task_reject_on_worker_lost, conf.worker_prefetch_multiplier) == (True, True, 1)
    assert (conf.task_ignore_result, list(conf.accept_content), conf.task_time_limit) == (True, ["json"], 120)
    assert conf.broker_transport_options["visibility_timeout"] == 300


@pytest.mark.parametrize("missing", ["GOALTRAIL_DATABASE_URL", "GOALTRAIL_DATA_DIR"])
def test_a_missing_setting_is_a_sentence(missing, tmp_path):
    given = {"GOALTRAIL_DATABASE_URL": "postgresql+psycopg://x@/x", "GOALTRAIL_DATA_DIR": str(tmp_path)}
    environment = {"PATH": os.environ["PATH"], **{name: value for name, value in given.items() if name != missing}}
    done = subprocess.run(
        [sys.executable, "-m", "workers.dispatch"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (2, f"请设置 {missing}。\n")
