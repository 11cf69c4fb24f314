"""Events survive the trip through one JSON line; anything else is refused."""

import pytest

from genstudio.core import events as e
from genstudio.core.errors import BadInput, Problem

SAMPLES = [
    e.Started(device="CUDA", threads=2, job="a", stamp=3),
    e.Progress(done=3, total=9, text="step 3 of 9"),
    e.Preview(index=2, data="aGk="),
    e.Metric(step=5, values={"loss/critic": 0.5, "valid/loss": None}),
    e.Result(path="/tmp/ünï 名前.png", index=1, seed=7, data={"score": 0.2}),
    e.Log(level="warning", text="two\nlines"),
    e.Heartbeat(memory=123),
    e.Done(seconds=1.5, data={"run": "0001-x"}),
    e.Cancelled(),
    e.Failed(problem=Problem(what="It broke", next_step="Try again.")),
]


@pytest.mark.parametrize("event", SAMPLES, ids=lambda event: event.kind)
def test_round_trip_through_one_line(event):
    line = e.to_line(event)
    assert "\n" not in line
    assert e.from_line(line) == event
    assert e.from_line(line.encode()) == event


@pytest.mark.parametrize(
    "line",
    [
        "",
        "not json",
        "[]",
        '{"kind":"party"}',
        '{"kind":"progress"}',
        '{"kind":"progress","done":1,"surprise":2}',
        '{"kind":"progress","done":NaN}',
        '{"kind":"log","level":"loud","text":"x"}',
        b"\xff\xfe",
    ],
)
def test_what_is_no_event_is_refused(line):
    with pytest.raises(BadInput, match="no event"):
        e.from_line(line)


def test_a_line_without_end_is_refused():
    with pytest.raises(BadInput, match="too long"):
        e.from_line("x" * (e.MAX_LINE + 1))


def test_stamped_keeps_the_rest():
    event = e.stamped(e.Progress(done=1, total=2), "job-1", 9)
    assert (event.job, event.stamp, event.done) == ("job-1", 9, 1)


def test_ends_are_ends():
    assert [type(s) for s in SAMPLES if isinstance(s, e.ENDS)] == [e.Done, e.Cancelled, e.Failed]
