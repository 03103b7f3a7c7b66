"""docs/rules.md says what the rules are: made by the command, never by hand."""

from pathlib import Path

from service.cli import run
from service.cli.rules import GROUPS
from workflows.findings import RULES

WRITTEN = Path(__file__).parents[2] / "docs" / "rules.md"


def test_the_written_rules_are_those_of_the_program(capsys):
    assert run(["rules"]) == 0
    assert WRITTEN.read_text(encoding="utf-8") == capsys.readouterr().out


def test_every_rule_stands_in_one_group_and_names_itself_first():
    assert {rule.id.rstrip("0123456789") for rule in RULES} == set(GROUPS)
    assert [rule.id for rule in RULES if not (rule.looks.__doc__ or "").startswith(f"{rule.id}: ")] == []
    assert [rule.id for rule in RULES if not (rule.looks.__doc__ or "").endswith("。")] == []
