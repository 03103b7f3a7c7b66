"""`python3 -m service VERB`: first the environment, by the standard library alone, then the verb."""

import importlib
import os
import sys

from service.bootstrap import run_in_environment


def main(arguments: list[str]) -> int:
    """Go on in the environment, or answer the verb when already there."""
    if os.environ.get("GOALTRAIL_ENVIRONMENT") != sys.prefix:
        return run_in_environment(arguments)
    return int(importlib.import_module("service.cli").run(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
