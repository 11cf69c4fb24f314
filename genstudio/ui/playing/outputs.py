"""Where sound goes: the system's sound device, or nowhere, at the pace of a clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from genstudio.core.errors import GenStudioError

RATE = 44100
BUFFER_SECONDS = 0.4
"""Sound that the device holds: so long the window or a busy machine may hold us up. What is
edited is heard as much later; play, pause, seek and volume are not held up by it."""


class NoSound(GenStudioError):
    """There is no sound device, or it went away."""


class Output(Protocol):
    """Takes sound as it is needed. Used by one thread."""

    def open(self) -> int:
        """Get ready; frames a second that it wants. Raises NoSound."""
        ...

    def start(self) -> None:
        """Begin anew with an empty buffer. Raises NoSound."""
        ...

    def stop(self) -> None:
        """Be silent at once; what waits is dropped."""
        ...

    def capacity(self) -> int:
        """Frames that it can hold."""
        ...

    def free(self) -> int:
        """Frames that it would take now. Raises NoSound where the device went away."""
        ...

    def write(self, samples: np.ndarray) -> None:
        """Take float32 (n, 2); n is at most `free()`."""
        ...

    def set_volume(self, volume: float) -> None:
        """Factor from 0 to 1, at once."""
        ...

    def close(self) -> None:
        """Let the device go."""
        ...


class ClockOutput:
    """Heard by nobody: takes sound as fast as a device would. For tests, measurements, and
    machines without sound, where the playhead still moves."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, rate: int = RATE) -> None:
        self._clock, self._rate = clock, rate
        self._since = 0.0
        self._base = self._written = 0
        self.taken: list[np.ndarray] | None = None
        """Set to a list to keep what is written."""
        self.volume = 1.0

    def open(self) -> int:
        """Always there."""
        return self._rate

    def start(self) -> None:
        """The clock begins to count."""
        self._since, self._base, self._written = self._clock(), 0, 0

    def stop(self) -> None:
        """Forget what waits."""
        self._base = self._written = 0
        self._since = self._clock()

    def capacity(self) -> int:
        """As of a device."""
        return int(BUFFER_SECONDS * self._rate)

    def free(self) -> int:
        """The buffer, less what waits in it."""
        return self.capacity() - (self._written - self._played())

    def write(self, samples: np.ndarray) -> None:
        """Into the void."""
        self._played()
        self._written += len(samples)
        if self.taken is not None:
            self.taken.append(samples.copy())

    def set_volume(self, volume: float) -> None:
        """Told, not heard."""
        self.volume = volume

    def close(self) -> None:
        """Nothing is held."""

    def _played(self) -> int:
        """Frames until now; where the buffer ran dry, time passed without sound."""
        now = self._clock()
        due = self._base + int((now - self._since) * self._rate)
        if due > self._written:
            self._base, self._since, due = self._written, now, self._written
        return due


class SinkOutput:
    """The system's default sound device, through QAudioSink."""

    def __init__(self) -> None:
        self._device: Any = None
        self._format: Any = None
        self._sink: Any = None
        self._io: Any = None
        self._floats = True
        self._volume = 1.0

    def open(self) -> int:
        """Look for the device; 44,100 where it can, else what it prefers."""
        try:
            from PySide6.QtMultimedia import QAudioFormat, QMediaDevices
        except ImportError as error:
            raise NoSound(
                f"This system cannot play sound: {error}",
                next_step="On Linux install PulseAudio's library (libpulse0).",
            ) from error

        device = QMediaDevices.defaultAudioOutput()
        if device.isNull():
            raise NoSound(
                "No sound device was found",
                next_step="Plug in or switch on a device; files can be exported all the same.",
            )
        kinds = (QAudioFormat.SampleFormat.Float, QAudioFormat.SampleFormat.Int16)
        for rate in (RATE, device.preferredFormat().sampleRate(), 48000):
            for kind in kinds:
                form = QAudioFormat()
                form.setSampleRate(rate)
                form.setChannelCount(2)
                form.setSampleFormat(kind)
                if device.isFormatSupported(form):
                    self._device, self._format = device, form
                    self._floats = kind == kinds[0]
                    return rate
        raise NoSound(f"The sound device {device.description()} takes no stereo sound")

    def start(self) -> None:
        """Open the device and begin."""
        from PySide6.QtMultimedia import QAudioSink, QtAudio

        self.stop()
        sink = QAudioSink(self._device, self._format)
        sink.setBufferSize(int(BUFFER_SECONDS * self._format.sampleRate()) * self._frame())
        self._io = sink.start()
        if self._io is None or sink.error() != QtAudio.Error.NoError:
            sink.stop()
            raise NoSound(
                f"The sound device {self._device.description()} could not be opened",
                next_step="Close other programs that use it, or choose another device.",
            )
        self._sink, self._volume = sink, 1.0

    def stop(self) -> None:
        """Silence at once."""
        if self._sink is not None:
            self._sink.reset()
            self._sink.stop()
        self._sink = self._io = None

    def capacity(self) -> int:
        """As much as the system granted."""
        return self._sink.bufferSize() // self._frame() if self._sink is not None else 0

    def free(self) -> int:
        """Room in the buffer."""
        from PySide6.QtMultimedia import QtAudio

        if self._sink is None:
            return 0
        if self._sink.error() in (QtAudio.Error.IOError, QtAudio.Error.FatalError):
            raise NoSound("The sound device went away", next_step="Press Play to try again.")
        return self._sink.bytesFree() // self._frame()

    def write(self, samples: np.ndarray) -> None:
        """Hand it over in the device's own form."""
        if self._floats:
            data = np.ascontiguousarray(samples, np.float32)
        else:
            data = np.rint(np.clip(samples, -1, 1) * 32767).astype(np.int16)
        self._io.write(data.tobytes())

    def set_volume(self, volume: float) -> None:
        """By the system."""
        if self._sink is not None and self._volume != volume:
            self._sink.setVolume(volume)
            self._volume = volume

    def close(self) -> None:
        """Let the device go."""
        self.stop()
        self._device = self._format = None

    def _frame(self) -> int:
        return 8 if self._floats else 4
