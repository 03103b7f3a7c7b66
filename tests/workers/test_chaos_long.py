"""Minutes of everything at once: workers and dispatchers killed again and again, the broker flushed and gone for a while."""

import random
from datetime import timedelta

import pytest

from tests.support import roster
from tests.workers.desk import check_inbox, check_mailed
from tests.workers.processes import wait_until
from tests.workers.test_chaos import dead, settled

ROUNDS = 12


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_is_lost_or_doubled_in_chaos(bureau, hands, sink, broker, seed):
    dice = random.Random(seed)
    workers, dispatchers = ([hands.start(name) for _ in range(2)] for name in ("worker", "dispatch"))
    crashes = 0
    for _ in range(ROUNDS):
        for _ in range(3):
            table = bureau.table(dice.choice(("in_unit_review", "in_finance_approval", "in_monitoring")))
        if table.stage == "unit_review":
            bureau.acts(table.id, "approved", roster.UNIT_HEAD)
        bureau.move_clock(bureau.rows("SELECT log.now() AS now")[0]["now"] + timedelta(days=dice.randint(1, 3)))
        match dice.choice(("worker", "dispatch", "flush", "broker")):
            case "worker":
                crashes += 1
                hands.kill(workers.pop(0))
                workers.append(hands.start("worker"))
            case "dispatch":
                crashes += 1
                hands.kill(dispatchers.pop(0))
                dispatchers.append(hands.start("dispatch"))
            case "flush":
                broker.flushall()
            case "broker":
                broker.kill()
                bureau.table("in_unit_review")
                broker.start()
    wait_until(lambda: settled(bureau), 120)
    assert dead(bureau) == []
    check_inbox(bureau)
    check_mailed(bureau)
    doubled = [mails for mails in sink[0].told().values() if len(mails) > 1]
    assert len(doubled) <= crashes
    assert all(len(set(mails)) == 1 for mails in doubled)
