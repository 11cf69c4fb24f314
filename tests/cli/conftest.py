"""The command line in this process, over a copy of the tiny models' data folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
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


@pytest.fixture
def cli(tiny_copy: Home, capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Run one command over `tiny_copy`."""

    def call(*words: object) -> Outcome:
        capsys.readouterr()
        code = main([str(word) for word in words], str(tiny_copy.root))
        out, err = capsys.readouterr()
        return Outcome(code, out, err)

    return call


@pytest.fixture
def picture(tiny_copy: Home) -> str:
    """A picture of a disc."""
    return str(tiny_copy.root / "source" / "shapes" / "disc" / "000.png")
