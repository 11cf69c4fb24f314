"""The SQLite index of the gallery: fast to search, never the truth, made again at any doubt."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from genstudio.core import files
from genstudio.core.artifact import Artifact
from genstudio.core.errors import GenStudioError
from genstudio.studio.search import where

VERSION = 2
BUSY_SECONDS = 15.0
_SCHEMA = """
CREATE TABLE artifact (
    seq INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, moment REAL NOT NULL, created TEXT NOT NULL,
    place TEXT NOT NULL, day TEXT NOT NULL, file TEXT NOT NULL, model TEXT NOT NULL,
    task TEXT NOT NULL, seed INTEGER NOT NULL, starred INTEGER NOT NULL, trashed TEXT NOT NULL,
    record BLOB NOT NULL, grouped TEXT NOT NULL);
CREATE INDEX by_group ON artifact (grouped);
CREATE INDEX by_moment ON artifact (trashed, moment);
CREATE INDEX by_day ON artifact (place, day);
CREATE VIRTUAL TABLE words USING fts5(text, tokenize = 'unicode61 remove_diacritics 2');
CREATE TABLE folder (place TEXT, day TEXT, stamp INTEGER, PRIMARY KEY (place, day));
"""
_BROKEN = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_CORRUPT_VTAB,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY_DBMOVED,
}
_T = TypeVar("_T")
Said = Callable[[Artifact], str]


def nothing(artifact: Artifact) -> str:
    """The words of a file that holds none."""
    return ""


class Index:
    """Rows of artifacts. `fresh` is True after it had to be made anew and lacks all rows.

    `check` asks SQLite to look over the whole file first (after an unclean exit). With
    `in_memory` nothing is written: for a data folder that may only be read.
    """

    def __init__(self, path: Path, check: bool = False, in_memory: bool = False) -> None:
        self._path = path
        self._in_memory = in_memory
        self._lock = threading.RLock()
        self._reading = threading.RLock()
        self.fresh = False
        self._db = self._open(check)
        self._reader = self._second()

    def close(self) -> None:
        """Close the file."""
        with self._lock, self._reading:
            self._reader.close()
            self._db.close()

    def put(self, artifacts: Iterable[Artifact], said: Said = nothing) -> None:
        """Add or replace rows, one transaction; `said` gives the words that stand in a file."""
        rows = [(artifact, f"{words_of(artifact)} {said(artifact)}") for artifact in artifacts]
        self._do(lambda db: _put(db, rows), write=True)

    def drop(self, ids: Iterable[str]) -> None:
        """Take rows out."""
        names = list(ids)
        self._do(lambda db: _drop(db, names), write=True)

    def get(self, name: str) -> Artifact | None:
        """The row of an artifact."""
        rows = self._do(
            lambda db: db.execute("SELECT record FROM artifact WHERE id = ?", (name,)).fetchall()
        )
        return _artifact(rows[0][0]) if rows else None

    def find(
        self,
        text: str = "",
        *,
        model: str = "",
        starred: bool = False,
        since: str = "",
        until: str = "",
        trashed: bool = False,
        limit: int = 200,
        offset: int = 0,
    ) -> list[Artifact]:
        """Newest first; `text` takes words and model: seed: date: task: group: is:starred."""
        condition, values = where(text, model, starred, since, until, trashed)
        query = f"SELECT record FROM artifact WHERE {condition} ORDER BY moment DESC, seq DESC"
        rows = self._do(
            lambda db: db.execute(f"{query} LIMIT ? OFFSET ?", (*values, limit, offset)).fetchall()
        )
        return [_artifact(row[0]) for row in rows]

    def count(
        self,
        text: str = "",
        *,
        model: str = "",
        starred: bool = False,
        since: str = "",
        until: str = "",
        trashed: bool = False,
    ) -> int:
        """How many `find` would give without a limit."""
        condition, values = where(text, model, starred, since, until, trashed)
        query = f"SELECT count(*) FROM artifact WHERE {condition}"
        return int(self._do(lambda db: db.execute(query, values).fetchone()[0]))

    def models(self) -> list[str]:
        """All models that have artifacts."""
        query = "SELECT DISTINCT model FROM artifact ORDER BY model"
        return [row[0] for row in self._do(lambda db: db.execute(query).fetchall())]

    def files_of(self, place: str, day: str) -> dict[str, str]:
        """Artifact id by file name in one folder ("gallery" or "trash", day)."""
        query = "SELECT file, id FROM artifact WHERE place = ? AND day = ?"
        rows = self._do(lambda db: db.execute(query, (place, day)).fetchall())
        return {file.rpartition("/")[2]: name for file, name in rows}

    def days(self, place: str) -> dict[str, int]:
        """The folders known, each with the stamp of its last look."""
        query = (
            "SELECT day, stamp FROM folder WHERE place = ?1 UNION "
            "SELECT day, 0 FROM artifact WHERE place = ?1 AND day NOT IN "
            "(SELECT day FROM folder WHERE place = ?1)"
        )
        return dict(self._do(lambda db: db.execute(query, (place,)).fetchall()))

    def looked(self, place: str, day: str, stamp: int) -> None:
        """Remember that a folder was read when it had this time stamp."""
        query = "INSERT OR REPLACE INTO folder VALUES (?, ?, ?)"
        self._do(lambda db: db.execute(query, (place, day, stamp)), write=True)

    def forget(self) -> None:
        """Throw all rows away; a file that is damaged is made anew."""
        with self._lock:
            try:
                self._make_tables(self._db, anew=True)
            except sqlite3.DatabaseError as error:
                if not _is_broken(error):
                    raise _worded(error, self._path) from error
                self.close()
                self._delete()
                self._db = self._ready(self._connect())
                self._reader = self._second()

    def _do(self, work: Callable[[sqlite3.Connection], _T], write: bool = False) -> _T:
        """Run `work`; a damaged index is made anew (empty, `fresh`) and tried once more.

        Reading has a connection of its own: the window must not wait while a writer syncs.
        """
        with self._lock if write else self._reading:
            try:
                return self._once(work, write)
            except sqlite3.DatabaseError as error:
                if not _is_broken(error):
                    raise _worded(error, self._path) from error
                broken = error
        # Both locks, always in this order.
        with self._lock, self._reading:
            self._mend(broken)
            return self._once(work, write)

    def _mend(self, error: sqlite3.DatabaseError) -> None:
        if _code(error) != sqlite3.SQLITE_READONLY_DBMOVED:
            self.forget()
            return
        # Somebody deleted the file under us; another process may have made a new one already.
        self.close()
        self._db = self._open(check=False)
        self._reader = self._second()
        self.fresh = True

    def _once(self, work: Callable[[sqlite3.Connection], _T], write: bool) -> _T:
        if not write:
            return work(self._reader)
        self._db.execute("BEGIN IMMEDIATE")
        try:
            result = work(self._db)
            self._db.execute("COMMIT")
            return result
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise

    def _open(self, check: bool) -> sqlite3.Connection:
        if self._in_memory:
            return self._load_into_memory()
        files.make_folder(self._path.parent)
        db = None
        try:
            db = self._ready(self._connect())
            if not check or db.execute("PRAGMA integrity_check").fetchone()[0] == "ok":
                return db
        except sqlite3.DatabaseError as error:
            if not _is_broken(error):
                raise _worded(error, self._path) from error
        if db is not None:
            db.close()
        self._delete()
        return self._ready(self._connect())

    def _ready(self, db: sqlite3.Connection) -> sqlite3.Connection:
        """A connection whose tables are there; two processes may come to this at once."""
        try:
            if not self._in_memory:
                _patiently(lambda: db.execute("PRAGMA journal_mode = WAL"))
            db.execute("PRAGMA synchronous = FULL")
            if db.execute("PRAGMA user_version").fetchone()[0] != VERSION:
                self._make_tables(db, anew=False)
        except BaseException:
            db.close()
            raise
        return db

    def _make_tables(self, db: sqlite3.Connection, anew: bool) -> None:
        """Empty tables in place of whatever is there, unless another process was faster."""
        db.execute("BEGIN IMMEDIATE")
        try:
            if anew or db.execute("PRAGMA user_version").fetchone()[0] != VERSION:
                for name in ("words", "artifact", "folder"):
                    db.execute(f"DROP TABLE IF EXISTS {name}")
                for statement in _SCHEMA.split(";"):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {VERSION}")
            self.fresh = True
            db.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                db.execute("ROLLBACK")
            raise

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(
            ":memory:" if self._in_memory else self._path,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )

    def _second(self) -> sqlite3.Connection:
        """The connection that reads; one in memory has to do both."""
        return self._db if self._in_memory else self._connect()

    def _load_into_memory(self) -> sqlite3.Connection:
        """A copy of the file as it lies there, or an empty index."""
        with contextlib.suppress(sqlite3.Error, OSError):
            address = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
            with contextlib.closing(sqlite3.connect(address, uri=True)) as source:
                if source.execute("PRAGMA user_version").fetchone()[0] == VERSION:
                    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
                    source.backup(db)
                    return db
        return self._ready(self._connect())

    def _delete(self) -> None:
        if not self._in_memory:
            for suffix in ("", "-wal", "-shm"):
                files.remove(self._path.with_name(self._path.name + suffix))


def words_of(artifact: Artifact) -> str:
    """All that a search for words may find in an artifact."""
    made = artifact.provenance
    values = [str(v) for v in made.request.values.values() if isinstance(v, str)]
    facts = [str(v) for v in made.facts.values() if isinstance(v, (str, int))]
    known = [made.title, made.family, made.request.model, made.request.task, made.output]
    if made.group:
        known += [made.group.title, made.group.name]
    return " ".join([*known, str(made.request.seed), artifact.created[:10], *values, *facts])


def moment_of(created: str) -> float:
    """Seconds since 1970 of an ISO time; 0 where it is none."""
    try:
        return datetime.fromisoformat(created).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0


def _put(db: sqlite3.Connection, rows: Iterable[tuple[Artifact, str]]) -> None:
    for artifact, found in rows:
        old = db.execute("SELECT seq FROM artifact WHERE id = ?", (artifact.id,)).fetchone()
        row = (old[0] if old else None, *_row(artifact))
        marks = ", ".join("?" * len(row))
        seq = db.execute(f"INSERT OR REPLACE INTO artifact VALUES ({marks})", row).lastrowid
        db.execute("INSERT OR REPLACE INTO words (rowid, text) VALUES (?, ?)", (seq, found))


def _row(artifact: Artifact) -> tuple[object, ...]:
    request = artifact.provenance.request
    return (
        artifact.id,
        moment_of(artifact.created),
        artifact.created,
        "trash" if artifact.trashed else "gallery",
        artifact.file.rpartition("/")[0],
        artifact.file,
        request.model,
        request.task,
        request.seed,
        artifact.starred,
        artifact.trashed,
        artifact.to_bytes(),
        artifact.provenance.group.id if artifact.provenance.group else "",
    )


def _drop(db: sqlite3.Connection, names: Iterable[str]) -> None:
    for name in names:
        row = db.execute("SELECT seq FROM artifact WHERE id = ?", (name,)).fetchone()
        if row:
            db.execute("DELETE FROM words WHERE rowid = ?", row)
            db.execute("DELETE FROM artifact WHERE seq = ?", row)


def _artifact(record: bytes) -> Artifact:
    return Artifact.from_bytes(record, "index")


def _patiently(work: Callable[[], object]) -> None:
    """Changing the journal asks once and does not wait for a lock by itself."""
    for wait in (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 0.0):
        try:
            work()
            return
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY or not wait:
                raise
            time.sleep(wait)


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0)


def _is_broken(error: sqlite3.DatabaseError) -> bool:
    return _code(error) in _BROKEN or _code(error) & 0xFF in _BROKEN


def _worded(error: sqlite3.DatabaseError, path: Path) -> GenStudioError:
    full = _code(error) == sqlite3.SQLITE_FULL
    return GenStudioError(
        "The disk is full; the index of the gallery was not written"
        if full
        else f"The index of the gallery could not be used: {error}",
        file=path,
        kind="disk-full" if full else "index",
        next_step="Free some space and try again." if full else "It is made again at next start.",
    )
