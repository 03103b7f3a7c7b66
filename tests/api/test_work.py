"""H1, J1: the interface lists the same work as the page: tasks, and beside them what waits for one's word."""

from datetime import date

from service.app import Web
from tests.api.asking import Program, fresh_cases
from workflows.vocabulary import Role


def asked_about(city: Web, person: str, table: object) -> list[dict[str, str]]:
    """What is asked of a person about one table."""
    answer = Program(city, person).get("/work?limit=1")
    assert answer.status_code == 200, answer.text
    return [each for each in answer.json["asked"] if each["table"] == str(table)]


def test_a_request_waits_in_the_list_of_the_second_person_alone_and_names_the_act_that_answers_it(city: Web) -> None:
    case = fresh_cases(city)[0].drafted().submitted()
    clerk, head = (case.who(role).id for role in (Role.CLERK, Role.UNIT_HEAD))
    assert Program(city, clerk).acts(case.id, "void", {"reason": "项目取消不再实施"}).status_code == 200
    assert asked_about(city, clerk, case.id) == []
    (asked,) = asked_about(city, head, case.id)
    assert {name: asked[name] for name in ("asked", "asked_name", "answer", "by", "words", "until", "request")} == {
        "asked": "void", "asked_name": "作废", "answer": "confirm", "by": clerk, "words": "项目取消不再实施", "until": "",
        "request": "",
    }  # fmt: skip
    assert Program(city, head).acts(case.id, asked["answer"], {"opinion": "同意"}).status_code == 200
    assert asked_about(city, head, case.id) == []


def test_an_extension_asked_for_names_its_request_and_stands_on_the_first_page_alone(city: Web) -> None:
    case, _other = (each.drafted().submitted() for each in fresh_cases(city, 2))
    task, head = case.table.desks[0].task, case.who(Role.UNIT_HEAD).id
    asking = {"task": task, "until": "2099-01-05", "reason": "负责人外出学习"}
    assert Program(city, head).acts(case.id, "ask_extension", asking).status_code == 200
    grants = case.who(Role.DEPARTMENT_FINANCE).id
    (asked,) = asked_about(city, grants, case.id)
    assert (asked["answer"], asked["until"], asked["by"]) == ("grant_extension", str(date(2099, 1, 5)), head)
    first = Program(city, head).get("/work?limit=1").json
    assert Program(city, head).get(f"/work?limit=1&cursor={first['next']}").json["asked"] == []
    answer = Program(city, grants).acts(case.id, "grant_extension", {"request": asked["request"]})
    assert (answer.status_code, asked_about(city, grants, case.id)) == (200, [])
