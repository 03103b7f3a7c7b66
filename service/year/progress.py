"""How a year shows its progress: a bar on a terminal, a line per tenth elsewhere, nothing where JSON was asked for."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

Tell = Callable[[float, str], None]


@contextmanager
def progress(*, silent: bool) -> Iterator[Tell]:
    """Give a function that takes the share done (0 to 1) and a line of words; on standard error."""
    if silent:
        yield _nothing
    elif sys.stderr.isatty():
        with Progress(
            TextColumn("年度模拟"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(),
            TextColumn("{task.description}"), console=Console(stderr=True), transient=True,
        ) as bar:  # fmt: skip
            task = bar.add_task("", total=1.0)
            yield lambda done, words: bar.update(task, completed=done, description=words)
    else:
        yield _line_per_tenth()


def _nothing(_done: float, _words: str) -> None:
    """Tell nobody."""


def _line_per_tenth() -> Tell:
    reached = [-1]

    def tell(done: float, words: str) -> None:
        tenth = int(done * 10)
        if tenth > reached[0]:
            reached[0] = tenth
            sys.stderr.write(f"{tenth * 10:>3}%  {words}\n")
            sys.stderr.flush()

    return tell
