"""M10, J3: two who decide at the same moment; two clicks at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from uuid import uuid4

import pytest

from service.app import Web
from service.demo.city import shipped_city
from tests.api.asking import Case, Program, fresh_cases
from workflows.commands.administering import give_grant
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin
from workflows.vocabulary import Actor, Post, Role

UNIT = "qj-jw-bj"


@pytest.fixture(scope="module")
def pair(city: Web) -> tuple[Program, Program]:
    """Two people at the post of the unit's head."""
    head = next(each for each in shipped_city().people if each.holds(Role.UNIT_HEAD, UNIT))
    second = next(each for each in shipped_city().people if each.holds(Role.UNIT_FINANCE))
    by = Actor("anquan", "董立军", (Post(Role.SECURITY_ADMIN, "qj-czj"),))
    with begin(city.extensions["engine"]) as tx:
        give_grant(
            PostgresJournal(tx), person=second.id, name=second.name, post=Post(Role.UNIT_HEAD, UNIT), by=by, command_id=uuid4()
        )
    return Program(city, head.id), Program(city, second.id)


def together(pool: ThreadPoolExecutor, *acts: object) -> list:
    barrier = Barrier(len(acts))

    def press(act):
        barrier.wait(30)
        return act()

    return [each.result() for each in [pool.submit(press, act) for act in acts]]


def race(city: Web, pair: tuple[Program, Program], rounds: int) -> None:
    cases = fresh_cases(city, rounds)
    with ThreadPoolExecutor(2) as pool:
        for case in cases:
            case.drafted().submitted()
            etags = [each.etag(case.id) for each in pair]
            presses = (
                partial(pair[0].acts, case.id, "approve", {"opinion": "同意"}, etag=etags[0]),
                partial(pair[1].acts, case.id, "return", {"to": "draft", "reason": "指标值须核对"}, etag=etags[1]),
            )  # fmt: skip
            answers = together(pool, *presses)
            judge(case, pair[0], answers)


def judge(case: Case, reader: Program, answers: list) -> None:
    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert (won.status_code, lost.status_code in (409, 412)) == (200, True), [each.text for each in answers]
    assert lost.json["table"] == won.json["table"]
    assert lost.headers["ETag"] == won.headers["ETag"]
    assert [each.kind for each in case.history].count("task.decided") == 1


def test_of_two_approvers_at_once_one_wins_and_the_other_gets_the_fresh_view(city: Web, pair: tuple[Program, Program]) -> None:
    race(city, pair, 8)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_of_two_approvers_at_once_one_wins_a_thousand_times(city: Web, pair: tuple[Program, Program]) -> None:
    race(city, pair, 1000)


def test_two_clicks_at_the_same_moment_get_one_answer(city: Web) -> None:
    clerk, case = Program(city, "jingban"), fresh_cases(city)[0]
    case.drafted()
    etag, key = clerk.etag(case.id), str(uuid4())
    with ThreadPoolExecutor(4) as pool:
        answers = together(pool, *[lambda: clerk.acts(case.id, "submit", etag=etag, key=key)] * 4)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert [each.kind for each in case.history].count("table.submitted") == 1
