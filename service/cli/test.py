"""`test`: runs the tests in the environment that the bootstrap has made, and counts the skipped ones by name."""

import os
import subprocess
import sys

from service.installation import PROJECT

SAME_EVERY_TIME = ("--randomly-seed=20150923",)
EXPLORES = "GOALTRAIL_EXPLORE"


def main(arguments: list[str]) -> int:
    """Run pytest with two workers; the rest of the arguments goes to pytest. Returns pytest's exit code.

    The default run draws the same examples in the same order every time; `--all` adds the long tests and draws anew.
    """
    everything = "--all" in arguments
    passed_on = [argument for argument in arguments if argument != "--all"]
    manner = ["-m", ""] if everything else list(SAME_EVERY_TIME)
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", "-rs", *manner, *passed_on]
    surroundings = {**os.environ, EXPLORES: "1"} if everything else None
    return subprocess.run(command, check=False, cwd=PROJECT, env=surroundings).returncode
