"""How the sampler asks a WaveNet: what is read, told and kept; a made-up graph that answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from genstudio.families.wavenet import stepping
from genstudio.families.wavenet.stepping import QueueStepper
from genstudio.media import companding
from genstudio.media.companding import BEFORE, CODES

WIDTH, LAYERS, KERNEL, STACKS = 2, 3, 2, 2
DILATIONS = (1, 2, 4) * STACKS
REACH = 1 + (KERNEL - 1) * sum(DILATIONS)


class Graphs:
    """Answers with numbers from which it can be told what was asked: layer l sees the code it
    was given plus 1000 l, the logit 0 is the place, 1 the kind, 2 the code."""

    SIZES = {"kernel": KERNEL, "width": WIDTH, "layers": LAYERS, "stacks": STACKS, "reach": REACH}

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, np.ndarray]]] = []

    def size(self, name: str) -> int:
        return self.SIZES[name]

    def run(self, graph: str, feeds: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        self.asked.append((graph, {name: value.copy() for name, value in feeds.items()}))
        for name in feeds.keys() - {"taps"}:
            assert feeds[name].dtype == np.int64, name
        layers = 1000.0 * np.arange(len(DILATIONS))
        codes = feeds["codes"].astype(np.float32)
        if graph == "read":
            count, time = codes.shape
            seen = np.broadcast_to(
                (layers[:, None] + codes[:, None])[..., None], (count, len(DILATIONS), time, WIDTH)
            )
            logits = np.zeros((count, time, CODES), np.float32)
            logits[..., 0] = feeds["start"][:, None] + np.arange(time)
            logits[..., 1], logits[..., 2] = feeds["kinds"][:, None], codes
        else:
            count = len(codes)
            shape = (count, len(DILATIONS), WIDTH)
            seen = np.broadcast_to((layers + codes[:, None])[..., None], shape)
            logits = np.zeros((count, CODES), np.float32)
            logits[:, 0], logits[:, 1], logits[:, 2] = feeds["places"], feeds["kinds"], codes
        return {"logits": logits, "seen": np.ascontiguousarray(seen, np.float32)}


@pytest.fixture
def graphs() -> Graphs:
    return Graphs()


@pytest.fixture
def stepper(graphs: Graphs) -> QueueStepper:
    return QueueStepper(graphs)  # type: ignore[arg-type]


def begin(stepper: QueueStepper, kinds: list[int], given: Any = ()) -> np.ndarray:
    return stepper.begin(np.array(kinds), np.array(given, np.uint8))


def reads(graphs: Graphs) -> list[dict[str, np.ndarray]]:
    return [feeds for graph, feeds in graphs.asked if graph == "read"]


def steps(graphs: Graphs) -> list[dict[str, np.ndarray]]:
    return [feeds for graph, feeds in graphs.asked if graph == "step"]


def tap(feeds: dict[str, np.ndarray], row: int = 0) -> list[list[float]]:
    """What the layers are given of earlier samples: one number a tap, all widths alike."""
    taps = feeds["taps"][row]
    assert np.all(taps == taps[:, :1])
    return taps[:, 0].tolist()


def test_nothing_given_is_a_beginning(stepper, graphs) -> None:
    logits = begin(stepper, [0, 0, 0])
    (read,) = reads(graphs)
    assert (read["codes"].tolist(), read["start"].tolist()) == ([[BEFORE]], [0])
    assert logits.shape == (3, CODES)
    assert np.all(logits == logits[0])


def test_kinds_are_read_once_each_and_come_back_in_their_places(stepper, graphs) -> None:
    logits = begin(stepper, [2, 0, 2, 1, 0], [5, 6])
    assert sorted(int(read["kinds"][0]) for read in reads(graphs)) == [0, 1, 2]
    assert logits[:, 1].tolist() == [2, 0, 2, 1, 0]
    assert logits[:, 2].tolist() == [6] * 5


def test_places_go_on_from_what_was_given(stepper, graphs) -> None:
    begin(stepper, [1, 0], [5, 6, 7])
    for place in (4, 5, 6):
        logits = stepper.step(np.array([9, 8], np.uint8))
        assert logits[:, 0].tolist() == [place, place]
        assert logits[:, 1].tolist() == [1, 0]
        assert logits[:, 2].tolist() == [9, 8]


@pytest.mark.parametrize("count", [0, 1, 2 * REACH - 1, 2 * REACH])
def test_a_beginning_within_twice_the_reach_is_read_whole(stepper, graphs, count: int) -> None:
    given = np.arange(1, count + 1)
    begin(stepper, [0], given)
    (read,) = reads(graphs)
    assert read["codes"].tolist() == [[BEFORE, *given.tolist()]]
    assert read["start"].tolist() == [0]


def test_of_a_long_beginning_the_end_is_read_with_the_sample_before_it(stepper, graphs) -> None:
    given = np.arange(200) % 255 + 1
    logits = begin(stepper, [0], given)
    (read,) = reads(graphs)
    first = 200 - 2 * REACH
    assert read["start"].tolist() == [first]
    assert read["codes"][0].tolist() == given[first - 1 :].tolist()
    assert logits[0, 0] == 200
    assert stepper.step(np.array([7]))[0, 0] == 201


def test_layers_are_given_what_they_saw_as_many_samples_ago(stepper, graphs) -> None:
    """With a kernel of two a layer of dilation d has one tap: what it read d samples ago."""
    given = list(range(11, 26))
    begin(stepper, [0], given)
    said = [BEFORE, *given]
    for code in (101, 102, 103):
        stepper.step(np.array([code]))
        expected = [1000.0 * layer + said[-d] for layer, d in enumerate(DILATIONS)]
        assert tap(steps(graphs)[-1]) == expected
        said.append(code)


def test_before_a_sound_there_is_nothing_to_see(stepper, graphs) -> None:
    begin(stepper, [0])
    stepper.step(np.array([50]))
    assert tap(steps(graphs)[-1])[:3] == [BEFORE, 0.0, 0.0]


def test_rows_keep_their_own_past(stepper, graphs) -> None:
    begin(stepper, [0, 0])
    stepper.step(np.array([10, 20]))
    stepper.step(np.array([11, 21]))
    feeds = steps(graphs)[-1]
    assert tap(feeds, 0)[0] == 10
    assert tap(feeds, 1)[0] == 20


def test_a_new_beginning_forgets_the_last(stepper, graphs) -> None:
    begin(stepper, [1, 1], [9, 9, 9])
    stepper.step(np.array([10, 20]))
    begin(stepper, [0])
    logits = stepper.step(np.array([30]))
    assert logits.shape == (1, CODES)
    assert logits[0, :3].tolist() == [1, 0, 30]
    assert tap(steps(graphs)[-1])[1:3] == [0.0, 0.0]


# ---- whole sounds ----------------------------------------------------------------------------


@pytest.mark.parametrize("at_once", [1, 5, REACH, 64, 1000])
@pytest.mark.parametrize("count", [1, 63, 64, 65, 200])
def test_every_sample_is_told_once_from_the_one_before(
    stepper, graphs, monkeypatch, at_once: int, count: int
) -> None:
    monkeypatch.setattr(stepping, "READ_AT_ONCE", at_once)
    codes = (np.arange(count) % 250 + 1).astype(np.uint8)
    logits = stepper.told(3, codes)
    assert logits.shape == (count, CODES)
    assert logits[:, 0].tolist() == list(range(count))
    assert logits[:, 2].tolist() == [BEFORE, *codes[:-1].tolist()]
    assert set(logits[:, 1].tolist()) == {3}
    for read in reads(graphs):
        assert read["codes"].shape[1] <= at_once + REACH
        if read["start"][0] > 0:  # what has a say is read again
            assert read["codes"].shape[1] > REACH


def test_what_is_told_first_begins_before_the_sound(stepper, graphs) -> None:
    stepper.told(0, np.array([77], np.uint8))
    assert reads(graphs)[0]["codes"].tolist() == [[companding.BEFORE]]
