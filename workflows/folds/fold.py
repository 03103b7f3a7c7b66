"""What a fold is: how one kind of fact changes the table as it stands."""

from collections.abc import Callable
from typing import Any

from workflows import events as e
from workflows.state.standing import Table

Fold = Callable[[Table, Any, e.Recorded], Table]
