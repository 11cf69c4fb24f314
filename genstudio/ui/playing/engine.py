"""Keeps sound flowing: renders ahead of what is heard, hands it over in time, knows the place.

Two hands work on it, each in a thread of its own (`hands.py`), or in turn in a test: `prepare`
makes the next block, `feed` gives blocks to the output. Everything else only changes a few
numbers under a lock, so that the window never waits and nothing it does can make a gap.
"""

from __future__ import annotations

import threading
from collections import deque

import numpy as np

from genstudio.core.errors import GenStudioError
from genstudio.media.synth import limited
from genstudio.ui.playing.blocks import Block, Maker, Struck, faded
from genstudio.ui.playing.material import Material
from genstudio.ui.playing.outputs import Output
from genstudio.ui.playing.timeline import Timeline
from genstudio.ui.playing.troubles import Troubles

BLOCK, LIVE_BLOCK = 4096, 1024
"""Frames made at a time; small ones cost more and are for who plays along."""
AHEAD_SECONDS = 1.5
"""Rendered and waiting, beside the output's own buffer."""
LIVE_SECONDS = 0.1
START_SECONDS = 0.3
"""Waiting before it begins: recordings that are used for the first time must be decoded."""


class Engine:
    """Plays one material at a time. Places are in seconds of the material."""

    def __init__(self, output: Output, spare: Output | None = None) -> None:
        """`spare` takes over where `output` cannot be opened (and the failure is told)."""
        self._main, self._spare = output, spare
        self._output: Output = output
        self._lock = threading.RLock()
        self.rate = 44100
        self._opened = self._flowing = self._cut = False
        self._maker: Maker | None = None
        self._recipe: Maker | None = None
        self._warming = False
        self._material: Material | None = None
        self._running = self._ended = False
        self._epoch = 0
        self._start = 0.0
        self._next = self._leading = 0
        self._jumped = False
        self._queue: deque[Block] = deque()
        self._loop: tuple[float, float] | None = None
        self._metronome = self._endless = False
        self._count_in = 0
        self._volume = 1.0
        self._struck = Struck()
        self._timeline = Timeline()
        self.underruns = 0
        """Times that the output ran dry since the engine was made."""
        self._troubles = Troubles()

    # What the window wants.

    def load(self, maker: Maker | None) -> None:
        """Play another material from now on, at the same place; None for nothing."""
        with self._lock:
            self._maker = self._recipe = maker
            if maker is None:
                self._material = None
                self.pause()

    def warm(self) -> None:
        """Make what was loaded now, so that Play is heard at once."""
        with self._lock:
            self._warming = self._maker is not None

    def play(self, place: float | None = None) -> None:
        """Begin at `place`, or where it was stopped."""
        with self._lock:
            self._begin(self._start if place is None else place, count=True)

    def pause(self) -> None:
        """Be silent and stay here."""
        with self._lock:
            self._start = self.place
            self._running = False
            self._drop()

    def seek(self, place: float) -> None:
        """Go on from `place` (or begin there, when next played)."""
        with self._lock:
            if self._running:
                self._begin(place, count=False)
            else:
                self._start = max(0.0, place)

    def set_loop(self, loop: tuple[float, float] | None) -> None:
        """Play what lies between two seconds again and again."""
        with self._lock:
            self._loop = loop if loop and loop[1] - loop[0] >= 0.05 else None
            self._again()

    def set_metronome(self, on: bool) -> None:
        """Click on the beats."""
        with self._lock:
            self._metronome = on
            self._again()

    def set_count_in(self, bars: int) -> None:
        """Bars of clicks before it begins."""
        with self._lock:
            self._count_in = max(0, bars)

    def set_endless(self, on: bool) -> None:
        """Go on behind the end (while somebody records)."""
        with self._lock:
            self._endless = on
            self._again()

    def set_volume(self, volume: float) -> None:
        """Factor of everything, from 0 to 1."""
        with self._lock:
            self._volume = min(1.0, max(0.0, volume))

    def strike(self, maker: Maker) -> None:
        """Let something short sound beside what plays, or alone."""
        with self._lock:
            self._struck.ask(maker)

    # What the window asks.

    @property
    def running(self) -> bool:
        """Whether it plays (or counts in)."""
        return self._running

    @property
    def busy(self) -> bool:
        """Whether the hands have anything to do."""
        with self._lock:
            warming = self._warming and self._maker is not None
            return bool(self._running or self._struck or self._flowing or warming)

    @property
    def place(self) -> float:
        """Seconds of the material that are heard now."""
        with self._lock:
            found = self._timeline.place if self._running else None
            return self._start if found is None else found / self.rate

    @property
    def counting(self) -> bool:
        """Whether the count-in is heard."""
        return self._running and self._timeline.counting

    @property
    def levels(self) -> tuple[float, float]:
        """Peaks of left and right that are heard now."""
        left, right = self._timeline.levels
        return left * self._volume, right * self._volume

    def take_failure(self) -> GenStudioError | None:
        """What went wrong since it was last asked."""
        return self._troubles.take()

    # The two hands.

    def prepare(self) -> bool:
        """Make one thing ahead; False when there is nothing to make. Called by one thread."""
        return self._make_material() or self._make_strike() or self._make_block()

    def feed(self) -> None:
        """Give the output what it takes. Called by one thread, the only one to touch it.

        What may take its time (to find and to open a device) happens outside the lock.
        """
        try:
            if self._cut:
                self._output.stop()
                with self._lock:
                    self._cut = self._flowing = False
            if not self._opened and (self._running or self._struck):
                self._open()
            if self._opened and not self._flowing and self._ready():
                self._output.start()
                with self._lock:
                    self._flowing, self._timeline = True, Timeline()
            with self._lock:
                if self._flowing and not self._cut:
                    self._flow()
        except GenStudioError as error:
            self._fail(error)

    def close(self) -> None:
        """Silence, and let the device go (by the thread that feeds)."""
        with self._lock:
            self.pause()
            self._quiet()

    def _open(self) -> None:
        try:
            output, rate = self._main, self._main.open()
            self._troubles.all_well()
        except GenStudioError as error:
            self._troubles.tell_once(error)
            if self._spare is None:
                raise
            output, rate = self._spare, self._spare.open()
        with self._lock:
            if rate != self.rate:
                self._forget()
            self._output, self.rate, self._opened = output, rate, True

    def _forget(self) -> None:
        """The device wants another rate: what was made is of no use, and is made again."""
        self._maker, self._material = self._recipe, None
        self._epoch += 1
        self._queue.clear()

    def _fail(self, error: GenStudioError) -> None:
        with self._lock:
            self._troubles.tell_once(error)
            self.pause()
            self._quiet()

    def _quiet(self) -> None:
        self._struck.clear()
        if self._opened:
            self._output.stop()
            self._output.close()
        self._opened = self._flowing = self._cut = False

    def _make_material(self) -> bool:
        with self._lock:
            maker, rate, first = self._maker, self.rate, round(self._start * self.rate)
            if maker is None or not (self._opened or self._warming):
                return False
        try:
            material = maker(rate)
            if self._material is None:
                # So that what sounds first is decoded before anybody waits for it.
                material.block(first, rate)
        except GenStudioError as error:
            with self._lock:
                self._maker = self._recipe = self._material = None
                self._troubles.tell(error)
                self.pause()
            return True
        with self._lock:
            if self._maker is maker and self.rate == rate:
                fresh = self._material is None
                self._material, self._maker, self._warming = material, None, False
                if fresh and self._running:
                    self._begin(self._start, count=True)
                else:
                    self._again()
        return True

    def _make_strike(self) -> bool:
        with self._lock:
            maker = self._struck.asked() if self._opened else None
        if maker is None:
            return False
        try:
            material = maker(self.rate)
        except GenStudioError as error:
            self._troubles.tell(error)
            return True
        with self._lock:
            self._struck.add(material)
        return True

    def _make_block(self) -> bool:
        with self._lock:
            material, epoch = self._material, self._epoch
            full = self._waiting >= AHEAD_SECONDS * self.rate
            if material is None or not self._running or self._ended or full:
                return False
            first, lead, metronome = self._next, self._leading, self._metronome
            frames, following = self._span(material, first)
            if lead < 0:
                frames, following = min(LIVE_BLOCK, -lead), first
        if frames <= 0:
            with self._lock:
                self._ended = epoch == self._epoch
            return True
        samples = self._render(material, first, frames, lead, metronome)
        jumps = lead >= 0 and following != first + frames
        with self._lock:
            if epoch == self._epoch:
                self._queue.append(Block(faded(samples, self._jumped, jumps), first, lead < 0))
                self._next, self._jumped = following, jumps
                self._leading = min(0, lead + frames)
        return True

    def _render(
        self, material: Material, first: int, frames: int, lead: int, metronome: bool
    ) -> np.ndarray:
        if lead < 0:
            clicks = material.lead_in(first / self.rate, self._count_in)
            start = len(clicks) + lead
            return clicks[start : start + frames]
        samples = material.block(first, frames)
        return samples + material.clicks(first, frames) if metronome else samples

    def _span(self, material: Material, first: int) -> tuple[int, int]:
        """(frames of the next block, frame that follows it)."""
        size = LIVE_BLOCK if self._endless else BLOCK
        if self._loop is not None:
            start, end = (round(second * self.rate) for second in self._loop)
            if first < end:
                frames = min(size, end - first)
                return frames, start if first + frames == end else first + frames
        frames = size if self._endless else min(size, material.frames - first)
        return frames, first + frames

    def _begin(self, place: float, count: bool) -> None:
        """From `place` on, with the count-in where it is wanted."""
        self._start = max(0.0, place)
        self._running, self._ended, self._jumped = True, False, True
        self._drop()
        self._next = round(self._start * self.rate)
        self._leading = 0
        if count and self._count_in and self._material is not None:
            self._leading = -len(self._material.lead_in(self._start, self._count_in))

    def _drop(self) -> None:
        """Forget all that was made and not heard."""
        self._epoch += 1
        self._queue.clear()
        self._timeline = Timeline()
        self._cut = self._flowing

    def _again(self) -> None:
        """Make anew what waits, because it will sound otherwise. What the output has, and enough
        to bridge the making, stays."""
        kept = int(START_SECONDS * self.rate / BLOCK)
        self._ended = False
        if not self._running or len(self._queue) <= kept:
            return
        self._epoch += 1
        dropped = [self._queue.pop() for _ in range(len(self._queue) - kept)]
        self._next = dropped[-1].place
        self._leading -= sum(len(block.samples) for block in dropped if block.counting)

    @property
    def _waiting(self) -> int:
        return sum(len(block.samples) for block in self._queue)

    def _flow(self) -> None:
        output, timeline = self._output, self._timeline
        output.set_volume(self._volume)
        dry = output.free() >= output.capacity()
        if dry and timeline.written and self._running and not self._ended:
            self.underruns += 1
        while (block := self._next_block(self._room(output))) is not None:
            output.write(block.samples)
            timeline.wrote(block.samples, None if block.place < 0 else block.place, block.counting)
        waiting = output.capacity() - output.free()
        timeline.heard(timeline.written - waiting)
        done = self._ended or not self._running
        if waiting <= 0 and done and not self._queue and not self._struck.sounding:
            self._finish()

    def _ready(self) -> bool:
        """Whether enough waits to begin with."""
        with self._lock:
            if self._running:
                return self._ended or self._waiting >= START_SECONDS * self.rate
            return self._struck.sounding

    def _finish(self) -> None:
        self._output.stop()
        self._flowing = False
        if self._output is self._spare:
            self._opened = False  # The next time the real one may be there.
        if self._running:
            self._running = False
            self._start = 0.0
            self._epoch += 1

    def _room(self, output: Output) -> int:
        """Frames to be handed over now: few where somebody plays along and wants to be heard."""
        free, live = output.free(), self._endless or not self._queue
        waiting = output.capacity() - free
        if not live or not waiting:
            return free
        return min(free, max(2 * LIVE_BLOCK, round(LIVE_SECONDS * self.rate)) - waiting)

    def _next_block(self, free: int) -> Block | None:
        """What goes out next, with what was struck beside it."""
        if self._queue and free >= len(self._queue[0].samples):
            block = self._queue.popleft()
        elif self._struck.sounding and free >= LIVE_BLOCK and (not self._running or self._ended):
            block = Block(np.zeros((LIVE_BLOCK, 2), np.float32), -1)
        else:
            return None
        samples = limited(self._struck.mixed(block.samples))
        return Block(samples, block.place, block.counting)
