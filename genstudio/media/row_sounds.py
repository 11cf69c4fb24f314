"""Sounds of the user's in place of a drum: made fit once when they are taken, read when played.

A sound that is taken loses the silence before it, is held to `LONGEST` seconds with a short
fade where it is cut, and is kept as a WAV of 16 bits with what it says of its making.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np

from genstudio.core.errors import BadInput, GenStudioError
from genstudio.media import sound_files, sound_reading
from genstudio.media.kept import Kept
from genstudio.media.sound_reading import Recording

LONGEST = 8.0
"""Seconds that are kept: a struck sound rings to its end, whatever the note's length is."""
MAX_BYTES = 64 * 1024 * 1024
"""Of a file that is taken."""
HIGHEST_RATE = 48_000
SILENT = 10.0 ** (-60 / 20)
_BEFORE, _FADE = 0.002, 0.02
_WAVE_BYTES = 64 * 1024 * 1024

Waves = Callable[[str, int], "np.ndarray | None"]
"""Samples float32 (n,) of a kept file (by its name) at a rate; None where it cannot be read."""


def taken(data: bytes, name: str = "the sound") -> bytes:
    """The bytes of a sound file as the WAV that a piece keeps; raises BadInput.

    Trimmed and at most `LONGEST` seconds; AI label and provenance go along.
    """
    if len(data) > MAX_BYTES:
        raise BadInput(
            f"{name} is larger than {MAX_BYTES // 1024**2} MB",
            next_step="Choose a single sound of a few seconds.",
        )
    sound = sound_reading.read(data, name, LONGEST * 4)
    fit = trimmed(sound)
    if not len(fit.samples):
        raise BadInput(f"{name} is silent", next_step="Choose a sound that can be heard.")
    told, label = _told(data)
    kind = next((known for known, uri in sound_files.LABELS.items() if uri == label), "")
    tags = sound_files.Tags(title=Path(name).stem[:200])
    return sound_files.write(fit.samples, fit.rate, "wav", tags, told, kind)


def trimmed(sound: Recording) -> Recording:
    """From where it begins to be heard (a little before), `LONGEST` at most; at most stereo and
    `HIGHEST_RATE`. Empty where nothing is heard."""
    wide = sound.samples[:, :2] if sound.samples.shape[1] <= 2 else sound.mono()[:, None]
    loud = np.flatnonzero(np.abs(wide).max(axis=1, initial=0.0) > SILENT)
    if not len(loud):
        return Recording(np.zeros((0, 1), np.float32), sound.rate)
    first = max(0, int(loud[0]) - round(_BEFORE * sound.rate))
    last = min(int(loud[-1]) + 1, first + round(LONGEST * sound.rate))
    part = wide[first:last].astype(np.float32)
    fading = min(len(part), round(_FADE * sound.rate))
    if last <= loud[-1]:  # it is cut where it still sounds
        part[len(part) - fading :] *= np.linspace(1, 0, fading, dtype=np.float32)[:, None]
    found = Recording(part, sound.rate)
    return found.at(HIGHEST_RATE) if sound.rate > HIGHEST_RATE else found


class Folder:
    """The sounds beside one piece: `place(file)` is where one lies. Safe between threads."""

    def __init__(self, place: Callable[[str], Path]) -> None:
        self._place = place

    def __call__(self, file: str, rate: int) -> np.ndarray | None:
        """float32 (n,) at `rate`; None where the file is gone or damaged: the kit plays then."""
        path = self._place(file)
        return _waves.read(path, rate)


class _Waves:
    """What was read last; a file never changes, because it is called after its content."""

    def __init__(self) -> None:
        self._kept = Kept[np.ndarray](_WAVE_BYTES, lambda wave: wave.nbytes)
        self._lock = threading.Lock()

    def read(self, path: Path, rate: int) -> np.ndarray | None:
        with self._lock:
            wave = self._kept.get((path, rate))
            if wave is None:
                try:
                    sound = sound_reading.read(path.read_bytes(), path.name, LONGEST)
                except (GenStudioError, OSError):
                    return None
                wave = sound_reading.resample(sound.mono(), sound.rate, rate)
                self._kept.put((path, rate), wave)
            return wave


_waves = _Waves()


def _told(data: bytes) -> tuple[dict[str, object] | None, str]:
    """(provenance, label) of a sound file; nothing where its form has none."""
    try:
        return sound_files.read_provenance(data), sound_files.read_label(data)
    except BadInput:
        return None, ""
