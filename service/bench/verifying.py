"""The verifier that ships in every bundle, on a bundle of this stock."""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from service.bench.figures import Figure, Goal
from service.bench.stock import Stock

ALL = Goal("核验一百万个事件，全部检查", 90.0, 180.0, "秒 / 百万事件", at_most=True)
MEMORY = Goal("核验程序的内存", 300.0, 600.0, "MB", at_most=True)
VERIFIER = Path(__file__).resolve().parents[2] / "workflows" / "ledger" / "verify.py"


def verifying(_stock: Stock) -> Iterator[Figure]:
    """Say that it is not measured until bundles can be written here."""
    for goal in (ALL, MEMORY):
        yield Figure(goal, None, "导出与核验程序尚未接入基准")


def verified(bundle: Path) -> tuple[float, float, int]:
    """Run the verifier on a bundle; return seconds, megabytes at most and its exit code."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    began = time.monotonic()
    command = [sys.executable, "-I", str(VERIFIER), str(bundle), "--json"]
    done = subprocess.run(command, check=False, capture_output=True)
    seconds = time.monotonic() - began
    return seconds, max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024, done.returncode
