"""Documents: the texts that are written in the Text panel, one file each, saved in a thread."""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter

from genstudio.core import files
from genstudio.core.document import UNTITLED, Document, Head, title_of
from genstudio.core.errors import GenStudioError, NotFound, Problem
from genstudio.core.paths import Home
from genstudio.studio import kept
from genstudio.studio.listeners import Listeners
from genstudio.studio.saver import Saver

TRASH = ".trash"
_ENDING = ".json"
# Below, `list` is the method of the shelf.
Heads = list[Head]
_Marks = dict[str, tuple[int, int, Head]]
_marks: TypeAdapter[_Marks] = TypeAdapter(_Marks)


class Documents:
    """All calls are safe from any thread. A document owns every file `<id>.*` beside its own.

    `put` returns at once; the newest version is written a moment later in a thread, and `get`
    gives it in the meantime. What a list shows is kept in the cache, by time and size of files.
    """

    def __init__(
        self,
        home: Home,
        on_problem: Callable[[Problem], None] = lambda _problem: None,
        read_only: bool = False,
    ) -> None:
        self._folder, self._tell, self._read_only = home.documents, on_problem, read_only
        self._index = home.cache / "documents.json"
        self._lock = threading.RLock()
        self._writing = threading.Lock()  # one document at a time, none while one is removed
        self._waiting: dict[str, Document] = {}
        self._known: _Marks | None = None
        self._bad: set[Path] = set()
        self._changed = Listeners()
        self._saver = Saver(self._save, on_problem)

    def close(self) -> None:
        """Write what waits and end the thread."""
        self._saver.close()

    def on_change(self, callback: Callable[[str], None]) -> Callable[[], None]:
        """Call `callback(id)` after each change, from any thread; returns how to end that."""
        return self._changed.add(callback)

    def path(self, name: str) -> Path:
        """Where the document lies."""
        return self._folder / f"{name}{_ENDING}"

    def beside(self, name: str, what: str) -> Path:
        """A further JSON file of the document, such as its versions; it moves along with it."""
        return self._folder / f"{name}.{what}{_ENDING}"

    # ---- reading

    def has(self, name: str) -> bool:
        """Whether there is such a document, on the disk or on its way there."""
        with self._lock:
            return name in self._waiting or self.path(name).is_file()

    def list(self) -> Heads:
        """All documents, the last changed first; damaged ones are told and left out."""
        with self._lock:
            known = self._marks()
            heads = {name: found[2] for name, found in known.items()}
            heads |= {name: document.head for name, document in self._waiting.items()}
        return sorted(heads.values(), key=lambda head: head.changed, reverse=True)

    def get(self, name: str) -> Document:
        """The document, as it was last put; raises NotFound or BadInput."""
        with self._lock:
            if name in self._waiting:
                return self._waiting[name]
        path = self.path(name)
        if not path.is_file() and not kept.previous(path).is_file():
            raise NotFound(f"There is no document {name}", next_step="It may be in the trash.")
        found, problem = kept.read(Document, path, Document(id=name))
        if problem is not None:
            self._tell(problem)
        return found

    # ---- changing

    def new(self, text: str = "", title: str = "") -> Document:
        """A new document, kept once something is put into it."""
        now = _now()
        name = f"{now[:10]}-{now[11:19].replace(':', '')}-{secrets.token_hex(2)}"
        words = title or title_of(text)
        return Document(
            id=name, title=words, named=bool(title), created=now, changed=now, text=text
        )

    def put(self, document: Document) -> None:
        """Keep a new version; it is on the disk a moment later."""
        if self._read_only:
            return
        with self._lock:
            self._waiting[document.id] = document
        self._saver.mark()

    def rename(self, name: str, title: str) -> Document:
        """Give it a title; with an empty one it follows the first line again."""
        found = self.get(name)
        words = " ".join(title.split())[:400]
        update = {"title": words or title_of(found.text), "named": bool(words)}
        renamed = found.model_copy(update=update)
        self.put(renamed)
        return renamed

    def remove(self, name: str) -> None:
        """Move it and what belongs to it to the trash; `restore` undoes it."""
        self._write_now()
        with self._writing, self._lock:
            self._waiting.pop(name, None)
            for path in self._folder.glob(f"{name}.*"):
                files.move_file(path, self._folder / TRASH / _now()[:10] / path.name)
        self._changed(name)

    def restore(self, name: str) -> None:
        """Bring it back from the trash; raises NotFound."""
        found = sorted((self._folder / TRASH).glob(f"*/{name}.*"))
        if not found:
            raise NotFound(f"{name} is not in the trash of the documents")
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
                document = self._waiting.get(name)
                if document is None:
                    continue  # written or removed meanwhile
                kept.write(self.path(name), document)
                with self._lock:
                    if self._waiting.get(name) is document:
                        del self._waiting[name]
            self._changed(name)

    def _write_now(self) -> None:
        with contextlib.suppress(GenStudioError, OSError):
            self._save()

    # ---- what lists show

    def _marks(self) -> _Marks:
        """Heads by id with time and size of their files; only changed files are read."""
        if self._known is None:
            with contextlib.suppress(OSError, ValueError):
                self._known = _marks.validate_json(self._index.read_bytes())
        before, now = self._known or {}, {}
        for path in self._documents():
            with contextlib.suppress(OSError):
                stat = path.stat()
                name, mark = path.stem, (stat.st_mtime_ns, stat.st_size)
                found = before.get(name)
                head = found[2] if found and found[:2] == mark else self._head(path)
                if head is not None:
                    now[name] = (*mark, head)
        if now != before:
            self._known = now
            if not self._read_only:
                with contextlib.suppress(GenStudioError, OSError):
                    files.write_passing(self._index, _marks.dump_json(now))
        return now

    def _documents(self) -> Iterable[Path]:
        if not self._folder.is_dir():
            return []
        return [p for p in self._folder.glob(f"*{_ENDING}") if "." not in p.stem]

    def _head(self, path: Path) -> Head | None:
        try:
            return Document.read(path).head
        except GenStudioError as error:
            if path not in self._bad:
                self._bad.add(path)
                self._tell(error.problem)
            return None


def retitled(document: Document) -> Document:
    """The same, called after its first line unless somebody gave it a title."""
    title = document.title if document.named else title_of(document.text)
    return document.model_copy(update={"title": title or UNTITLED, "changed": _now()})


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
