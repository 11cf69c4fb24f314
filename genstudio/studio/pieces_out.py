"""Pieces as files for the world: notes, sound or a picture, and in them what models made."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import genstudio
from genstudio.core import files
from genstudio.core.artifact import MetadataLevel, Provenance
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.events import Done, Event, Progress, Result
from genstudio.core.piece_file import Made, PieceFile
from genstudio.core.request import Request
from genstudio.core.stored import Json
from genstudio.studio.exporting import shareable
from genstudio.studio.pieces import models_alone, sound_path, to_piece
from genstudio.studio.writing_out import title_name

if TYPE_CHECKING:
    from genstudio.media.notes import Piece
    from genstudio.media.soundfont import SoundFont
    from genstudio.studio.gallery import Gallery

NOTES, SOUNDS, PICTURES = (".mid", ".musicxml"), (".wav", ".flac", ".ogg", ".mp3"), (".png",)
ENDINGS = (*NOTES, *SOUNDS, *PICTURES)
MOST_PARTS = 40
"""So many things that models made are told in a file; the newest count."""


@dataclass(frozen=True)
class Ear:
    """How pieces sound: the user's SoundFont ("" for the one that ships with the program), and
    the folder with the recordings of pieces."""

    soundfont: str = ""
    folder: Path | None = None

    def font(self) -> SoundFont | None:
        """The font, opened; raises BadInput where it is gone or damaged."""
        from genstudio.media import soundfont

        return soundfont.open_whole(Path(self.soundfont)) if self.soundfont else None


def made_by(
    kept: PieceFile,
    gallery: Gallery | None = None,
    sounds: tuple[Provenance, ...] = (),
    recorded: bool = False,
) -> Provenance | None:
    """What a file says of the models that had a part in the piece; None where none had.

    The record of the newest part, with all parts in its facts: those of the piece, then the
    recordings that models made (`sounds`). It is said to be a model's work ("trained") only where
    models wrote every note and none was touched since, else composed of models' work and a
    person's. `recorded`: recordings are heard in it, which a person put there.
    """
    if not kept.made and not sounds:
        return None
    record = _record(kept.made[-1], gallery) if kept.made else shareable(sounds[-1])
    parts: list[Json] = [_part(one) for one in kept.made[-MOST_PARTS:]]
    parts += [_sound_part(one) for one in sounds[-MOST_PARTS:]]
    facts: dict[str, Json] = {**record.facts, "parts": parts, **_words(kept)}
    source = "trained" if models_alone(kept) and not recorded else "composite"
    return record.model_copy(update={"source_type": source, "facts": facts})


def sounds_of(kept: PieceFile, folder: Path) -> tuple[Provenance, ...]:
    """What the recordings in place of drums say of the models that made them; those that are
    gone, or say nothing, are left out."""
    from genstudio.media import music_made

    found = []
    for file in sorted({sound.file for track in kept.tracks for sound in track.sounds}):
        with contextlib.suppress(GenStudioError, OSError):
            told = music_made.read(sound_path(folder, kept.id, file)).provenance
            if told is not None:
                found.append(told)
    return tuple(found)


def export(
    kept: PieceFile,
    target: Path,
    ext: str,
    level: MetadataLevel = "full",
    *,
    gallery: Gallery | None = None,
    span: tuple[int, int] | None = None,
    colours: Mapping[str, str] | None = None,
    ear: Ear | None = None,
) -> Iterator[Event]:
    """Write a piece, or ticks `span` of it, to the folder `target`, called after its title.

    Nothing is overwritten. Sounds leave out what is muted; `ear` says how they sound.
    Done.data = {"paths": […]}. Raises UsageError for other endings or a piece without notes.
    """
    if ext not in ENDINGS:
        raise UsageError(f"pieces are saved as {', '.join(ENDINGS)}, not {ext!r}")
    piece = to_piece(kept)
    if span is not None:
        piece = piece.within(*span)
    if not len(piece.notes):
        raise UsageError("There are no notes to export", next_step="Compose or draw some first.")
    yield Progress(done=0, total=1)
    if ext in SOUNDS:
        data = yield from _sound(piece, kept, ext, level, gallery, ear or Ear())
    else:
        made = made_by(kept, gallery)
        data = _still(piece, kept, ext, made, level, colours or {})
    place = files.write_new(target / f"{title_name(kept.title)}{ext}", data)
    yield Progress(done=1, total=1)
    yield Result(path=str(place), output="music")
    yield Done(data={"paths": [str(place)]})


def _still(
    piece: Piece,
    kept: PieceFile,
    ext: str,
    made: Provenance | None,
    level: MetadataLevel,
    colours: Mapping[str, str],
) -> bytes:
    named = piece.replaced(title=kept.title)
    if ext == ".mid":
        from genstudio.media import music_made

        return music_made.encode(named, made, level)
    if ext == ".musicxml":
        from genstudio.media import musicxml_out

        return musicxml_out.write(named, *_label(made, level))
    from genstudio.media import image, roll_picture

    picture = roll_picture.pixels(named, **colours)  # type: ignore[arg-type]
    return image.encode(picture, ext, made, level)


def _sound(
    piece: Piece,
    kept: PieceFile,
    ext: str,
    level: MetadataLevel,
    gallery: Gallery | None,
    ear: Ear,
) -> Generator[Event, None, bytes]:
    """The events of rendering; returns the bytes of the file."""
    import numpy as np

    from genstudio.media import row_sounds, sound_files, synth

    waves: row_sounds.Waves | None = None
    sounds: tuple[Provenance, ...] = ()
    if ear.folder is not None:
        folder = ear.folder
        waves = row_sounds.Folder(lambda file: sound_path(folder, kept.id, file))
        sounds = sounds_of(kept, folder)
    numbered = list(enumerate(kept.tracks))
    mix = synth.Mix(
        muted=frozenset(number for number, track in numbered if track.muted),
        solo=frozenset(number for number, track in numbered if track.solo),
    )
    total = max(1, round(piece.seconds(piece.length)))
    blocks = []
    for block in synth.rendering(piece, font=ear.font(), mix=mix, waves=waves):
        blocks.append(block)
        share = min(len(blocks), total) / (total + 1)  # writing comes last
        yield Progress(done=share, total=1, text="Rendering")
    if not any(block.any() for block in blocks):
        raise UsageError(
            "No track can be heard", next_step="Unmute one, or export MIDI, which has them all."
        )
    samples = synth.levelled(np.concatenate(blocks))
    recorded = any(track.sounds for track in kept.tracks)
    told, source = _label(made_by(kept, gallery, sounds, recorded), level)
    tags = sound_files.Tags(title=kept.title, comment=" ".join(kept.description.split()))
    return sound_files.write(samples, synth.RATE, ext[1:], tags, told, source)  # type: ignore[return-value]


def _label(made: Provenance | None, level: MetadataLevel) -> tuple[dict[str, Any] | None, str]:
    """(the record, the kind of source) that a file of `level` tells."""
    if made is None or level == "bare":
        return None, ""
    return (made.model_dump(mode="json") if level == "full" else None), made.source_type


def _record(made: Made, gallery: Gallery | None) -> Provenance:
    if gallery is not None and made.artifact:
        with contextlib.suppress(GenStudioError):
            return shareable(gallery.get(made.artifact).provenance)
    request = Request(
        model=made.model, task=made.task or "sample", values=made.values, seed=made.seed
    )
    return Provenance(
        app=f"GenStudio {genstudio.__version__}",
        created=made.created,
        request=request,
        index=made.index,
        title=made.title,
        output="music",
    )


def _words(kept: PieceFile) -> dict[str, Json]:
    """What a file says of the piece's description, and of the model that suggested it."""
    told: dict[str, Json] = {"description": kept.description} if kept.description else {}
    if kept.words_by is not None:
        told["words_by"] = {"model": kept.words_by.model, "seed": kept.words_by.seed}
    return told


def _part(made: Made) -> dict[str, Json]:
    return {
        "model": made.model,
        "task": made.task,
        "seed": made.seed,
        "index": made.index,
        "bars": list(made.bars),
        "created": made.created,
    }


def _sound_part(made: Provenance) -> dict[str, Json]:
    """A recording that a model made, in place of a drum."""
    request = made.request
    return {
        "model": request.model,
        "task": request.task,
        "seed": request.seed,
        "index": made.index,
        "created": made.created,
    }
