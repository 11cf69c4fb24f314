"""The whole command line once: real processes, a hostile folder name, no network.

Three test modules look at the same flow: what it made (test_cli), that nothing reached for the
network (test_offline), that every name survived (test_paths).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import shapes, sources

FOLDER = "名前 ünï 🎹 мод"
OFFLINE = sources.ROOT / "tests" / "helpers" / "offline"


@cache
def no_network() -> tuple[str, ...]:
    """Words that start a command without any network, where the system lets us."""
    tool = shutil.which("unshare")
    if not tool:
        return ()
    words = (tool, "--map-root-user", "--net")
    tried = subprocess.run([*words, "true"], capture_output=True)
    return words if tried.returncode == 0 else ()


@dataclass
class Ran:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """The lines of `--json`."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Flow:
    """A place with a data folder, and what each command of the flow left."""

    place: Path
    ran: dict[str, Ran] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        """Attempts to reach the network."""
        return self.place / "attempts.txt"

    def environment(self) -> dict[str, str]:
        """Every Python process below refuses the network and writes its attempts down."""
        return dict(
            os.environ,
            PYTHONPATH=str(OFFLINE),
            OFFLINE_LOG=str(self.log),
            GENSTUDIO_HOME=str(self.place / "home"),
            QT_QPA_PLATFORM="offscreen",
        )

    def start(self, *words: object) -> list[str]:
        """The words of a command."""
        program = [sys.executable, "-m", "genstudio"]
        return [*no_network(), *program, *map(str, words)]

    def run(self, name: str, *words: object) -> Ran:
        """Run one command and keep what it left under `name`."""
        done = subprocess.run(
            self.start(*words),
            cwd=sources.ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=900,
        )
        self.ran[name] = Ran(done.returncode, done.stdout, done.stderr)
        return self.ran[name]


@pytest.fixture(scope="session")
def flow(tmp_path_factory: pytest.TempPathFactory) -> Flow:
    """Data, training, generation, scores: everything the command line can do, in order."""
    made = Flow(tmp_path_factory.mktemp("flow") / FOLDER)
    data = shapes.write(made.place / "дата 数据", per_class=12)
    out = made.place / "выход ö"
    made.run("add", "data", "add", data, "--name", "formen", "--licence", "CC0-1.0", "--json")
    words = ("--preset", "tiny", "--steps", 4, "--set", "threads=1", "--name", "klein")
    made.run("train", "train", "--family", "vae", "--data", "formen", *words, "--json")
    made.run("generate", "generate", "klein", "--count", 3, "--seed", 7, "--out", out)
    made.run("again", "generate", "klein", "--count", 1, "--seed", 7, "--out", out, "--json")
    made.run("inspect", "inspect", out / "klein-7-0.png", "--json")
    made.run("evaluate", "evaluate", "klein", "--data", "formen", "--samples", 16, "--json")
    made.run("export", "models", "export", "klein", made.place / "пакет 模型.zip")
    made.run("remove", "models", "remove", "klein")
    made.run("import", "models", "import", made.place / "пакет 模型.zip")
    made.run("doctor", "doctor", "--all", "--json")
    return made
