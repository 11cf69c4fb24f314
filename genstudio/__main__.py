"""One program, three doors: the window, the command line, and `worker <role>`.

    genstudio [--home DIR]                the window
    genstudio [--home DIR] COMMAND …      the command line (cli/app.py)
    genstudio worker ROLE --home DIR      a worker process, started by the program itself

Nothing is imported before the door is known: the window must never hold torch or onnxruntime,
and a worker has to move its stdout out of the way before any library can print into it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

# numpy's and torch's threads spin while they wait, which on few cores slows the other processes
# (and each other) by an order of magnitude; read once, when numpy or torch is loaded.
QUIET_THREADS = {"OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}

TOGETHER = ("rank", "torchrun")
"""Workers for a training by several processes; the words after them name the run."""

HEADLESS = """\
GenStudio found no display, so it cannot open its window here.
Use the command line instead, for example:
  {0} doctor
  {0} generate fashion-gan --count 16 --out out
or give it a virtual display:  xvfb-run {0}"""


def main(words: Sequence[str] | None = None) -> int:
    """Run the program with these words (default: those of the command line); the exit code."""
    words = list(sys.argv[1:] if words is None else words)
    for name, value in QUIET_THREADS.items():
        os.environ.setdefault(name, value)
    if getattr(sys, "frozen", False):
        from multiprocessing import freeze_support

        freeze_support()
    if words[:1] == ["worker"]:
        return _worker(words[1:])
    home, rest = split_home(words)
    if not rest:
        return _window(home)
    from genstudio.cli.app import main as command_line

    return command_line(rest, home)


def split_home(words: Sequence[str]) -> tuple[str, list[str]]:
    """Take `--home DIR` or `--home=DIR` out of the words, wherever it stands before a `--`."""
    home, waiting = "", list(words)
    rest: list[str] = []
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            return home, [*rest, word, *waiting]
        if word == "--home" and waiting:
            home = waiting.pop(0)
        elif word.startswith("--home="):
            home = word.removeprefix("--home=")
        else:
            rest.append(word)
    return home, rest


def _worker(words: Sequence[str]) -> int:
    home, rest = split_home(words)
    if home and len(rest) > 1 and rest[0] in TOGETHER:
        from importlib import import_module
        from pathlib import Path

        code: int = import_module(f"genstudio.workers.{rest[0]}").main(rest[1:], Path(home))
        return code
    if len(rest) != 1 or not home:
        return _say("usage: genstudio worker ROLE --home DIR (started by GenStudio itself)", 2)
    from pathlib import Path

    from genstudio.workers.child import main as work

    try:
        return work(rest[0], Path(home))
    except Exception as error:
        # Imported only now: a worker moves its stdout away before anything else is loaded.
        from genstudio.core.errors import UsageError

        if not isinstance(error, UsageError):
            raise
        return _say(str(error), 2)


def _window(home: str) -> int:
    if not has_display(os.environ, sys.platform):
        return _say(HEADLESS.format(os.environ.get("GENSTUDIO_COMMAND", "genstudio")), 1)
    try:
        from genstudio.ui.app import main as window
    except ImportError as error:
        # A bare Linux lacks libraries that Qt expects of the system (libEGL.so.1 and others).
        if ".so" not in str(error):
            raise
        return _say(
            f"The window needs a system library that is missing: {error}.\n"
            "Run ./start.sh, which installs it, or use the command line (--help shows it).",
            1,
        )
    from genstudio.core.paths import Home, default_home

    return window(Home(_absolute(home)) if home else Home(default_home()))


def _absolute(home: str):  # type: ignore[no-untyped-def]
    from pathlib import Path

    return Path(home).expanduser().absolute()


def has_display(environment: os._Environ[str] | dict[str, str], platform: str) -> bool:
    """False where Qt would abort for want of a display (Linux and its relatives only)."""
    if platform in ("win32", "darwin", "cygwin"):
        return True
    chosen = environment.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]
    if chosen not in ("", "xcb", "wayland"):
        return True
    if environment.get("WAYLAND_DISPLAY") and chosen != "xcb":
        return True
    return _answers(environment.get("DISPLAY", ""))


def _answers(display: str) -> bool:
    """True where an X server listens at `display`; a display on another machine is believed."""
    host, _, number = display.rpartition(":")
    number = number.split(".")[0]
    if not number.isdigit():
        return False
    if host not in ("", "unix"):
        return True
    import socket

    place = f"/tmp/.X11-unix/X{number}"
    for address in (f"\0{place}", place):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            if probe.connect_ex(address) == 0:
                return True
    return False


def _say(text: str, code: int) -> int:
    # A windowed program on Windows has no stderr at all.
    if sys.stderr is not None:
        print(text, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
