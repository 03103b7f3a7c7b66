"""Where a run of the tests keeps its files, and what it tells its programs."""

import stat
from pathlib import Path

from service.cli.test import roomy, surroundings_of, working_folder


def test_without_room_in_memory_the_files_lie_on_disk_and_are_gone_afterwards(tmp_path):
    with working_folder(tmp_path / "none") as folder:
        (folder / "kept").mkdir()
        assert (folder.parent == tmp_path / "none", stat.S_IMODE(folder.stat().st_mode)) == (False, 0o711)
    assert folder.exists() is False


def test_a_folder_that_is_not_there_has_no_room(tmp_path):
    assert roomy(tmp_path / "none") is False


def test_programs_of_a_run_keep_what_they_compiled_and_only_the_long_run_explores():
    found = {"PATH": "/bin", "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": "/elsewhere"}
    assert surroundings_of(found, Path("/run"), explores=False) == {"PATH": "/bin", "TMPDIR": "/run"}
    assert surroundings_of(found, Path("/run"), explores=True) == {"PATH": "/bin", "TMPDIR": "/run", "GOALTRAIL_EXPLORE": "1"}
