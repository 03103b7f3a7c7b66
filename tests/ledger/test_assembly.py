"""The auditor's program is joined from its chapters: all of them, in an order in which each stands on earlier ones."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.auditor import verify
from tests.support.forging import by_other, packed, where
from tests.support.many_events import whole_life
from tests.support.sealed_log import Packed
from workflows.ledger import assembly
from workflows.ledger.assembly import CHAPTERS, assembled
from workflows.ledger.verifier.verdict import printing, verifying

PROJECT = Path(assembly.__file__).parents[2]
HOME = PROJECT / "workflows" / "ledger" / "verifier"
ORDER = [f"{room}.{name}" for room, names in CHAPTERS.items() for name in names]
TREES = {name: ast.parse((HOME / f"{name.replace('.', '/')}.py").read_text("utf-8")) for name in ORDER}


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, alias.asname) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module, alias.asname) for alias in node.names)


def defined(tree):
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store))


def test_every_chapter_is_listed_once():
    files = [str(path.relative_to(HOME))[:-3].replace("/", ".") for path in HOME.rglob("*.py") if path.stem != "__init__"]
    assert sorted(files) == sorted(ORDER)


def test_a_chapter_uses_earlier_ones_and_the_standard_library_only():
    wrong = []
    for number, name in enumerate(ORDER):
        for module, alias in imports(TREES[name]):
            chapter = module.removeprefix("workflows.ledger.verifier.")
            earlier = chapter in ORDER[:number] and alias is None
            if not earlier and module.partition(".")[0] not in sys.stdlib_module_names:
                wrong.append((name, module))
    assert wrong == []


def test_no_two_chapters_give_one_name_to_two_things():
    named, twice = {}, []
    for name in ORDER:
        twice += [(each, named[each], name) for each in {*defined(TREES[name])} & named.keys()]
        named |= dict.fromkeys(defined(TREES[name]), name)
    assert twice == []


def test_the_same_chapters_give_the_same_bytes_of_the_oldest_python_and_the_standard_library_alone():
    assembled.cache_clear()
    first = assembled()
    assembled.cache_clear()
    tree = ast.parse(first, feature_version=(3, 9))
    strange = [module for module, _ in imports(tree) if module.partition(".")[0] not in sys.stdlib_module_names]
    assert (assembled(), strange, ast.get_docstring(tree).partition(":")[0]) == (first, [], "绩效目标审批台账的独立核对程序")


def test_the_source_writes_the_program_with_nothing_installed(tmp_path):
    assembled.cache_clear()
    bare = {"PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-S", "-m", "workflows.ledger.assembly"], cwd=tmp_path, env=bare, capture_output=True, check=False)
    assert (done.returncode, done.stdout == assembled(), done.stderr) == (0, True, b"")


@pytest.mark.parametrize("forged", [False, True])
def test_the_chapters_judge_as_the_one_file_does(forged, tmp_path):
    log, path = whole_life().journal, tmp_path / "bundle.zip"
    bundle = packed(log, by_other(log, where(log, "task.decided", 1), id="clerk")) if forged else Packed(log)
    path.write_bytes(bundle.zipped())
    said = printing.as_json(verifying.verify(str(path), processes=1))
    assert said == verify.as_json(verify.verify(str(path), processes=1))
    assert json.loads(said)["exit"] == int(forged)
