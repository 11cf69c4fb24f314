"""Look at each file of a source: a usable picture, a companion, or skipped with the reason."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from genstudio.core.dataset import Finding
from genstudio.core.errors import BadInput
from genstudio.core.events import Event, Log, Progress
from genstudio.datasets.items import Item
from genstudio.datasets.sources import Source
from genstudio.media import image
from genstudio.media.reading import printable

MIN_SIDE = 16
MAX_FINDINGS = 1000
_COMPANIONS = ("readme", "license", "licence", "classes", "labels", "attribution", "metadata")
_TEXTS = {".txt", ".csv", ".json", ".jsonl", ".md", ".xml", ".yaml", ".yml", ".tsv"}


@dataclass
class Findings:
    """What was noticed; past the limit only counted, so a bad folder cannot fill the memory."""

    kept: list[Finding] = field(default_factory=list)
    skipped: int = 0
    more: Counter[str] = field(default_factory=Counter)

    def skip(self, name: str, reason: str) -> Log:
        """A file that is left out."""
        self.skipped += 1
        return self._add(Finding(level="skipped", file=printable(name)[:400], what=reason))

    def warn(self, what: str) -> Log:
        """A doubt about the data as a whole."""
        return self._add(Finding(level="warning", what=what))

    def note(self, what: str) -> Log:
        """A fact worth knowing."""
        return self._add(Finding(level="info", what=what))

    def all(self) -> tuple[Finding, ...]:
        """What goes into dataset.json."""
        rest = [
            Finding(level=level, what=f"and {count:,} more like these")  # type: ignore[arg-type]
            for level, count in self.more.items()
        ]
        return (*self.kept, *rest)

    def _add(self, finding: Finding) -> Log:
        if len(self.kept) < MAX_FINDINGS:
            self.kept.append(finding)
        else:
            self.more[finding.level] += 1
        text = f"{finding.file}: {finding.what}" if finding.file else finding.what
        return Log(level="info" if finding.level == "info" else "warning", text=text)


def is_picture_name(name: str) -> bool:
    """True for the suffixes of known formats, and for none at all (cameras do that)."""
    place = PurePosixPath(name)
    if not place.suffix:
        return place.name.lower() not in _COMPANIONS
    return place.suffix.lower() in image.SUFFIXES


def examine(
    source: Source, findings: Findings, keep: Callable[[str, bytes], str]
) -> Iterator[Event | Item]:
    """Yield an Item for each usable picture, Progress and Logs between; never stops at a bad one.

    `keep(name, bytes)` says under which path the picture is found later (copying it if need be).
    """
    names = source.names()
    wanted = [name for name in names if is_picture_name(name)]
    stems = {str(PurePosixPath(name).with_suffix("")) for name in wanted}
    for name in names:
        if not is_picture_name(name) and not _is_companion(name, stems):
            yield findings.skip(name, _why_not(PurePosixPath(name).suffix.lower()))
    first_seen: dict[str, str] = {}
    every = max(1, len(wanted) // 200)
    for place, name in enumerate(wanted):
        if place % every == 0:
            yield Progress(done=place, total=len(wanted), text="looking at pictures")
        try:
            data = source.read(name)
            item = _look(name, data)
            if item.sha256 in first_seen:
                twin = printable(first_seen[item.sha256])
                raise BadInput(f"is an exact copy of {twin}")
        except BadInput as error:
            yield findings.skip(name, _reason(error, name))
            continue
        first_seen[item.sha256] = name
        path = keep(name, data)
        yield Item(**{**vars(item), "path": path, "name": "" if path == name else name})
    yield Progress(done=len(wanted), total=len(wanted), text="looking at pictures")


def _look(name: str, data: bytes) -> Item:
    if not data:
        raise BadInput("is empty (0 bytes)")
    pixels = image.read(data)
    height, width = pixels.shape[:2]
    if min(width, height) < MIN_SIDE:
        raise BadInput(f"is too small ({width}×{height}; the least side is {MIN_SIDE})")
    channels = 1 if image.is_grey(pixels) else pixels.shape[2]
    digest = hashlib.sha256(data).hexdigest()
    return Item(path=name, sha256=digest, width=width, height=height, channels=channels)


def _is_companion(name: str, stems: set[str]) -> bool:
    """Captions beside their pictures, label lists and read-me files belong to a dataset."""
    place = PurePosixPath(name)
    if place.suffix.lower() not in _TEXTS:
        return not place.suffix
    return place.stem.lower().startswith(_COMPANIONS) or str(place.with_suffix("")) in stems


def _why_not(suffix: str) -> str:
    if suffix in (".zip", ".npz", ".npy", ".gz"):
        return "is an archive: add it by itself"
    if suffix in (".heic", ".heif"):
        return "is a HEIC picture, which is not read here: save it as JPEG or PNG"
    return f"is not a picture in a format known here ({suffix})"


def _reason(error: BadInput, name: str) -> str:
    text = error.problem.what
    for subject in (printable(PurePosixPath(name).name), "the picture"):
        text = text.removeprefix(subject).strip()
    return text
