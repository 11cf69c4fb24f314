"""What was dropped here? Describe a foreign file or folder, and take in model packages."""

from __future__ import annotations

import queue
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from genstudio.core.artifact import Provenance
from genstudio.core.errors import BadInput, GenStudioError, NotFound
from genstudio.core.events import Done, Event, Progress
from genstudio.core.manifest import MANIFEST
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe
from genstudio.core.stored import Json
from genstudio.studio import lists, packages
from genstudio.studio.exporting import TEXTS
from genstudio.studio.library import Library

if TYPE_CHECKING:
    from genstudio.media.provenance import Found

Kind = Literal[
    "ours",
    "picture",
    "animation",
    "package",
    "dataset",
    "latent",
    "recipe",
    "report",
    "font",
    "unknown",
]
MOVING = {".gif", ".mp4"}
PIECES = (".mid", ".midi", ".musicxml", ".mxl")
HEARD = (*PIECES, ".wav", ".flac", ".ogg", ".mp3")
"""Files of music and sound that can tell how they were made (`media.music_made`)."""
FONTS = (".sf2", ".sf3")
DATA = {".npz", ".gz", ".tar", ".tgz", ".xz", ".bz2"}


@dataclass(frozen=True)
class Described:
    """What a path is. `ours` = made here, with its `provenance`; `sentence` says it in words."""

    kind: Kind
    path: Path
    sentence: str
    provenance: Provenance | None = None
    data: dict[str, Json] = field(default_factory=dict)

    def facts(self) -> dict[str, Json]:
        """Plain values for an event and for `genstudio inspect`."""
        answer: dict[str, Json] = {
            "kind": self.kind,
            "path": str(self.path),
            "text": self.sentence,
            **self.data,
        }
        if self.provenance is not None:
            answer["provenance"] = self.provenance.model_dump(mode="json")
        return answer


def describe_file(path: Path) -> Described:
    """Look at a file or folder; raises BadInput or NotFound with the reason."""
    path = Path(path)
    if not path.exists():
        raise NotFound(
            f"{path.name} is not there any more ({path.parent})",
            next_step="Take it from where it lies now.",
        )
    if path.is_dir():
        if (path / MANIFEST).is_file():
            return _package(path)
        words = f"{path.name} is a folder: it can become a dataset."
        return Described("dataset", path, words, None, _pictures(path))
    suffix = path.suffix.lower()
    if path.name == MANIFEST:
        return _package(path.parent)
    if suffix == ".latent":
        return _latent(path)
    if suffix == ".json":
        return _json(path)
    if suffix == ".zip":
        return _zip(path)
    if suffix in FONTS:
        return Described("font", path, f"{path.name} is a SoundFont: instruments that play music.")
    if suffix in DATA:
        return Described("dataset", path, f"{path.name} can become a dataset.")
    told = _told(path) if suffix in (*TEXTS, *HEARD) else None
    piece = {"piece": _piece(path)} if suffix in PIECES else {}
    if told is not None:
        return replace(told, data={**piece, **told.data})
    what = _data_kind(suffix)
    if what:
        words = f"{path.name} is {what}: it can become a dataset."
        return Described("dataset", path, words, None, {**piece})
    return _picture(path)


def import_model(home: Home, path: Path, replace: bool = False) -> Iterator[Event]:
    """Install a package with progress; Done.data = {"model": id, "title": …}.

    The copying runs in a thread so that events come while it works; closing the generator
    stops it and leaves nothing behind.
    """
    said: queue.SimpleQueue[Event | BaseException] = queue.SimpleQueue()
    stop = threading.Event()

    def progress(done: int, total: int) -> None:
        if stop.is_set():
            raise GenStudioError("The import was stopped", kind="cancelled")
        said.put(Progress(done=done, total=total, text="Copying"))

    def work() -> None:
        try:
            model = Library(home).install(path, progress, replace=replace)
            said.put(Done(data={"model": model.id, "title": model.title}))
        except BaseException as error:
            said.put(error)

    thread = threading.Thread(target=work, name="import", daemon=True)
    thread.start()
    try:
        while True:
            event = said.get()
            if isinstance(event, BaseException):
                raise event
            yield event
            if isinstance(event, Done):
                return
    finally:
        stop.set()
        thread.join()


def told_of(path: Path) -> Found:
    """What a file says of its making: a picture, an animation, a text, music or a sound; raises
    BadInput."""
    from genstudio.media import documents, music_made, provenance

    kind = path.suffix.lower()
    return (documents if kind in TEXTS else music_made if kind in HEARD else provenance).read(path)


def _told(path: Path) -> Described | None:
    """A text, music or sound with a model's part in it; None for one that says nothing of it."""
    found = told_of(path)
    data = provenance_facts(found)
    is_text = path.suffix.lower() in TEXTS
    if found.provenance is not None:
        made, verb = found.provenance, "written" if is_text else "made"
        words = f"{path.name} was {verb} here with {made.title or made.request.model}."
        return Described("ours", path, words, made, data)
    if not found.source_uri:
        return None
    what = "a text" if is_text else _data_kind(path.suffix.lower()) or "a sound"
    words = f"{path.name} is {what} that says a machine had a part in it."
    return Described("dataset", path, words, None, data)


def _piece(path: Path) -> Json:
    """What stands in a file of notes: tracks, bars, key, tempo, notes."""
    from genstudio.core.stored import read_limited
    from genstudio.media import music, piece_facts, scores

    return piece_facts.facts(scores.read_any(read_limited(path, music.MAX_BYTES), path.name))


def provenance_facts(found: Found) -> dict[str, Json]:
    """Plain values of all that a file says."""
    from genstudio.media import provenance

    data = provenance.describe(found)
    data.pop("provenance", None)
    return data


def _picture(path: Path) -> Described:
    from genstudio.media import image

    try:
        found = told_of(path)
    except BadInput:
        # Not one of the kinds that carry settings; it may be a picture all the same.
        width, height = image.size_of(path)
        words = f"{path.name} is a picture of {width} × {height} pixels."
        told: dict[str, Json] = {"width": width, "height": height}
        return Described("picture", path, words, None, told | _mask(path))
    data = provenance_facts(found)
    if found.provenance is not None:
        made = found.provenance
        words = f"{path.name} was made here with {made.title or made.request.model}."
        return Described("ours", path, words, made, data)
    moving = path.suffix.lower() in MOVING
    words = f"{path.name} is {'an animation' if moving else 'a picture'}"
    words += f" made with {found.software}." if found.software else "."
    if not moving:
        data |= _mask(path)
    return Described("animation" if moving else "picture", path, words, None, data)


def _pictures(folder: Path) -> dict[str, Json]:
    """How many pictures lie in the folder itself; nothing where none do, or too many for a list."""
    try:
        return {"pictures": len(lists.pictures_in(folder))}
    except (GenStudioError, OSError):
        return {}


def _mask(path: Path) -> dict[str, Json]:
    """That a picture is black and white as a mask is."""
    from genstudio.media import masks

    return {"mask": True} if masks.of_file(path) else {}


def _data_kind(suffix: str) -> str:
    """What files of this name hold that are no pictures, as datasets sort them; "" for others."""
    from genstudio.datasets import kinds

    if suffix in kinds.TABLES:
        return "a table"
    found = {"text": kinds.TEXT, "music": kinds.MUSIC, "a sound": kinds.SOUND}
    return next((what for what, suffixes in found.items() if suffix in suffixes), "")


def _zip(path: Path) -> Described:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, EOFError) as error:
        raise BadInput(f"{path.name} is not a sound zip file: {error}", file=path) from error
    if any(name.split("/")[-1] == MANIFEST and name.count("/") < 2 for name in names):
        return _package(path)
    return Described("dataset", path, f"{path.name} is an archive: it can become a dataset.")


def _package(path: Path) -> Described:
    with packages.opened(path) as source:
        return _told_package(path, source)


def _told_package(path: Path, source: packages.Source) -> Described:
    manifest = source.manifest()
    data: dict[str, Json] = {
        "id": manifest.id,
        "title": manifest.title,
        "family": manifest.family,
        "licence": manifest.licence,
        "model_sha256": manifest.sha256,
        "bytes": sum(entry.size for entry in manifest.files),
    }
    words = f"{path.name} is a model package: {manifest.title}."
    return Described("package", path, words, None, data)


def _latent(path: Path) -> Described:
    from genstudio.media import latent

    found = latent.read(path.read_bytes())
    words = f"{path.name} is a code of {found.model}: it can be decoded to a picture."
    data: dict[str, Json] = {"model": found.model, "model_sha256": found.sha256}
    return Described("latent", path, words, None, data)


def _json(path: Path) -> Described:
    from genstudio.core.stored import MAX_JSON_BYTES, read_limited

    data = read_limited(path, MAX_JSON_BYTES)
    try:
        recipe = Recipe.from_bytes(data, path)
    except GenStudioError:
        return Described("unknown", path, f"{path.name} is nothing that GenStudio can use.")
    words = f"{path.name} is a recipe: it trains {recipe.model} ({recipe.family})."
    return Described("recipe", path, words, None, {"recipe": recipe.model_dump(mode="json")})
