"""Sounds on their way: outlines are told, a stop keeps what there is."""

import numpy as np

from genstudio.core import sounding
from genstudio.core.artifact import UNFINISHED
from genstudio.core.events import Progress
from genstudio.engine.outputs import Sound
from genstudio.workers.sound_streaming import SECONDS, SoundStreams


def piece(index: int, count: int = 100, passing: bool = True) -> Sound:
    data = {sounding.PEAKS: [[-0.5, 0.5]]}
    return Sound(index, 7, np.full(count, 0.5, np.float32), 1000, data, passing=passing)


def test_outlines_are_told_by_place():
    streams = SoundStreams(first=10)
    (told,) = streams.heard(piece(12))
    assert told.index == 2
    assert told.text == ""
    assert told.data == {sounding.PEAKS: [[-0.5, 0.5]]}
    assert list(streams.heard(piece(12, passing=False))) == []


def test_a_stop_keeps_what_was_made_so_far():
    streams = SoundStreams(0)
    for index in (1, 0, 1):
        list(streams.heard(piece(index)))
    first, second = streams.unfinished()
    assert (first.index, len(first.samples), second.index, len(second.samples)) == (0, 100, 1, 200)
    assert (second.seed, second.rate) == (7, 1000)
    assert second.data[sounding.SECONDS] == 0.2
    assert second.data[UNFINISHED] == "stopped after 0.2 seconds"
    assert streams.unfinished() == []


def test_what_is_finished_is_not_kept_twice():
    streams = SoundStreams(0)
    list(streams.heard(piece(0)))
    streams.done(0)
    assert streams.unfinished() == []
    assert streams.rate(piece(0)) == {}


def test_progress_comes_now_and_then_and_at_the_end():
    now = [0.0]
    streams = SoundStreams(0, clock=lambda: now[0])
    list(streams.heard(piece(0)))
    said = []
    for step in range(10):
        now[0] += SECONDS / 4
        said.append(streams.hurried(Progress(done=step, total=10)))
    assert said.count(False) == 3
    assert not streams.hurried(Progress(done=10, total=10))
