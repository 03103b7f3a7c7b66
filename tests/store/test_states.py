"""A state as the hot path writes it is, byte for byte, the canonical form of the table; its values are changed safely."""

import pytest

from tests.support import roster
from tests.support.life import Life, memory
from workflows.folds.replay import changed, from_json, to_json
from workflows.ledger.canonical import canonical
from workflows.store.standing import read_state, state_of
from workflows.vocabulary import Stage

LIVES = {
    "a draft": lambda: Life(memory()).imported(),
    "in review": lambda: Life(memory()).in_unit_review(),
    "returned": lambda: Life(memory()).in_unit_review().returned(roster.UNIT_HEAD, Stage.DRAFT),
    "in finance approval": lambda: Life(memory()).in_finance_approval(),
    "in monitoring": lambda: Life(memory()).in_monitoring(),
    "a window open": lambda: Life(memory()).in_monitoring().window_opened(),
}


@pytest.mark.parametrize("name", LIVES)
def test_the_state_written_is_the_canonical_form_and_comes_back(name: str) -> None:
    table = LIVES[name]().table
    assert state_of(table).encode() == canonical(to_json(table))
    assert from_json(read_state(state_of(table))) == table


def test_a_changed_value_is_a_new_one_and_knows_its_fields() -> None:
    table = LIVES["a draft"]().table
    other = changed(table, title="另一个名称")
    assert (other.title, other.version, table.title) == ("另一个名称", table.version, "农村道路维护经费")
    assert changed(other, title=table.title) == table
    with pytest.raises(TypeError):
        changed(table, titel="错")
