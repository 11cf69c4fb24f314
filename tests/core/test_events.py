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


TEXT = [
    e.Words(index=3, text="", data={"again": True}),
    e.Words(text="ünï 名前 😀\u2028\n\x00", job="j", stamp=9),
    e.Words(
        text=" upon",
        data={"tokens": [{"t": " upon", "p": 0.25, "top": [[" upon", 0.25], ["\n", 1e-9]]}]},
    ),
    e.Advice(
        name="plateau",
        text="It learns no more.",
        level="warning",
        remedies=(
            e.Remedy(title="Keep it", action="keep"),
            e.Remedy(title="Slower", action="amend", settings={"rate": 0.1}),
        ),
    ),
    e.Log(index=4, text="place 4 says"),
]


@pytest.mark.parametrize("event", TEXT, ids=lambda event: event.kind)
def test_words_and_advice_survive_the_trip(event):
    line = e.to_line(event)
    assert "\n" not in line
    assert e.from_line(line) == event


def test_many_events_are_read_back_from_one_stream():
    stream = "\n".join(e.to_line(event) for event in (*SAMPLES, *TEXT))
    assert [e.from_line(line) for line in stream.split("\n")] == [*SAMPLES, *TEXT]


def test_half_a_character_does_not_stop_a_worker():
    line = e.to_line(e.Log(text="file \udcff.txt"))
    assert "\n" not in line
    assert "file" in line


@pytest.mark.parametrize(
    "line",
    [
        '{"kind":"words"}',
        '{"kind":"words","text":7}',
        '{"kind":"words","text":"a","data":[1]}',
        '{"kind":"words","text":"a","index":"first"}',
        '{"kind":"advice","name":"a","text":"b","level":"panic"}',
        '{"kind":"advice","name":"a","text":"b","remedies":[{"title":"x","action":"pray"}]}',
        '{"kind":"failed"}',
        '{"kind":"metric","step":1}',
        '{"kind":"words","text":"a"} {"kind":"words","text":"b"}',
    ],
)
def test_words_that_are_none_are_refused(line):
    with pytest.raises(BadInput, match="no event"):
        e.from_line(line)


def test_a_refusal_names_the_fault_and_does_not_repeat_the_line():
    with pytest.raises(BadInput) as refused:
        e.from_line('{"kind":"words","text":7,"data":{"x":"' + "y" * 5000 + '"}}')
    assert "words.text" in str(refused.value)
    assert len(str(refused.value)) < 300


def test_the_longest_line_is_read():
    frame = len(e.to_line(e.Words(text="")))
    line = e.to_line(e.Words(text="x" * (e.MAX_LINE - frame)))
    assert len(line) == e.MAX_LINE
    assert e.from_line(line).kind == "words"


def test_events_are_not_changed_by_a_stamp():
    event = e.Words(text="a", job="", stamp=0)
    e.stamped(event, "j", 4)
    assert (event.job, event.stamp) == ("", 0)
    with pytest.raises(ValueError, match="frozen"):
        event.text = "b"
