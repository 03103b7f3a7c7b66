"""The auditor's program as every bundle carries it: joined from its chapters once, and loaded as the one file that it is."""

import atexit
import importlib.util
import shutil
import sys
import tempfile
from pathlib import Path
from types import ModuleType

from workflows.ledger.assembly import assembled

FOLDER = Path(tempfile.mkdtemp(prefix="auditor-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
PROGRAM = FOLDER / "verify.py"


def loaded() -> ModuleType:
    """Write the program down and import it from there; worker processes that it forks find it under its name."""
    PROGRAM.write_bytes(assembled())
    spec = importlib.util.spec_from_file_location("auditors_verify", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


verify = loaded()
