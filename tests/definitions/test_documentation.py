"""What the documentation says of definitions is so: its example reads and is clean, its table names every check."""

import json
import re
from pathlib import Path

from tests.definitions.test_lint import ROSTER
from workflows.definitions import Expression
from workflows.definitions.conditions import NAMES
from workflows.definitions.lint import CHECKS, CONDITIONS, PEOPLE, lint
from workflows.definitions.reading import read_definition

PAGE = (Path(__file__).parents[2] / "docs/definitions.md").read_text(encoding="utf-8")


def test_the_example_reads_and_is_clean_against_the_city():
    example = json.loads(re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)[1])
    assert lint(read_definition(example), ROSTER) == ()


def test_the_table_names_every_check_once():
    named = [rule for row in re.findall(r"^\| (D-.*?) \|", PAGE, re.MULTILINE) for rule in row.split()]
    assert named == [check.__doc__.partition(":")[0] for check in (*CHECKS, *CONDITIONS, *PEOPLE)]


def test_the_examples_of_conditions_are_conditions_and_every_name_is_explained():
    shown = re.search(r"^例：`(.*?)`，`(.*?)`", PAGE, re.MULTILINE).groups()
    assert [str(Expression.parse(each)) for each in shown] == list(shown)
    conditions = PAGE.partition("**条件")[2].partition("**检查")[0]
    assert [name for name in NAMES if name not in conditions] == []
