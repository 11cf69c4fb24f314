"""Sound files -> samples, without trust; other rates and numbers of channels.

libsndfile reads (through soundfile): WAV, FLAC, Ogg, MP3, AIFF. Headers are believed only as far
as the bytes go: blocks are read until the file ends, within a limit.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np

from genstudio.core.errors import BadInput

SUFFIXES = (".wav", ".flac", ".ogg", ".oga", ".mp3", ".aif", ".aiff")
MAX_BYTES = 512 * 1024**2
MAX_SECONDS = 3600.0
MAX_CHANNELS = 16
MIN_RATE, MAX_RATE = 1000, 384_000
_BLOCK = 65_536
_WINGS = 24  # zero crossings of the filter on each side: what is lost lies above 0.46 of the rate
_BETA = 9.0  # Kaiser window: about 90 dB


@dataclass(frozen=True)
class Recording:
    """Samples float32 (n, channels), usually from -1 to 1; `rate` of them a second."""

    samples: np.ndarray
    rate: int

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return len(self.samples) / self.rate

    def mono(self) -> np.ndarray:
        """float32 (n,): the mean of all channels."""
        return self.samples.mean(axis=1, dtype=np.float32)

    def at(self, rate: int) -> Recording:
        """The same at another rate."""
        return Recording(resample(self.samples, self.rate, rate), rate)


def read(data: bytes, name: str = "the sound", seconds: float = MAX_SECONDS) -> Recording:
    """The sound in `data`, at most its first `seconds`; raises BadInput.

    Levels that are no numbers count as silence.
    """
    # A quarter of the program's start would be spent on libsndfile, which few need.
    import soundfile

    if len(data) > MAX_BYTES:
        raise BadInput(f"{name} is larger than {MAX_BYTES // 1024**2} MB")
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            rate, channels = file.samplerate, file.channels
            if not MIN_RATE <= rate <= MAX_RATE or not 1 <= channels <= MAX_CHANNELS:
                raise BadInput(f"{name} has {channels} channels at {rate} Hz, which is absurd")
            samples = _blocks(file, int(seconds * rate))
    except (soundfile.SoundFileError, OSError, ValueError, RuntimeError, MemoryError) as error:
        raise BadInput(
            f"{name} is damaged or no sound that can be read: {_first_line(error)}",
            next_step="Save it as WAV or FLAC and try again.",
        ) from error
    if not len(samples):
        raise BadInput(f"{name} holds no sound")
    return Recording(np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0), rate)


def _blocks(file, most: int) -> np.ndarray:  # type: ignore[no-untyped-def]
    """At most `most` frames, float32 (n, channels): as many as there are, not as announced."""
    found, left = [], most
    while left > 0:
        block = file.read(min(_BLOCK, left), dtype="float32", always_2d=True)
        if not len(block):
            break
        found.append(block)
        left -= len(block)
    return np.concatenate(found) if found else np.zeros((0, file.channels), np.float32)


def resample(samples: np.ndarray, rate: int, wanted: int) -> np.ndarray:
    """Samples (n,) or (n, channels) at `rate` as float32 at `wanted` samples a second.

    A windowed sinc in each of its phases (Smith, "Digital Audio Resampling", section
    "Bandlimited interpolation"); what would fold back is filtered out.
    """
    if rate == wanted or not len(samples):
        return samples.astype(np.float32, copy=False)
    common = math.gcd(rate, wanted)
    up, down = wanted // common, rate // common
    if samples.ndim == 2:
        return np.stack([_moved(channel, up, down) for channel in samples.T], axis=1)
    return _moved(samples, up, down)


def _moved(samples: np.ndarray, up: int, down: int) -> np.ndarray:
    """(n,) -> (ceil(n * up / down),) float32."""
    cutoff = min(1.0, up / down)
    wing = math.ceil(_WINGS / cutoff)
    count = -(-len(samples) * up // down)
    padded = np.pad(samples.astype(np.float64), (wing, wing + 1))
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * wing + 1)  # (n + 1, taps)
    found = np.empty(count, np.float32)
    taps = np.arange(-wing, wing + 1)
    for phase in range(min(up, count)):
        places = np.arange(phase, count, up)
        exact = phase * down / up
        kernel = _kernel(taps - (exact - math.floor(exact)), cutoff, wing)
        first = math.floor(exact)
        starts = first + np.arange(len(places)) * down
        for begin in range(0, len(places), _BLOCK):  # windows are copied: not all at once
            part = starts[begin : begin + _BLOCK]
            found[places[begin : begin + _BLOCK]] = windows[part] @ kernel
    return found


def _kernel(away: np.ndarray, cutoff: float, wing: int) -> np.ndarray:
    """Weights of the samples so far `away`, in samples; they sum to 1."""
    inside = np.clip(1 - (away / (wing + 1)) ** 2, 0, None)
    kernel: np.ndarray = np.sinc(cutoff * away) * np.i0(_BETA * np.sqrt(inside))
    return kernel / kernel.sum()


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
