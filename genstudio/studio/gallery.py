"""Gallery: generated files by day with a record beside each; the index can always be made anew."""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from genstudio.core import files
from genstudio.core.artifact import Artifact, Provenance
from genstudio.core.errors import BadInput, GenStudioError, NotFound, Problem, ReadOnly
from genstudio.core.events import Result
from genstudio.core.paths import Home
from genstudio.core.stored import Json, to_name
from genstudio.studio import shelf_folders
from genstudio.studio.index import Index
from genstudio.studio.listeners import Listeners

log = logging.getLogger(__name__)
PICTURED = ("image", "animation")
SHOWN = (*PICTURED, "music", "sound")
MOST_WORDS = 100_000
"""Characters of a text that a search looks through."""
_T = TypeVar("_T")
# Below, `list` is the method of the shelf.
Artifacts = list[Artifact]
Names = list[str]


class Gallery:
    """All calls are safe from any thread; callbacks run in the thread of the call.

    `unclean`: the last owner crashed, so everything is looked at. `read_only` refuses changes;
    `in_memory` only keeps the index off the disk.
    """

    def __init__(
        self,
        home: Home,
        *,
        unclean: bool = False,
        read_only: bool = False,
        in_memory: bool = False,
        cache: Path | None = None,
    ) -> None:
        self._home = home
        self._read_only = read_only
        self._cache = (cache or home.cache) / "thumbnails"
        self._changed = Listeners()
        self._lock = threading.RLock()
        self.problems: list[Problem] = []
        self._index = Index(home.index_file, check=unclean, in_memory=read_only or in_memory)
        self.refresh(everything=unclean)

    def close(self) -> None:
        """Close the index."""
        self._index.close()

    def on_change(self, callback: Callable[[Names], None]) -> Callable[[], None]:
        """Call `callback(ids)` after each change; returns how to end that."""
        return self._changed.add(callback)

    def add(self, result: Result, job: str = "") -> Artifact:
        """Move a result with `data["provenance"]` out of the spool; returns its artifact."""
        return self.add_many([result])[0]

    def add_many(self, results: Sequence[Result]) -> Artifacts:
        """Move results in together: all of them are on the disk when this returns."""
        now = datetime.now().astimezone()
        artifacts = [_artifact_of(result, now) for result in results]
        moves = [
            (Path(result.path), self._home.gallery / artifact.file)
            for result, artifact in zip(results, artifacts, strict=True)
        ]
        writes = [(_record(target), a.to_bytes()) for (_, target), a in zip(moves, artifacts)]
        files.commit(moves, writes)
        self._indexed(lambda: self._index.put(artifacts, self.said))
        self._changed([artifact.id for artifact in artifacts])
        return artifacts

    def list(
        self,
        text: str = "",
        model: str = "",
        starred: bool = False,
        since: str = "",
        until: str = "",
        trashed: bool = False,
        limit: int = 200,
        offset: int = 0,
    ) -> Artifacts:
        """Newest first. `text`: words, model: seed: date:2026-11 task: group:ID is:starred."""
        return self._ask(
            lambda: self._index.find(
                text,
                model=model,
                starred=starred,
                since=since,
                until=until,
                trashed=trashed,
                limit=limit,
                offset=offset,
            )
        )

    def count(self, text: str = "", **filters: Any) -> int:
        """How many `list` would give without a limit."""
        return self._ask(lambda: self._index.count(text, **filters))

    def models(self) -> Names:
        """The ids of all models that made something here."""
        return self._ask(self._index.models)

    def get(self, name: str) -> Artifact:
        """The artifact with that id; raises NotFound."""
        found = self._ask(lambda: self._index.get(name))
        if found is None:
            raise NotFound(f"There is no {name} in the gallery")
        return found

    def path(self, artifact: Artifact) -> Path:
        """Where its file lies."""
        place = self._home.trash if artifact.trashed else self._home.gallery
        return place / artifact.file

    def thumbnail(self, artifact: Artifact, side: int) -> Path | None:
        """A PNG of at most `side` pixels, made when first asked for; None where none can be."""
        if artifact.output not in SHOWN:
            return None
        path = self._cache / str(side) / f"{artifact.id}.png"
        if path.exists():
            return path
        from genstudio.media import image
        from genstudio.studio import thumbnails

        own = {"music": thumbnails.of_music, "sound": thumbnails.of_sound}
        make = own.get(artifact.output, image.thumbnail)
        try:
            files.write_passing(path, make(self.path(artifact), side))
        except (GenStudioError, OSError) as error:
            log.warning("no thumbnail of %s: %s", artifact.id, error)
            return None
        return path

    def said(self, artifact: Artifact, most: int = MOST_WORDS) -> str:
        """The first `most` characters of a text, what names a piece of music; "" for all else and
        for files that are gone."""
        if artifact.output not in ("text", "music"):
            return ""
        from genstudio.media import documents
        from genstudio.studio import thumbnails

        tell = documents.text_of if artifact.output == "text" else thumbnails.words_of_music
        try:
            return tell(self.path(artifact))[:most]
        except (GenStudioError, OSError) as error:
            log.warning("no words of %s: %s", artifact.id, error)
            return ""

    def star(self, name: str, on: bool = True) -> Artifact:
        """Set or take the star; kept in the record beside the file."""
        with self._lock:
            self._refuse_read_only("keep the star")
            artifact = self.get(name).model_copy(update={"starred": on})
            files.write_bytes(_record(self.path(artifact)), artifact.to_bytes())
            self._indexed(lambda: self._index.put([artifact], self.said))
        self._changed([name])
        return artifact

    def trash(self, names: Iterable[str]) -> Artifacts:
        """Move artifacts to the trash; `restore` with the same ids undoes it."""
        stamp = datetime.now().astimezone().isoformat(timespec="seconds")
        return self._move(names, stamp, "move this to the trash")

    def restore(self, names: Iterable[str]) -> Artifacts:
        """Bring artifacts back from the trash."""
        return self._move(names, "", "bring this back")

    def purge(self, days: int) -> int:
        """Delete for good what was trashed more than `days` days ago; returns how many."""
        if self._read_only:
            return 0
        limit = datetime.now().astimezone() - timedelta(days=days)
        old = [a for a in self.list(trashed=True, limit=-1) if _time(a.trashed) <= limit]
        for artifact in old:
            path = self.path(artifact)
            for gone in (path, _record(path), *self._thumbnails(artifact)):
                files.remove(gone)
        self._indexed(lambda: self._index.drop([artifact.id for artifact in old]))
        if old:
            self._changed([artifact.id for artifact in old])
        return len(old)

    def rebuild(self) -> int:
        """Make the index anew from the files; returns how many artifacts it holds."""
        self._index.forget()
        self.refresh(everything=True)
        return self._index.count() + self._index.count(trashed=True)

    def refresh(self, everything: bool = False) -> None:
        """Notice files that came or went behind our back, by the time stamps of the folders."""
        with self._lock:
            everything = everything or self._index.fresh
            self._index.fresh = False
            changed: Names = []
            for place, root in (("gallery", self._home.gallery), ("trash", self._home.trash)):
                changed += self._refresh_place(place, root, everything)
        if changed:
            self._changed(changed)

    def _refresh_place(self, place: str, root: Path, everything: bool) -> Names:
        known = self._index.days(place)
        changed: Names = []
        for day, stamp in shelf_folders.days(root).items():
            if not everything and stamp and known.get(day) == stamp:
                continue
            indexed = self._index.files_of(place, day)
            found = shelf_folders.media_files(root / day)
            new = [self._read(root / day / name, place) for name in found - set(indexed)]
            artifacts = [artifact for artifact in new if artifact is not None]
            gone = [indexed[name] for name in set(indexed) - found]
            self._indexed(partial(self._put_and_drop, artifacts, gone))
            self._indexed(partial(self._index.looked, place, day, stamp))
            changed += [artifact.id for artifact in artifacts] + gone
        for day in set(known) - set(shelf_folders.days(root)):
            gone = list(self._index.files_of(place, day).values())
            self._indexed(partial(self._index.drop, gone))
            changed += gone
        return changed

    def _put_and_drop(self, artifacts: Artifacts, gone: Names) -> None:
        # A file that only moved has its id in both lists: it must stay.
        self._index.drop(set(gone) - {artifact.id for artifact in artifacts})
        self._index.put(artifacts, self.said)

    def _read(self, path: Path, place: str) -> Artifact | None:
        """The artifact of a file: its record, else what is embedded in the file itself."""
        other = self._home.trash if place == "gallery" else self._home.gallery
        name = f"{path.parent.name}/{path.name}"
        for record in (_record(path), _record(other / name)):
            if record.exists():
                try:
                    artifact = Artifact.read(record)
                    return artifact.model_copy(
                        update={"file": name, "trashed": _trashed(artifact.trashed, place)}
                    )
                except GenStudioError as error:
                    self._tell(record, error)
        return self._adopt(path, name, place)

    def _adopt(self, path: Path, name: str, place: str) -> Artifact | None:
        """Make a record for a file that carries its provenance inside."""
        from genstudio.media import image
        from genstudio.studio import importing

        try:
            found = importing.told_of(path).provenance
            pictured = found is not None and found.output in PICTURED
            height, width = image.read(path).shape[:2] if pictured else (0, 0)
            size = path.stat().st_size
        except (GenStudioError, OSError) as error:
            log.info("%s is not from here: %s", path, error)
            return None
        if found is None:
            return None
        artifact = Artifact(
            id=to_name(path.stem),
            file=name,
            output=found.output,
            created=found.created or path.parent.name,
            provenance=found,
            trashed=_trashed("", place),
            width=width,
            height=height,
            size=size,
        )
        if not self._read_only:
            with contextlib.suppress(GenStudioError):
                files.write_bytes(_record(path), artifact.to_bytes())
        return artifact

    def _tell(self, record: Path, error: GenStudioError) -> None:
        """A record that cannot be read: kept aside, named once, made again from the file."""
        aside = record.with_name(record.name + ".damaged")
        if not self._read_only:
            with contextlib.suppress(GenStudioError, OSError):
                files.move_file(record, aside)
        self.problems.append(
            error.problem.model_copy(update={"next_step": f"It was kept as {aside.name}."})
        )

    def _move(self, names: Iterable[str], stamp: str, doing: str) -> Artifacts:
        with self._lock:
            self._refuse_read_only(doing)
            old = [self.get(name) for name in names]
            old = [artifact for artifact in old if bool(artifact.trashed) != bool(stamp)]
            new = [artifact.model_copy(update={"trashed": stamp}) for artifact in old]
            moves = [(self.path(a), self.path(b)) for a, b in zip(old, new)]
            for source, _ in moves:
                if not source.is_file():
                    raise NotFound(f"{source.name} is not there any more", file=source)
            files.commit(moves, [(_record(self.path(b)), b.to_bytes()) for b in new])
            for source, _ in moves:
                files.remove(_record(source))
            self._indexed(lambda: self._index.put(new, self.said))
        self._changed([artifact.id for artifact in new])
        return new

    def _thumbnails(self, artifact: Artifact) -> Sequence[Path]:
        return list(self._cache.glob(f"*/{artifact.id}.png"))

    def _indexed(self, work: Callable[[], object]) -> None:
        """Do something to the index; the files are safe already, so a fault only makes it stale."""
        try:
            work()
        except GenStudioError as error:
            log.warning("index of the gallery: %s", error)
            self._index.fresh = True

    def _ask(self, question: Callable[[], _T]) -> _T:
        """An answer of the index, filled again first if it had to be made anew."""
        if not self._index.fresh:
            answer = question()
            if not self._index.fresh:
                return answer
        self.refresh(everything=True)
        return question()

    def _refuse_read_only(self, doing: str) -> None:
        if self._read_only:
            raise ReadOnly(
                f"The data folder may only be read: GenStudio cannot {doing}",
                file=self._home.root,
                next_step="Choose another data folder in the settings.",
            )


def _record(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _artifact_of(result: Result, now: datetime) -> Artifact:
    data = dict(result.data)
    if "provenance" not in data:
        raise BadInput("A result without provenance cannot go into the gallery")
    made = Provenance.model_validate(data["provenance"])
    path = Path(result.path)
    called = to_name(made.group.name)[:40] if made.group and made.group.name else ""
    # The end of the name is drawn: two processes may make the same seed in the same moment.
    drawn = f"{result.seed}-{made.index}-{secrets.token_hex(3)}"
    stem = f"{called or made.request.model[:32]}-{drawn}"
    name = f"{now.date().isoformat()}/{to_name(stem)}{path.suffix.lower()}"
    return Artifact(
        id=to_name(stem),
        file=name,
        output=result.output,
        created=now.isoformat(timespec="milliseconds"),
        provenance=made,
        width=_whole(data.get("width")),
        height=_whole(data.get("height")),
        size=path.stat().st_size,
    )


def _whole(value: Json) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _trashed(stamp: str, place: str) -> str:
    if place == "gallery":
        return ""
    return stamp or datetime.now().astimezone().isoformat(timespec="seconds")


def _time(stamp: str) -> datetime:
    try:
        return datetime.fromisoformat(stamp).astimezone()
    except ValueError:
        return datetime.fromtimestamp(0).astimezone()
