"""Walks in time with music: key pictures on the beats of a piece, and the piece as the sound."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from genstudio.core import files
from genstudio.core.artifact import MetadataLevel, Provenance
from genstudio.core.errors import UsageError
from genstudio.core.events import Done, Event, Progress, Result
from genstudio.core.piece_file import PieceFile
from genstudio.core.stored import Json, read_limited
from genstudio.studio.pieces_out import Ear, sounds_of

if TYPE_CHECKING:
    import numpy as np

    from genstudio.media import synth
    from genstudio.media.beats import Timing
    from genstudio.media.finishing import Finish
    from genstudio.media.notes import Piece

MOST_BYTES = 64 * 1024 * 1024
LEAST_FPS = 24.0
"""Slower walks get frames between theirs, or the beat could not be met."""
_SHARE = 0.2
"""Of the work is playing the piece; the rest is pictures."""


@dataclass(frozen=True)
class Timed:
    """What a walk is to be shown with. `piece`: a kept piece (.json, its recordings beside it) or
    a MIDI or MusicXML file; `every` beat, bar or two bars; bars `first` to `last` from 1, 0 = the
    last one. `soundfont` is the user's, "" for the one that ships with the program."""

    piece: Path
    every: str = "beat"
    eased: bool = True
    first: int = 1
    last: int = 0
    soundfont: str = ""

    @classmethod
    def of(cls, told: object, soundfont: str = "") -> Timed | None:
        """What a message says, None where it says nothing."""
        if not isinstance(told, Mapping) or not told.get("piece"):
            return None
        return cls(
            piece=Path(str(told["piece"])),
            every=str(told.get("every") or "beat"),
            eased=told.get("eased") is not False,
            first=_whole(told.get("first"), 1),
            last=_whole(told.get("last"), 0),
            soundfont=soundfont,
        )

    def told(self) -> dict[str, Json]:
        """The same for a message."""
        return {
            "piece": str(self.piece),
            "every": self.every,
            "eased": self.eased,
            "first": self.first,
            "last": self.last,
        }


def film(
    source: Path,
    made: Provenance | None,
    wish: Timed,
    level: MetadataLevel = "full",
    finish: Finish | None = None,
) -> Generator[Event, None, bytes]:
    """Progress from 0 to 1 of making the film of the animation `source`; returns its bytes.

    Its key pictures are the stops of the walk that `made` tells of, else its first and its last
    frame. Raises BadInput for files that cannot be read, UsageError for bars that are not there
    or nothing that can be heard.
    """
    from genstudio.media import animation, beats, mp4
    from genstudio.media.provenance import embed

    piece, mix, kept = read_piece(wish.piece)
    timing = beats.timing(piece, wish.every, wish.first, wish.last)  # type: ignore[arg-type]
    frames, fps = animation.read(source)
    frames = finish.applied(frames) if finish is not None else frames
    fps, (stops, loop) = max(fps, LEAST_FPS), key_pictures(made)
    sound = yield from _sound(piece, mix, kept, timing, wish)
    passed = beats.places(timing, fps, wish.eased)
    walked = beats.frames_at(passed, len(frames), stops, loop)
    with mp4.Film(fps) as growing:
        for number, place in enumerate(walked.tolist()):
            growing.add(beats.shown(frames, place, loop))
            share = _SHARE + (1 - _SHARE) * number / len(walked)
            yield Progress(done=share, total=1, text="Pictures in time with the music")
        record = with_piece(made, piece, kept, wish) if made is not None else None
        height, width = frames.shape[1:3]
        return growing.finished(embed(record, level, (width, height), json_in_xmp=True), sound)


def write(
    source: Path, target: Path, wish: Timed, level: MetadataLevel = "full"
) -> Iterator[Event]:
    """Make the film of an animation file, as the new file `target` (.mp4).

    Done.data = {"paths": […]}. Raises UsageError for another ending, else as `film`.
    """
    from genstudio.media import provenance

    if target.suffix.lower() != ".mp4":
        raise UsageError(f"Films with sound are saved as .mp4, not {target.suffix!r}")
    yield Progress(done=0, total=1)
    made = provenance.read(source).provenance
    data = yield from film(source, made, wish, level)
    place = files.write_new(target, data)
    yield Progress(done=1, total=1)
    yield Result(path=str(place), output="animation")
    yield Done(data={"paths": [str(place)]})


def read_piece(path: Path) -> tuple[Piece, synth.Mix, PieceFile | None]:
    """The notes of a kept piece or a file of music, and who of it is heard."""
    from genstudio.media import scores, synth
    from genstudio.studio.pieces import to_piece

    if path.suffix.lower() != ".json":
        piece = scores.read_any(read_limited(path, MOST_BYTES), path.name)
        return piece.replaced(title=piece.title or path.stem), synth.Mix(), None
    kept = PieceFile.read(path)
    numbered = list(enumerate(kept.tracks))
    mix = synth.Mix(
        muted=frozenset(number for number, track in numbered if track.muted),
        solo=frozenset(number for number, track in numbered if track.solo),
    )
    return to_piece(kept).replaced(title=kept.title), mix, kept


def key_pictures(made: Provenance | None) -> tuple[int, bool]:
    """(how many key pictures a walk passes, whether it comes back to the first)."""
    values = made.request.values if made is not None else {}
    stops = values.get("stops")
    if not isinstance(stops, int) or isinstance(stops, bool) or stops < 2:
        return 2, False
    return stops, values.get("loop") is True


def with_piece(made: Provenance, piece: Piece, kept: PieceFile | None, wish: Timed) -> Provenance:
    """The record of the walk with the piece in its facts; the film is composed of both."""
    told: dict[str, Json] = {
        "title": piece.title,
        "every": wish.every,
        "eased": wish.eased,
        "bars": [wish.first, wish.last or len(piece.bars()) - 1],
    }
    if kept is not None:
        sounds = sounds_of(kept, wish.piece.parent)
        models = {one.model for one in kept.made} | {one.request.model for one in sounds}
        if models:
            told["models"] = [*sorted(models)]
    facts: dict[str, Json] = {**made.facts, "piece": told}
    return made.model_copy(update={"facts": facts, "source_type": "composite"})


def _sound(
    piece: Piece, mix: synth.Mix, kept: PieceFile | None, timing: Timing, wish: Timed
) -> Generator[Event, None, bytes]:
    """The events of playing; returns an MP3 file that is as long as the film."""
    import numpy as np

    from genstudio.media import row_sounds, sound_files, synth
    from genstudio.studio.pieces import sound_path

    waves = None
    if kept is not None:
        folder, name = wish.piece.parent, kept.id
        waves = row_sounds.Folder(lambda file: sound_path(folder, name, file))
    font = Ear(wish.soundfont).font()
    blocks = []
    for block in synth.rendering(
        piece, font=font, mix=mix, start=timing.start, seconds=timing.seconds, waves=waves
    ):
        blocks.append(block)
        share = _SHARE * min(1.0, len(blocks) / timing.seconds)
        yield Progress(done=share, total=1, text="Playing the piece")
    samples = np.concatenate(blocks)
    if not samples.any():
        raise UsageError("No track of this piece can be heard", next_step="Unmute one.")
    return sound_files.write(synth.levelled(faded(samples, synth.RATE)), synth.RATE, "mp3")


def faded(samples: np.ndarray, rate: int) -> np.ndarray:
    """The same (n, 2), dying away in the tail of the film (a second, cosine)."""
    import numpy as np

    from genstudio.media.beats import TAIL

    tail = min(len(samples), round(TAIL * rate))
    gains = np.ones((len(samples), 1), np.float32)
    gains[len(samples) - tail :, 0] = (1 + np.cos(np.linspace(0, np.pi, tail))) / 2
    return samples * gains


def _whole(value: object, usual: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else usual
