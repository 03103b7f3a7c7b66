"""The laws of the house (docs/house.md), held by the build."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("workflows", "service", "workers")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
NAMES = {path: str(path.relative_to(ROOT)) for path in FILES}
SOURCES = {path: path.read_text(encoding="utf-8") for path in FILES}
TREES = {path: ast.parse(source) for path, source in SOURCES.items()}


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def functions(path):
    return [node for node in ast.walk(TREES[path]) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_import_contracts_are_kept():
    done = run(sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.timeout(600)
def test_types_are_strict():
    done = run(sys.executable, "-m", "mypy")
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing():
    done = run(sys.executable, "-m", "ruff", "check", "--no-cache", ".")
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_import_hides_inside_a_function():
    hidden = [
        f"{NAMES[path]}:{inner.lineno}"
        for path in FILES for function in functions(path) for inner in ast.walk(function)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]  # fmt: skip
    assert hidden == []


def test_importing_any_module_touches_nothing(tmp_path):
    modules = [NAMES[path][:-3].replace("/", ".").removesuffix(".__init__") for path in FILES]
    modules = [name for name in modules if name != "service.__main__"]
    program = f"import importlib\nfor name in {modules!r}: importlib.import_module(name)\n"
    empty = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-c", program], cwd=tmp_path, env=empty,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr, list(tmp_path.iterdir())) == (0, "", [])


def test_sql_lives_in_the_store():
    sql = re.compile(r"\b(SELECT\s.+\sFROM|INSERT INTO|UPDATE\s+\w+(\.\w+)?\s+SET|DELETE FROM)\b", re.DOTALL)
    outside = [
        NAMES[path] for path in FILES
        if not NAMES[path].startswith("workflows/store/")
        and any(isinstance(n, ast.Constant) and isinstance(n.value, str) and sql.search(n.value) for n in ast.walk(TREES[path]))
    ]  # fmt: skip
    assert outside == []


def test_commit_is_called_in_one_file():
    found = [NAMES[path] for path in FILES if "commit(" in SOURCES[path]]
    assert found in ([], ["workflows/store/transaction.py"])


def test_flask_stays_in_service_and_celery_in_workers():
    def importers(library):
        wanted = re.compile(rf"^\s*(from|import) {library}\b", re.MULTILINE)
        return {NAMES[path].split("/")[0] for path in FILES if wanted.search(SOURCES[path])}

    assert importers("flask") <= {"service"}
    assert importers("celery") <= {"workers"}


def test_one_broad_except_where_a_worker_records_its_failure():
    broad = [
        NAMES[path] for path in FILES for node in ast.walk(TREES[path])
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")))
    ]  # fmt: skip
    assert len(broad) <= 1, broad
    assert all(name.startswith("workers/") for name in broad)


def test_files_and_functions_stay_short():
    long_files = {NAMES[path]: n for path in FILES if (n := len(SOURCES[path].splitlines())) > 400}
    long_functions = {
        f"{NAMES[path]}:{function.name}": length
        for path in FILES for function in functions(path)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > 60
    }  # fmt: skip
    assert (long_files, long_functions) == ({}, {})


def test_each_file_says_what_it_knows_in_its_first_sentence():
    silent = [NAMES[path] for path in FILES if not ast.get_docstring(TREES[path])]
    assert silent == []


def test_no_drawer_names():
    drawers = {"utils", "helpers", "manager", "base", "common", "misc"}
    assert [NAMES[path] for path in FILES if path.stem in drawers] == []


def test_locks_hold_hashes_and_no_address():
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text()
        assert "://" not in text
        pins = [line for line in text.splitlines() if "==" in line]
        assert pins
        assert text.count("--hash=sha256:") >= len(pins)


def test_no_eta_and_no_long_countdown():
    waiting = re.compile(r"\beta\s*=|countdown\s*=\s*(?!([0-9]|[1-5][0-9]|60)\b)")
    assert [NAMES[path] for path in FILES if waiting.search(SOURCES[path])] == []
