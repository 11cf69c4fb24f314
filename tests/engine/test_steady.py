"""Failing fast copies: pictures made again in full precision, and said so."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from genstudio.core.errors import GenStudioError
from genstudio.core.events import Progress
from genstudio.engine import batches, steady
from genstudio.engine.ask import Ask
from genstudio.engine.outputs import Animation, Picture


@dataclass
class Model:
    """A model that fails in a chosen way at chosen items."""

    name: str
    blank: frozenset[int] = frozenset()
    undefined: frozenset[int] = frozenset()
    asked: list[tuple[int, int]] = field(default_factory=list)


def task(model, ask):
    """Pictures of noise keyed by index; steps with passing pictures between them."""
    model.asked.append((ask.first, ask.count))
    for index in range(ask.first, ask.first + ask.count):
        pixels = np.random.default_rng(index).integers(0, 255, (1, 1, 4, 4)).astype(np.float32)
        pictures = pixels / 127.5 - 1
        if index in model.blank:
            pictures[:] = -1
        if index in model.undefined:
            pictures[0, 0, 0, 0] = np.nan
        yield Progress(done=index, total=ask.count)
        made = batches.to_pixels(pictures, model.name)[0]
        yield Picture(index, ask.seed, made, {}, passing=True)
        yield Picture(index, ask.seed, made, batches.facts(made, of=model.name))


def pictures(quick, full, ask):
    return [
        output
        for output in steady.run(task, quick, full, ask)
        if isinstance(output, Picture) and not output.passing
    ]


def test_a_sound_copy_is_left_alone():
    quick, full = Model("quick"), Model("full")
    found = pictures(quick, full, Ask({}, first=4, count=3))
    assert [p.index for p in found] == [4, 5, 6]
    assert all(p.data == {"of": "quick"} for p in found)
    assert full.asked == []


def test_a_picture_of_one_colour_is_made_again_alone():
    quick, full = Model("quick", blank=frozenset({5})), Model("full")
    found = pictures(quick, full, Ask({}, first=4, count=3))
    assert [p.data["of"] for p in found] == ["quick", "full", "quick"]
    assert "one single colour" in found[1].data[steady.AGAIN]
    assert batches.BLANK not in found[1].data
    assert full.asked == [(5, 1)]
    alone = pictures(full, full, Ask({}, first=5, count=1))
    assert np.array_equal(found[1].pixels, alone[0].pixels)


def test_one_colour_in_full_precision_too_is_the_models_own_doing():
    quick, full = Model("quick", blank=frozenset({0})), Model("full", blank=frozenset({0}))
    (found,) = pictures(quick, full, Ask({}))
    assert found.data["of"] == "quick"
    assert batches.BLANK in found.data
    assert steady.AGAIN not in found.data


def test_undefined_numbers_send_the_rest_to_full_precision():
    quick, full = Model("quick", undefined=frozenset({6})), Model("full")
    found = pictures(quick, full, Ask({}, first=4, count=4))
    assert [p.index for p in found] == [4, 5, 6, 7]
    assert [p.data["of"] for p in found] == ["quick", "quick", "full", "full"]
    assert "undefined numbers" in found[2].data[steady.AGAIN]
    assert full.asked == [(6, 2)]


def test_undefined_numbers_in_full_precision_are_an_error():
    quick, full = Model("quick", undefined=frozenset({0})), Model("full", undefined=frozenset({0}))
    with pytest.raises(GenStudioError, match="full produced undefined numbers"):
        pictures(quick, full, Ask({}))


def test_other_errors_are_not_hidden():
    def broken(model, ask):
        yield Progress(done=0)
        raise GenStudioError("no room")

    with pytest.raises(GenStudioError, match="no room"):
        list(steady.run(broken, Model("quick"), Model("full"), Ask({})))


def test_an_animation_is_made_again_whole():
    def moving(model, ask):
        if model.name == "quick":
            raise GenStudioError("nothing", kind=batches.UNDEFINED)
        yield Animation(ask.first, ask.seed, np.zeros((2, 4, 4, 1), np.uint8), 10.0)

    (found,) = steady.run(moving, Model("quick"), Model("full"), Ask({}, first=3))
    assert found.index == 3
    assert steady.AGAIN in found.data


def test_stopping_closes_the_task():
    closed = []

    def endless(model, ask):
        try:
            while True:
                yield Progress(done=0)
        finally:
            closed.append(True)

    stream = steady.run(endless, Model("quick"), Model("full"), Ask({}))
    next(stream)
    stream.close()
    assert closed == [True]
