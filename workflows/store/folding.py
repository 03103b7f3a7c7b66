"""Which code folds events into tables: a cached state of other code is not believed."""

import inspect
import pkgutil
from functools import cache
from hashlib import sha256
from importlib import import_module
from types import ModuleType

from workflows import events, folds, state, vocabulary


def folding_modules() -> tuple[ModuleType, ...]:
    """Return every module that decides what an event means: all kinds of events, the state, folds and replay."""
    parts = (
        import_module(f"{package.__name__}.{module.name}")
        for package in (events, folds, state) for module in pkgutil.iter_modules(package.__path__)
    )  # fmt: skip
    return (events, folds, state, *parts, vocabulary)


@cache
def code_version() -> str:
    """Return which code folds events: a snapshot of other code is not believed."""
    return sha256("".join(map(inspect.getsource, folding_modules())).encode()).hexdigest()[:16]
