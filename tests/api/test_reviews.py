"""N3, T8 over the interface: a program fills the review form in, completes a table, and the unit's program agrees."""

from service.app import Web
from tests.api.asking import Case, Program, fresh_cases
from tests.support.forms import all_graded
from workflows.vocabulary import Grade, Role


def in_department(city: Web) -> tuple[Case, Program]:
    case = fresh_cases(city)[0]
    case.drafted().submitted().approved(Role.UNIT_HEAD)
    return case, Program(city, case.who(Role.DEPARTMENT_FINANCE).id)


def graded(planner: Program, case: Case, grade: Grade) -> int:
    items = {code: {"grade": item["grade"], "comment": ""} for code, item in all_graded(grade).items()}
    body = {"mode": "qualitative", "items": items, "grade": grade.value, "opinion": "总体可行"}
    return planner.acts(case.id, "review", body).status_code


def test_a_form_is_filled_in_shown_and_binds(city: Web) -> None:
    case, planner = in_department(city)
    assert graded(planner, case, Grade.FAIR) == 200
    (shown,) = planner.get(f"/tables/{case.id}").json["reviews"]
    assert (shown["grade"], shown["total"], shown["items"]["money"]["grade"], shown["void"]) == ("fair", "70.00", "fair", False)
    refused = planner.acts(case.id, "approve", {"opinion": "同意"})
    assert (refused.status_code, refused.json["rule"]) == (403, "G-GRADE")


def test_a_wrong_form_names_what_is_wrong(city: Web) -> None:
    case, planner = in_department(city)
    answer = planner.acts(case.id, "review", {"mode": "scored", "items": {"form": {"points": "11"}}})
    assert (answer.status_code, "规范完整性" in answer.json["detail"]) == (422, True)


def test_a_completion_waits_for_the_unit_and_counts_once_agreed(city: Web) -> None:
    case, planner = in_department(city)
    assert graded(planner, case, Grade.GOOD) == 200
    change = {"pointer": "/goals/0", "new": "完善后的目标文字。", "reason": "与指标一致"}
    assert planner.acts(case.id, "amend", {"changes": [change]}).status_code == 200
    clerk = Program(city, case.table.owner)
    asked = clerk.get(f"/tables/{case.id}").json["amendment"]
    assert (asked["person"], asked["changed"]) == (planner.person, 1)
    assert clerk.acts(case.id, "confirm_amendment", {"amendment": asked["amendment"]}).status_code == 200
    table = clerk.get(f"/tables/{case.id}").json
    assert (table["content"]["goals"][0], table["amendment"]) == ("完善后的目标文字。", None)
    refused = planner.acts(case.id, "approve")
    assert (refused.status_code, refused.json["rule"]) == (403, "S3")
