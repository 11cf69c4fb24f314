"""The command line in this process, over a copy of the tiny models' data folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from genstudio.cli.app import main
from genstudio.core.paths import Home


@dataclass(frozen=True)
class Outcome:
    """What a command left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """The lines of `--json`."""
        return [json.loads(line) for line in self.out.splitlines()]


def caller(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """What runs one command over the data folder `home`."""

    def call(*words: object) -> Outcome:
        capsys.readouterr()
        code = main([str(word) for word in words], str(home))
        return Outcome(code, *capsys.readouterr())

    return call


@pytest.fixture
def cli(tiny_copy: Home, capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Run one command over `tiny_copy`."""
    return caller(tiny_copy.root, capsys)


@pytest.fixture
def picture(tiny_copy: Home) -> str:
    """A picture of a disc."""
    return str(tiny_copy.root / "source" / "shapes" / "disc" / "000.png")
