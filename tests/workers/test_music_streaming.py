"""Music on its way: few events, all of the notes, and nothing lost by a stop."""

import pytest

from genstudio.core.artifact import UNFINISHED
from genstudio.core.composing import AGAIN, BARS, ENDED, FRAME, NOTES, RATE, REGION, SECONDS, TRACKS
from genstudio.core.events import Progress
from genstudio.engine.outputs import Music
from genstudio.media.notes import Piece, Track, notes_of
from genstudio.workers.music_streaming import SPACING, MusicStreams

HELD = Piece(notes_of([(0, 480, 48, 90, 0)]), (Track("Bass"), Track("Lead")))
ABOUT = {FRAME: {"ppq": 480, "length": 3840, "tracks": []}, REGION: [1920, 3840], TRACKS: [1]}


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 3.0

    def __call__(self) -> float:
        return self.now


def row(start: int) -> list:
    return [start, 240, 60, 80, 1, 0.5, [[60, 0.5]]]


def passing(*starts: int, piece: Piece = HELD, index: int = 10, **data) -> Music:
    notes = {NOTES: [row(start) for start in starts]} if starts else {}
    return Music(index, 7, piece, {**data, **notes}, passing=True)


def whole(index: int = 10) -> Music:
    return Music(index, 7, HELD, {REGION: [1920, 3840], NOTES: 2})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def streams(clock) -> MusicStreams:
    made = MusicStreams(10, clock)
    (first,) = made.heard(passing(**ABOUT))
    assert first.index == 0
    assert first.data == ABOUT
    return made


def test_the_first_notes_come_at_once_and_the_next_together(streams, clock):
    (first,) = streams.heard(passing(1920))
    assert first.data == {NOTES: [row(1920)]}
    for start in (2160, 2400):
        assert list(streams.heard(passing(start))) == []
    clock.now += 2 * SPACING
    (later,) = streams.heard(passing(2640))
    assert [one[0] for one in later.data[NOTES]] == [2160, 2400, 2640]


def test_the_end_tells_what_was_left(streams):
    list(streams.heard(passing(1920)))
    list(streams.heard(passing(2160)))
    (rest,) = streams.heard(whole())
    assert [one[0] for one in rest.data[NOTES]] == [2160]
    assert list(streams.heard(whole())) == []


def test_pieces_side_by_side_are_kept_apart(streams, clock):
    (frame,) = streams.heard(passing(index=12, **ABOUT))
    assert frame.index == 2
    (one,) = streams.heard(passing(1920, index=12))
    (other,) = streams.heard(passing(2400))
    assert [(e.index, e.data[NOTES][0][0]) for e in (one, other)] == [(2, 1920), (0, 2400)]


def test_a_piece_that_begins_anew_says_so(streams):
    list(streams.heard(passing(1920)))
    (again,) = streams.heard(passing(**ABOUT))
    assert again.data[AGAIN] is True
    list(streams.heard(passing(2400)))
    (found,) = streams.unfinished()
    assert found.data[NOTES] == 1


def test_a_piece_that_said_nothing_yet_does_not_begin_anew(streams):
    (again,) = streams.heard(passing(**ABOUT))
    assert AGAIN not in again.data


def test_progress_is_told_seldom_but_its_end_always(streams, clock):
    assert not streams.hurried(Progress(done=1, total=9))
    assert streams.hurried(Progress(done=2, total=9))
    assert not streams.hurried(Progress(done=9, total=9))
    clock.now += 2 * SPACING
    assert not streams.hurried(Progress(done=3, total=9))


def test_the_pace_is_that_of_the_new_part(streams, clock):
    clock.now += 0.5
    assert streams.rate(whole()) == {RATE: 4.0}  # two seconds of music in half a second


def test_no_pace_without_time_or_beginning(streams):
    assert streams.rate(whole()) == {}
    assert streams.rate(whole(index=99)) == {}


def test_a_stop_keeps_frame_and_notes(streams):
    list(streams.heard(passing(1920, 2160)))
    (found,) = streams.unfinished()
    assert (found.index, found.seed, found.passing) == (10, 7, False)
    assert set(found.piece.notes.tolist()) == {
        (0, 480, 48, 90, 0), (1920, 240, 60, 80, 1), (2160, 240, 60, 80, 1),
    }  # fmt: skip
    assert found.data == {
        REGION: [1920, 3840],
        TRACKS: [1],
        NOTES: 2,
        BARS: 2,
        SECONDS: 2.5,
        ENDED: "stopped",
        UNFINISHED: "stopped after 2 notes",
    }
    assert streams.unfinished() == []


def test_a_metre_that_changed_on_the_way_is_kept(streams):
    changed = HELD.replaced(metres=((0, 4, 4), (1920, 3, 4)))
    list(streams.heard(passing(1920, piece=changed)))
    (found,) = streams.unfinished()
    assert found.piece.metres == changed.metres
    assert found.data[UNFINISHED] == "stopped after 1 note"


def test_finished_and_silent_pieces_are_not_kept(streams):
    assert streams.unfinished() == []
    list(streams.heard(passing(**ABOUT)))
    list(streams.heard(passing(1920)))
    streams.done(10)
    assert streams.unfinished() == []
