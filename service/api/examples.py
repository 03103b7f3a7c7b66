"""Real answers of the made-up city, one for each operation, as the specification shows them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("examples.json")


@cache
def _examples() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def example_of(operation: str) -> Any:
    """Return what an operation really answered, None where no answer was kept."""
    return _examples().get(operation)
