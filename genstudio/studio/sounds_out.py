"""Sounds as files for the world: trimmed and made louder as asked, with where they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from genstudio.core import files
from genstudio.core.artifact import Artifact, MetadataLevel
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.events import Done, Event, Progress, Result
from genstudio.core.sound_edit import SoundEdit
from genstudio.core.stored import Json, to_name
from genstudio.studio.exporting import shareable

if TYPE_CHECKING:
    from genstudio.studio.gallery import Gallery

ENDINGS = (".wav", ".flac", ".ogg", ".mp3")
MP3_RATES = (8000, 16000, 22050, 32000, 44100, 48000)
"""Samples a second that MP3 files hold (others are brought to the next)."""


def name_of(artifact: Artifact) -> str:
    """What its file is called, without an ending: its class or model, seed and number."""
    made = artifact.provenance
    kind = str(made.facts.get("class", "")) or made.title or made.request.model
    return f"{to_name(kind, 'sound')}-{made.request.seed}-{made.index}"


def called(gallery: Gallery, path: Path) -> str:
    """What a sound file is called in words: by its class where it lies in the gallery."""
    try:
        artifact = gallery.get(path.stem)
    except GenStudioError:
        return path.stem
    if gallery.path(artifact) != path:
        return path.stem
    made = artifact.provenance
    return str(made.facts.get("class", "")) or made.title or path.stem


def export(
    gallery: Gallery,
    wanted: Sequence[str],
    target: Path,
    ext: str = ".wav",
    level: MetadataLevel = "full",
    edits: Mapping[str, SoundEdit] | None = None,
) -> Iterator[Event]:
    """Write sounds of the gallery to the folder `target`; nothing is overwritten.

    `edits` by id of the artifact. Done.data = {"paths": […]}. Raises UsageError, NotFound,
    BadInput.
    """
    from genstudio.media import music_made, sound_editing, sound_reading

    if ext not in ENDINGS:
        raise UsageError(f"sounds are saved as {', '.join(ENDINGS)}, not {ext!r}")
    if not wanted:
        raise UsageError("There are no sounds to export", next_step="Choose some first.")
    paths: list[Json] = []
    for number, name in enumerate(wanted):
        yield Progress(done=number, total=len(wanted))
        artifact = gallery.get(name)
        path, edit = gallery.path(artifact), (edits or {}).get(name, SoundEdit())
        found = sound_reading.read(path.read_bytes(), path.name)
        if ext == ".mp3":
            found = found.at(min((r for r in MP3_RATES if r >= found.rate), default=MP3_RATES[-1]))
        samples = sound_editing.edited(found.samples, found.rate, edit)
        made = shareable(artifact.provenance)
        if edit.changes:
            facts: dict[str, Json] = {**made.facts, "edit": edit.model_dump(mode="json")}
            made = made.model_copy(update={"facts": facts})
        data = music_made.encode_sound(samples, found.rate, ext, made, level)
        place = files.write_new(target / f"{name_of(artifact)}{ext}", data)
        paths.append(str(place))
        yield Result(path=str(place), index=number, output="sound")
    yield Progress(done=len(wanted), total=len(wanted))
    yield Done(data={"paths": paths})
