"""What a command works with: the data folder, the shelves in it, the work it can run."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from genstudio.core.errors import UsageError
from genstudio.core.events import Event
from genstudio.core.job import Role
from genstudio.core.paths import Home

if TYPE_CHECKING:
    from genstudio.cli.running import Stopping
    from genstudio.studio.studio import Studio

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one event a line, as JSON.")]


@dataclass
class Session:
    """One command's view of the data folder; the window may have it open at the same time."""

    home: Home

    @cached_property
    def studio(self) -> Studio:
        """The shelves, without the lock and the queue that belong to the window."""
        from genstudio.studio.studio import Studio

        return Studio(self.home, owner=False)

    def close(self) -> None:
        """Let go of the shelves, if they were used."""
        if "studio" in self.__dict__:
            self.studio.close()

    def work(
        self,
        role: Role,
        work: str,
        body: Mapping[str, Any],
        spool: Path | None = None,
        stop: Stopping | None = None,
    ) -> Generator[Event]:
        """What a worker of this role would do, done in this process; `stop` can then end it."""
        from genstudio.workers import inline

        stoppable = {"stoppable": stop.of} if stop else {}
        yield from inline.run(role, work, dict(body), self.home, spool, **stoppable)


def session_of(context: typer.Context) -> Session:
    """The Session that `main` made."""
    session = context.obj
    assert isinstance(session, Session)
    return session


@contextlib.contextmanager
def spool() -> Iterator[Path]:
    """A passing folder for results, outside the data folder (which may be read-only)."""
    with tempfile.TemporaryDirectory(prefix="genstudio-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def pairs(words: Sequence[str], flag: str = "--set") -> dict[str, str]:
    """`NAME=VALUE` words as a dictionary; raises UsageError."""
    found = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign or not name.strip():
            raise UsageError(f"{flag} needs NAME=VALUE, not {word!r}")
        found[name.strip().replace("-", "_")] = value
    return found
