"""The first minute on a fresh machine: which environment is made, from which lock, and what a failure says."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from service import bootstrap
from service.bootstrap import (
    PROJECT,
    RUN_LOCK,
    TEST_LOCK,
    EnvironmentFailed,
    digest,
    environment_folder,
    refuse_old_python,
    stand_up,
)


def small_project(folder: Path) -> Path:
    """A project whose lock holds nothing to install, so that only the making of the environment is measured."""
    folder.mkdir()
    for lock in (RUN_LOCK, TEST_LOCK):
        (folder / lock).write_text("")
    (folder / bootstrap.INSTALLER_LOCK).write_text("")
    return folder


def test_bootstrap_uses_the_standard_library_only():
    program = "import sys; import service.__main__; print(sorted({n.split('.')[0] for n in sys.modules}))"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(PROJECT)!r}); {program}"], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout.replace("'", '"')))
    assert loaded - sys.stdlib_module_names - {"__main__", "service"} == set()


def test_an_old_python_is_refused_in_one_sentence():
    with pytest.raises(EnvironmentFailed) as refused:
        refuse_old_python((3, 10))
    assert str(refused.value) == "需要 Python 3.11 或更高版本，当前是 3.10。请改用更新的 python3 再运行。"
    assert refuse_old_python((3, 11)) is None


def test_environment_stands_after_the_first_time_and_is_made_anew_when_the_lock_changes(tmp_path, capsys):
    project = small_project(tmp_path / "project")
    python = stand_up(project, RUN_LOCK)
    said = capsys.readouterr().err.splitlines()
    assert [line[:6] for line in said] == ["正在准备运行", "正在安装锁定", "运行环境已就"]
    assert subprocess.run([python, "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True, check=True).stdout.strip() == str(project / ".venv")
    stand_up(project, RUN_LOCK)
    assert capsys.readouterr().err == ""
    (project / RUN_LOCK).write_text("# changed\n")
    stand_up(project, RUN_LOCK)
    assert len(capsys.readouterr().err.splitlines()) == 3


def test_the_test_lock_covers_the_other_one(tmp_path, capsys):
    project = small_project(tmp_path / "project")
    stand_up(project, TEST_LOCK)
    capsys.readouterr()
    stand_up(project, RUN_LOCK)
    assert capsys.readouterr().err == ""
    stamp = json.loads((project / ".venv" / bootstrap.STAMP).read_text())
    assert stamp == {RUN_LOCK: digest(project, RUN_LOCK), TEST_LOCK: digest(project, TEST_LOCK)}


def test_a_package_that_cannot_be_fetched_is_told_and_leaves_no_stamp(tmp_path, monkeypatch):
    project = small_project(tmp_path / "project")
    nowhere = (tmp_path / "empty").as_uri()
    for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"):
        monkeypatch.setenv(name, nowhere)
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    (project / RUN_LOCK).write_text(f"goaltrail-no-such-package==1 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(EnvironmentFailed) as failed:
        stand_up(project, RUN_LOCK)
    assert str(failed.value).splitlines()[0] == "软件包安装失败：请检查网络或软件源设置后重试。"
    assert not (project / ".venv" / bootstrap.STAMP).exists()


def test_a_clone_that_cannot_be_written_keeps_its_environment_in_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(bootstrap.os, "access", lambda path, mode: False)
    first, second = environment_folder(Path("/a/project")), environment_folder(Path("/b/project"))
    assert (first.parents[1], first.name) == (tmp_path / ".cache" / "goaltrail", ".venv")
    assert first != second
