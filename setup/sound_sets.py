"""Sounds for the bundled models: `python setup/sound_sets.py SET DATA OUT`.

SET is digits or hits; DATA the folder with the prepared sets (audio-spoken-digits, …). OUT gets
what `genstudio data add OUT --name SET` reads: WAV files in a folder for each class.

Every sound is brought to the same loudness: one of the speakers recorded forty times more quietly
than the others, and a model would spend itself on learning that.
"""

from __future__ import annotations

import io
import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from genstudio.core import files  # noqa: E402

PEAK = 0.9
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
HITS = {
    "kick": (35, 36),
    "snare": (38, 40),
    "clap": (37, 39),
    "closed-hat": (42, 44),
    "open-hat": (46,),
    "tom": (41, 43, 45, 47, 48, 50),
    "cymbal": (49, 51, 52, 53, 55, 57, 59),
    "conga": (60, 61, 62, 63, 64),
    "wood": (75, 76, 77),
}
"""Keys of General MIDI's drums by the sound they make."""
QUIET = 0.004  # share of the peak below which the end of a sound is cut off
FADE = 64  # samples over which that end dies away
File = tuple[str, bytes]
"""A file to write: its path below OUT and its bytes."""


def digits(data: Path) -> Iterator[File]:
    """The spoken digits, a folder each: 8,000 samples a second."""
    with np.load(data / "audio-spoken-digits" / "fsdd8k.npz") as found:
        pcm, offset = found["pcm"], found["offset"]
        labels, speakers, takes = found["digit"], found["speaker"], found["take"]
    for i, (label, speaker, take) in enumerate(zip(labels, speakers, takes, strict=True)):
        name = DIGITS[int(label)]
        samples = levelled(pcm[offset[i] : offset[i + 1]])
        yield f"{name}/{name}-{speaker}-{take:02d}.wav", wav(samples, 8000)


def hits(data: Path) -> Iterator[File]:
    """Drums of seven kits, a folder for each sort: 16,000 samples a second."""
    with np.load(data / "audio-drum-oneshots" / "drums16k.npz") as found:
        pcm, offset = found["pcm"], found["offset"]
        kits, keys, velocities = found["kit"], found["key"], found["velocity"]
    for i, (kit, key, velocity) in enumerate(zip(kits, keys, velocities, strict=True)):
        name = next((name for name, numbers in HITS.items() if key in numbers), "")
        if name and pcm[offset[i] : offset[i + 1]].any():
            samples = levelled(trimmed(pcm[offset[i] : offset[i + 1]]))
            yield f"{name}/{name}-kit{kit:02d}-key{key}-{velocity}.wav", wav(samples, 16000)


def trimmed(pcm: np.ndarray) -> np.ndarray:
    """Samples (n,) without the silence before them and what can hardly be heard at the end."""
    level = np.abs(pcm.astype(np.float64))
    loud = np.flatnonzero(level > QUIET * level.max())
    kept = pcm[max(0, loud[0] - 2) : loud[-1] + 1].astype(np.float64)
    fade = min(FADE, len(kept))
    kept[len(kept) - fade :] *= np.linspace(1, 0, fade)
    return kept


def levelled(pcm: np.ndarray) -> np.ndarray:
    """int16 (n,): the same sound with its loudest sample at PEAK."""
    scale = PEAK * 32767 / max(1.0, float(np.abs(pcm.astype(np.float64)).max()))
    return np.rint(pcm * scale).astype("<i2")


def wav(samples: np.ndarray, rate: int) -> bytes:
    """A WAV file of int16 samples (n,)."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return buffer.getvalue()


SETS: dict[str, Callable[[Path], Iterator[File]]] = {"digits": digits, "hits": hits}


def main(arguments: list[str]) -> None:
    """Write one of SETS into an empty or new folder."""
    name, data, out = arguments[0], Path(arguments[1]), Path(arguments[2])
    count = 0
    for path, content in SETS[name](data):
        place = files.make_folder((out / path).parent) / Path(path).name
        files.write_passing(place, content)  # thousands of files that can be made again
        count += 1
    print(f"{name}: {count} files in {out}")


if __name__ == "__main__":
    main(sys.argv[1:])
