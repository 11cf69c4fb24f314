"""Trainings in processes of their own that cost no import: forked from one that holds torch.

As a program (`python -m benchmarks.forks`) it is that process: a line on stdin names a data folder
and a run, a child trains it, and every step is told on stdout with its moment. Nothing is computed
before the fork, so no thread of torch is lost in it.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import subprocess
import sys
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
IMPORTED = (
    "torch._dynamo", "torch.onnx._internal.exporter._core", "torch.export", "onnxscript", "onnx",
    "genstudio.training.jobs", "genstudio.workers.train",
)  # fmt: skip
"""What a training imports on its way, much of it late."""


@dataclass
class Life:
    """What a child told: (step, moment) of each step, and how it ended.

    `begun`: the moment it had read its checkpoint (0: it did not come that far). Moments are those
    of time.monotonic, which all processes share.
    """

    steps: list[tuple[int, float]] = field(default_factory=list)
    begun: float = 0.0
    killed: float = 0.0
    done: bool = False
    status: int = 0


class Forks:
    """The parent's end. Use as a context manager."""

    def __enter__(self) -> Forks:
        quiet = {"OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_NUM_THREADS": "1"}
        self._server = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.forks"],
            cwd=ROOT,
            env={**os.environ, **quiet},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        self._rest = b""
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.close()
        self._server.wait()
        self._server.stdout.close()

    def train(self, home: Path, run: str, kill_after: float | None = None) -> Life:
        """Train `run` to its end, or kill the process so many seconds after its start."""
        assert self._server.stdin
        self._server.stdin.write(json.dumps({"home": str(home), "run": run}).encode() + b"\n")
        pid, life = int(self._line(None)["pid"]), Life()
        deadline = None if kill_after is None else time.monotonic() + kill_after
        while True:
            told = self._line(deadline)
            if told is None:
                os.killpg(pid, signal.SIGKILL)
                life.killed, deadline = time.monotonic(), None
            elif "ended" in told:
                life.status = told["ended"]
                return life
            else:
                _note(life, told)

    def _line(self, deadline: float | None) -> Any:
        """The next line, or None once the deadline has passed."""
        assert self._server.stdout
        while b"\n" not in self._rest:
            wait = None if deadline is None else max(0.0, deadline - time.monotonic())
            if not select.select([self._server.stdout], [], [], wait)[0]:
                return None
            data = os.read(self._server.stdout.fileno(), 65536)
            if not data:
                raise RuntimeError("the process that forks has died")
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        return json.loads(line)


def _note(life: Life, told: dict[str, Any]) -> None:
    if "step" in told:
        life.steps.append((told["step"], told["at"]))
    elif "done" in told:
        life.done = True
    elif "begun" in told:
        life.begun = told["at"]


def serve() -> None:
    """Fork a child for each line of stdin and wait for its end."""
    from genstudio import families

    for module in IMPORTED:
        importlib.import_module(module)
    for name in families.names():
        for module in ("family", "objective", "to_onnx"):
            families.part(name, module)
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if not pid:
            _child(asked)
        os.setpgid(pid, pid)
        _tell(pid=pid)
        _tell(ended=os.waitpid(pid, 0)[1])


def _child(asked: dict[str, str]) -> None:
    code = 1
    try:
        os.setpgid(0, 0)
        _train(Path(asked["home"]), asked["run"])
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _train(home: Path, run: str) -> None:
    from genstudio import families
    from genstudio.core.events import Done, Log, Progress
    from genstudio.core.paths import Home
    from genstudio.training import jobs, trainer

    trainer.SAID_EVERY = 0.0
    for event in jobs.resume(Home(home), run, families.part, device="cpu"):
        at = time.monotonic()
        if isinstance(event, Progress):
            _tell(step=int(event.done), at=at)
        elif isinstance(event, Log) and event.text.startswith("Continues at"):
            _tell(begun=True, at=at)
        elif isinstance(event, Done):
            _tell(done=True)


def _tell(**values: object) -> None:
    # One write of less than a pipe's buffer: lines of several processes never mix.
    os.write(1, json.dumps(values).encode() + b"\n")


if __name__ == "__main__":
    serve()
