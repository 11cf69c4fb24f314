"""Texts on their way: few events, all of the words, and nothing lost by a stop."""

import pytest

from genstudio.core.artifact import UNFINISHED
from genstudio.core.events import Progress, Words
from genstudio.core.writing import AGAIN, ENDED, RATE, START, TOKENS, WRITTEN
from genstudio.engine.outputs import Writing
from genstudio.workers.streaming import SECONDS, STOPPED, Streams


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 5.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def streams(clock) -> Streams:
    made = Streams(10, clock)
    assert list(made.heard(piece(10, before="Once ", after=" end."))) == []
    return made


def piece(index: int, text: str = "", **around: str) -> Writing:
    tokens = {TOKENS: [{"t": text, "p": 0.5, "top": []}]} if text else {}
    return Writing(index, 7, text, {**around, **tokens}, passing=True)


def whole(index: int, text: str) -> Writing:
    return Writing(index, 7, text, {START: 5, WRITTEN: 3, TOKENS: 3, ENDED: "end"})


def test_the_first_words_come_at_once_and_the_next_together(streams, clock):
    (first,) = streams.heard(piece(10, "a"))
    assert (first.index, first.text) == (0, "a")
    assert [t["t"] for t in first.data[TOKENS]] == ["a"]
    for text in "bcd":
        assert list(streams.heard(piece(10, text))) == []
    clock.now += 1.01 * SECONDS
    (later,) = streams.heard(piece(10, "e"))
    assert later.text == "bcde"
    assert [t["t"] for t in later.data[TOKENS]] == ["b", "c", "d", "e"]


def test_the_end_tells_what_was_left(streams):
    list(streams.heard(piece(10, "a")))
    list(streams.heard(piece(10, "b")))
    (rest,) = streams.heard(whole(10, "Once ab end."))
    assert rest.text == "b"
    assert list(streams.heard(whole(10, "Once ab end."))) == []


def test_texts_of_several_places_do_not_wait_for_each_other(streams):
    list(streams.heard(piece(11, before="Once ")))
    assert [e.index for text in "ab" for e in streams.heard(piece(10, text))] == [0]
    assert [e.index for text in "ab" for e in streams.heard(piece(11, text))] == [1]


def test_what_begins_anew_says_so(streams):
    list(streams.heard(piece(10, "wrong")))
    assert list(streams.heard(piece(10, before="Once "))) == [
        Words(index=0, text="", data={AGAIN: True})
    ]
    (words,) = streams.heard(piece(10, "right"))
    assert words.text == "right"


def test_the_pace_counts_from_the_first_token(streams, clock):
    assert streams.rate(whole(10, "x")) == {}
    clock.now += 100  # the prompt was long
    for text in "abcde":
        list(streams.heard(piece(10, text)))
        clock.now += 0.5
    assert streams.rate(whole(10, "x")) == {RATE: 1.6}


def test_a_stop_keeps_what_was_written(streams):
    list(streams.heard(piece(11, before="Once ")))  # wrote nothing yet
    list(streams.heard(piece(10, "upon ")))
    list(streams.heard(piece(10, "a time")))
    (kept,) = streams.unfinished()
    assert (kept.index, kept.seed, kept.passing) == (10, 7, False)
    assert kept.text == "Once upon a time end."
    assert kept.data == {
        START: 5, WRITTEN: 11, TOKENS: 2, ENDED: STOPPED,
        UNFINISHED: "stopped after 2 tokens",
    }  # fmt: skip
    assert streams.unfinished() == []


def test_what_is_finished_is_not_kept_again(streams):
    list(streams.heard(piece(10, "all")))
    streams.done(10)
    assert streams.unfinished() == []


def test_news_of_progress_come_as_seldom_as_words(streams, clock):
    assert not streams.hurried(Progress(done=1, total=9))
    assert streams.hurried(Progress(done=2, total=9))
    assert not streams.hurried(Progress(done=9, total=9))
    clock.now += 1.01 * SECONDS
    assert not streams.hurried(Progress(done=3, total=9))


def test_progress_of_pictures_always_passes(clock):
    streams = Streams(0, clock)
    assert not any(streams.hurried(Progress(done=done, total=9)) for done in range(5))
