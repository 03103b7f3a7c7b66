"""The verifier that ships in every bundle, by the standard library alone, on a bundle of this stock."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from service.bench.figures import Figure, Goal
from service.bench.sealing import seal_everything
from service.bench.stock import Stock
from workflows.ledger.assembly import assembled
from workflows.store.exporting import write_bundle
from workflows.store.one_view import one_view

EXPORT = Goal("导出审计包", None, None, "秒 / 百万事件", at_most=True)
ALL = Goal("核验审计包，全部检查", 90.0, 180.0, "秒 / 百万事件", at_most=True)
MEMORY = Goal("核验程序的内存", 300.0, 600.0, "MB", at_most=True)
UNTOUCHED = (0, 2)
"""Exit codes of an untampered log: 2 where, as here, nobody outside has kept a note."""


def verifying(stock: Stock) -> Iterator[Figure]:
    """Export everything, then verify it in a process of its own; only this one is counted for the memory."""
    seal_everything(stock.ground)
    bundle, began = stock.ground.folder / "bundle.zip", time.monotonic()
    with bundle.open("wb") as out, one_view(stock.engine) as tx:
        exported = write_bundle(tx, out)
    seconds = time.monotonic() - began
    millions = exported.events / 1e6
    yield Figure(EXPORT, seconds / millions, f"{exported.events:,} 个事件用 {seconds:.1f} 秒")
    took, megabytes, code, said = verified(bundle)
    remark = f"{exported.events:,} 个事件用 {took:.1f} 秒，退出码 {code}" + ("" if code in UNTOUCHED else f"：{said}")
    yield Figure(ALL, took / millions if code in UNTOUCHED else None, remark)
    yield Figure(MEMORY, megabytes, f"{exported.events:,} 个事件时的峰值")


def verified(bundle: Path) -> tuple[float, float, int, str]:
    """Run the verifier on a bundle; return seconds, megabytes at most, its exit code and the beginning of its words."""
    verifier = bundle.with_name("verify.py")
    verifier.write_bytes(assembled())
    command = [sys.executable, "-I", str(verifier), str(bundle), "--json"]
    program = (
        "import json,resource,subprocess,sys,time; began=time.monotonic();"
        "done=subprocess.run(sys.argv[1:],capture_output=True,text=True);"
        "used=resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss;"
        "print(json.dumps([time.monotonic()-began,used,done.returncode,(done.stdout+done.stderr)[:300]]))"
    )
    asked = subprocess.run([sys.executable, "-c", program, *command], check=True, capture_output=True, text=True)
    seconds, used, code, said = json.loads(asked.stdout)
    return seconds, used * _unit() / 1e6, code, said


def _unit() -> int:
    """Return in how many bytes this system counts a process's memory."""
    return 1 if sys.platform == "darwin" else 1024
