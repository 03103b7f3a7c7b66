"""`test`: runs the tests in the environment that the bootstrap has made, and counts the skipped ones by name."""

import subprocess
import sys

from service.installation import PROJECT


def main(arguments: list[str]) -> int:
    """Run pytest with two workers; `--all` adds the long tests; the rest goes to pytest. Returns pytest's exit code."""
    everything = "--all" in arguments
    passed_on = [argument for argument in arguments if argument != "--all"]
    marks = ["-m", ""] if everything else []
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", "-rs", *marks, *passed_on]
    return subprocess.run(command, check=False, cwd=PROJECT).returncode
