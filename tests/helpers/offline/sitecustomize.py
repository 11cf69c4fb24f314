"""Loaded by every Python process that has this folder in PYTHONPATH: no network.

Each attempt to reach another machine is written to the file OFFLINE_LOG and refused. Sockets of
the machine itself (AF_UNIX: the display, the second instance) are not the network.
"""

import os
import sys

NAMES = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}
CALLS = {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"}


def refuse(event: str, arguments: tuple) -> None:
    """An audit hook; see `sys.addaudithook`."""
    if event in NAMES or (event in CALLS and isinstance(arguments[-1], tuple)):
        with open(os.environ["OFFLINE_LOG"], "a") as log:
            facts = [a for a in arguments if not hasattr(a, "fileno")]
            log.write(f"{' '.join(sys.argv)}: {event} {facts}\n")
        raise OSError(101, "Network is unreachable (blocked by the test)")


if os.environ.get("OFFLINE_LOG"):
    sys.addaudithook(refuse)
