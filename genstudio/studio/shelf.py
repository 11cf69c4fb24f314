"""A shelf of one's own works (texts, pieces): one file each, saved in a thread, listed by heads."""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from pydantic import TypeAdapter

from genstudio.core import files
from genstudio.core.errors import GenStudioError, NotFound, Problem
from genstudio.core.stored import Stored
from genstudio.studio import kept
from genstudio.studio.listeners import Listeners
from genstudio.studio.saver import REST_SECONDS, Saver

TRASH = ".trash"
ENDING = ".json"


class Heading(Protocol):
    """What a list shows of a work at least."""

    @property
    def changed(self) -> str:
        """When it was changed last, ISO 8601."""
        ...


W = TypeVar("W", bound=Stored)
H = TypeVar("H", bound=Heading)


class Shelf(Generic[W, H]):
    """All calls are safe from any thread. A work owns every file `<id>.*` beside its own.

    `kind` has `id` and `head`, an object of `heading`; `noun` names it in sentences. `put`
    returns at once; the newest version is written a moment later in a thread, and `get` gives
    it in the meantime. What a list shows is kept in `index`, by time and size of files.
    """

    def __init__(
        self,
        kind: type[W],
        heading: type[H],
        noun: str,
        folder: Path,
        index: Path,
        on_problem: Callable[[Problem], None] = lambda _problem: None,
        read_only: bool = False,
    ) -> None:
        self._kind, self._noun = kind, noun
        self._folder, self._index = folder, index
        self._tell, self._read_only = on_problem, read_only
        self._adapter: TypeAdapter[dict[str, tuple[int, int, Any]]] = TypeAdapter(
            dict[str, tuple[int, int, heading]]  # type: ignore[valid-type]
        )
        self._lock = threading.RLock()
        self._writing = threading.Lock()  # one work at a time, none while one is removed
        self._waiting: dict[str, W] = {}
        self._known: dict[str, tuple[int, int, H]] | None = None
        self._bad: set[Path] = set()
        self._changed = Listeners()
        self._saver = Saver(self._save, on_problem, REST_SECONDS)

    def close(self) -> None:
        """Write what waits and end the thread."""
        self._saver.close()

    def on_change(self, callback: Callable[[str], None]) -> Callable[[], None]:
        """Call `callback(id)` after each change, from any thread; returns how to end that."""
        return self._changed.add(callback)

    def path(self, name: str) -> Path:
        """Where the work lies."""
        return self._folder / f"{name}{ENDING}"

    def beside(self, name: str, what: str) -> Path:
        """A further JSON file of the work, such as its versions; it moves along with it."""
        return self._folder / f"{name}.{what}{ENDING}"

    # ---- reading

    def has(self, name: str) -> bool:
        """Whether there is such a work, on the disk or on its way there."""
        with self._lock:
            return name in self._waiting or self.path(name).is_file()

    def list(self) -> list[H]:
        """All works, the last changed first; damaged ones are told and left out."""
        with self._lock:
            known = self._marks()
            heads: dict[str, H] = {name: found[2] for name, found in known.items()}
            heads |= {name: work.head for name, work in self._waiting.items()}  # type: ignore[attr-defined]
        return sorted(heads.values(), key=lambda head: head.changed, reverse=True)

    def get(self, name: str) -> W:
        """The work, as it was last put; raises NotFound or BadInput."""
        with self._lock:
            if name in self._waiting:
                return self._waiting[name]
        path = self.path(name)
        if not path.is_file() and not kept.previous(path).is_file():
            raise NotFound(f"There is no {self._noun} {name}", next_step="It may be in the trash.")
        found, problem = kept.read(self._kind, path, self._kind(id=name))  # type: ignore[call-arg]
        if problem is not None:
            self._tell(problem)
        return found

    # ---- changing

    def put(self, work: W) -> None:
        """Keep a new version; it is on the disk a moment later."""
        if self._read_only:
            return
        with self._lock:
            self._waiting[work.id] = work  # type: ignore[attr-defined]
        self._saver.mark()

    def remove(self, name: str) -> None:
        """Move it and what belongs to it to the trash; `restore` undoes it."""
        self._write_now()
        with self._writing, self._lock:
            self._waiting.pop(name, None)
            for path in self._folder.glob(f"{name}.*"):
                files.move_file(path, self._folder / TRASH / now()[:10] / path.name)
        self._changed(name)

    def restore(self, name: str) -> None:
        """Bring it back from the trash; raises NotFound."""
        found = sorted((self._folder / TRASH).glob(f"*/{name}.*"))
        if not found:
            raise NotFound(f"{name} is not in the trash of the {self._noun}s")
        for path in found:
            files.move_file(path, self._folder / path.name)
        self._changed(name)

    def purge(self, days: int) -> int:
        """Delete for good what was removed more than `days` days ago; how many days went."""
        limit = (datetime.now().astimezone() - timedelta(days=days)).isoformat()[:10]
        old = [day for day in (self._folder / TRASH).glob("*-*-*") if day.name < limit]
        for day in old:
            files.remove(day)
        return len(old)

    def flush(self) -> None:
        """Write what waits now: another process is about to read it."""
        self._save()

    # ---- the thread that writes

    def _save(self) -> None:
        for name in tuple(self._waiting):
            with self._writing:
                work = self._waiting.get(name)
                if work is None:
                    continue  # written or removed meanwhile
                kept.write(self.path(name), work)
                with self._lock:
                    if self._waiting.get(name) is work:
                        del self._waiting[name]
            self._changed(name)

    def _write_now(self) -> None:
        with contextlib.suppress(GenStudioError, OSError):
            self._save()

    # ---- what lists show

    def _marks(self) -> dict[str, tuple[int, int, H]]:
        """Heads by id with time and size of their files; only changed files are read."""
        if self._known is None:
            with contextlib.suppress(OSError, ValueError):
                self._known = self._adapter.validate_json(self._index.read_bytes())
        before: dict[str, tuple[int, int, H]] = self._known or {}
        found: dict[str, tuple[int, int, H]] = {}
        for path in self._works():
            with contextlib.suppress(OSError):
                stat = path.stat()
                name, mark = path.stem, (stat.st_mtime_ns, stat.st_size)
                known = before.get(name)
                head = known[2] if known and known[:2] == mark else self._head(path)
                if head is not None:
                    found[name] = (*mark, head)
        if found != before:
            self._known = found
            if not self._read_only:
                with contextlib.suppress(GenStudioError, OSError):
                    files.write_passing(self._index, self._adapter.dump_json(found))
        return found

    def _works(self) -> Iterable[Path]:
        if not self._folder.is_dir():
            return []
        return [p for p in self._folder.glob(f"*{ENDING}") if "." not in p.stem]

    def _head(self, path: Path) -> H | None:
        try:
            return self._kind.read(path).head  # type: ignore[attr-defined,no-any-return]
        except GenStudioError as error:
            if path not in self._bad:
                self._bad.add(path)
                self._tell(error.problem)
            return None


def new_id() -> str:
    """A fresh name that sorts by time: day, clock, four letters of chance."""
    moment = now()
    return f"{moment[:10]}-{moment[11:19].replace(':', '')}-{secrets.token_hex(2)}"


def now() -> str:
    """This moment as works note it."""
    return datetime.now().astimezone().isoformat(timespec="seconds")
