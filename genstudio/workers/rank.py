"""One of the processes that train a model together: `genstudio worker rank RUN --home DIR`.

torchrun starts as many as there are devices (workers/torchrun.py), or a cluster's own launcher
does. All carry the same run on; the first writes, and says the events as JSON lines on stdout.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from genstudio.workers.child import take_over_stdout
from genstudio.workers.ends import end_with_stdin

if TYPE_CHECKING:
    from genstudio.core.events import Event


def main(words: Sequence[str], home: Path) -> int:
    """Train until the run is done, stopped or failed; ends the process with its exit code."""
    channel = take_over_stdout()
    end_with_stdin()
    code = _train(words[0], home, channel)
    sys.stderr.flush()
    # Threads of gloo may outlive the group; C++ aborts a process that returns while they run.
    os._exit(code)


def _train(run: str, home: Path, channel: int) -> int:
    from genstudio.core.errors import classify
    from genstudio.core.events import Failed, to_line
    from genstudio.training import distributed

    writes = os.environ.get("RANK", "0") == "0"
    try:
        for event in _events(run, home):
            if writes:
                say(channel, to_line(event))
        distributed.leave()
    except Exception as error:
        problem = classify(error, "training")
        print(f"{problem.sentence}\n{problem.details}", file=sys.stderr, flush=True)
        if writes:
            say(channel, to_line(Failed(problem=problem)))
        return 1
    return 0


def _events(run: str, home: Path) -> Iterator[Event]:
    """Join the others and carry the run on."""
    from genstudio import families
    from genstudio.core.paths import Home
    from genstudio.training import device, distributed, jobs
    from genstudio.workers.context import read_settings

    place = Home(home)
    _stop_politely(jobs.find(place, run))
    wanted = read_settings(place).device
    distributed.join(device.choose(wanted).name)
    yield from jobs.resume(place, run, families.part, device=wanted)


def _stop_politely(folder: Path) -> None:
    """On SIGTERM (a cluster's time is up, the launcher is gone) all save after the same step."""
    from genstudio.core import files
    from genstudio.core import run as runs

    def stop(number: int, frame: FrameType | None) -> None:
        files.write_bytes(folder / runs.STOP_FILE, b"")

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def say(channel: int, line: str) -> None:
    """Write a line to the launcher; where nobody listens any more, training is to stop."""
    data = memoryview(line.encode("utf-8", "replace") + b"\n")
    try:
        while data:
            data = data[os.write(channel, data) :]
    except OSError:
        os.kill(os.getpid(), signal.SIGTERM)
