"""Who works at the host's own command line: the account of the operating system, as the log names it."""

import getpass
import os

from workflows.vocabulary import Actor, Post, Role

HOST = "host"


def host_operator() -> Actor:
    """Return the person at the command line by the operating system's account; no password of ours was asked."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError):
        account = str(os.getuid())
    return Actor(f"{HOST}:{account}", f"主机操作员{account}", (Post(Role.SYSTEM_ADMIN, HOST),))
