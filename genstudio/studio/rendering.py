"""A file of notes as a file of sound, with what it says of its making carried over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from genstudio.core import files
from genstudio.core.errors import UsageError
from genstudio.core.events import Done, Event, Progress, Result

MOST_BYTES = 64 * 1024 * 1024
FORMS = (".wav", ".flac", ".ogg", ".mp3")


def render(source: Path, target: Path, font: Path | None = None) -> Iterator[Event]:
    """Play the MIDI or MusicXML file `source` into the new sound file `target`.

    `font` is a SoundFont of the user's. Nothing is overwritten. Done.data = {"paths": […],
    "seconds": …}. Raises BadInput for what cannot be read, UsageError for another ending.
    """
    import numpy as np

    from genstudio.media import midi, scores, sound_files, soundfont, synth

    if target.suffix.lower() not in FORMS:
        raise UsageError(f"Sound is saved as {', '.join(FORMS)}, not {target.suffix!r}")
    if source.stat().st_size > MOST_BYTES:
        raise UsageError(f"{source.name} is larger than {MOST_BYTES // 1024**2} MB")
    data = source.read_bytes()
    piece = scores.read_any(data, source.name)
    told, label = None, ""
    if data[:4] == b"MThd":
        told, label = midi.read_provenance(data), midi.read_label(data)
    player = soundfont.open_whole(font) if font is not None else None
    total = max(1.0, piece.seconds(piece.length))
    blocks: list[np.ndarray] = []
    yield Progress(done=0, total=1)
    for block in synth.rendering(piece, font=player):
        blocks.append(block)
        yield Progress(done=min(len(blocks) / (total + 1), 0.99), total=1, text="Rendering")
    if not blocks:
        raise UsageError(f"There are no notes in {source.name}")
    samples = synth.levelled(np.concatenate(blocks))
    tags = sound_files.Tags(title=piece.title or source.stem)
    kind = next((name for name, uri in sound_files.LABELS.items() if uri == label), "")
    form = target.suffix.lower()[1:]
    made = sound_files.write(samples, synth.RATE, form, tags, told, kind)
    place = files.write_new(target, made)
    yield Progress(done=1, total=1)
    yield Result(path=str(place), output="music")
    yield Done(data={"paths": [str(place)], "seconds": round(len(samples) / synth.RATE, 2)})
