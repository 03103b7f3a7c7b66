"""J1: every action of the lifecycle is offered over the interface, or there is a reason why not."""

import pytest

from service.api.operations import OPERATIONS
from service.api.registry import ACTIONS, NOT_OFFERED
from service.api.specification import specification
from service.app import Web
from workflows.vocabulary import Action


def test_every_action_has_an_entry_or_a_reason_why_not() -> None:
    assert sorted(set(Action) - set(ACTIONS) - set(NOT_OFFERED)) == []
    assert sorted(set(ACTIONS) & set(NOT_OFFERED)) == []
    assert all(len(reason) >= 10 for reason in NOT_OFFERED.values())


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_every_entry_stands_in_the_specification(action: Action) -> None:
    posted = specification()["paths"][f"/tables/{{table_id}}/actions/{action}"]["post"]
    assert posted["summary"] == action.chinese
    assert posted["x-scope"] == ACTIONS[action].scope


def test_every_route_is_an_operation_of_the_specification(city: Web) -> None:
    routed = {rule.endpoint for rule in city.url_map.iter_rules() if rule.endpoint.startswith("api.")}
    assert routed == {f"api.{each.name}" for each in OPERATIONS} | {"api.openapi"}
    said = {each["operationId"] for path in specification()["paths"].values() for each in path.values()}
    assert said == {each.name for each in OPERATIONS}
