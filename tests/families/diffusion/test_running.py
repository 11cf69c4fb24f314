"""The loop: batches, pace, strength, noise of steps, steps gone back."""

from collections.abc import Iterator

import numpy as np
import pytest

from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.families.diffusion.denoising import Denoiser, Way, way
from genstudio.families.diffusion.regions import Known
from genstudio.families.diffusion.running import Canvas, Moment, Pace, Start, groups, moments
from genstudio.families.diffusion.wishes import wishes
from genstudio.numerics import noise
from genstudio.numerics.samplers import SAMPLERS, Sampler
from tests.helpers.packages import SIZE


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_previews_come_at_a_pace() -> None:
    clock = Clock()
    pace = Pace(0.5, clock)
    seen = []
    for clock.now in (0.0, 0.1, 0.49, 0.5, 0.6, 1.4, 1.5):
        seen.append(pace.ready())
    assert seen == [True, False, False, True, False, True, False]


def test_pictures_are_made_in_batches_that_fit(
    models: dict[str, LoadedModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = models["text"]
    assert [len(part) for part in groups(model, 40)] == [16, 16, 8]
    assert [len(part) for part in groups(model, 6, live=True)] == [4, 2]
    monkeypatch.setattr(model, "batch_limit", lambda size: 5)
    assert [len(part) for part in groups(model, 11)] == [5, 5, 1]


def walk(
    model: LoadedModel, ask: Ask, start: Start, canvas: Canvas, chosen: Way | None = None
) -> Iterator[Moment]:
    """All moments of one batch."""
    denoiser = Denoiser.of(model, ask, wishes(model, ask, range(ask.count)))
    return moments(ask, chosen or way(model, ask), start, canvas, denoiser)


def begin(count: int = 2) -> Start:
    """Pictures 3 … of seed 8 over a grey source."""
    dirt = noise.normals(8, 3, count, (1, SIZE, SIZE))
    return Start(dirt, range(3, 3 + count), np.zeros((1, 1, SIZE, SIZE), np.float32))


def test_strength_leaves_steps_out(models: dict[str, LoadedModel]) -> None:
    ask = Ask({"steps": 10}, seed=8, count=2)
    for strength, steps in ((1.0, 10), (0.4, 4), (0.0, 1)):
        found = list(walk(models["none"], ask, begin(), Canvas(strength=strength)))
        assert [(m.step, m.steps) for m in found] == [(i, steps) for i in range(1, steps + 1)]
        assert [m.last for m in found] == [False] * (steps - 1) + [True]


class Recorder(Sampler):
    """Goes nowhere and remembers which noise it was given."""

    draws = True
    seen: list[np.ndarray] = []

    def step(self, x: np.ndarray, place: int) -> tuple[np.ndarray, np.ndarray]:
        Recorder.seen.append(self.noise(place))
        return x, x


def test_noise_of_steps_belongs_to_picture_and_step(models: dict[str, LoadedModel]) -> None:
    model, ask = models["none"], Ask({"steps": 4}, seed=8, count=2)
    recorded = Way(Recorder, way(model, ask).grid)
    Recorder.seen = []
    list(walk(model, ask, begin(), Canvas(passes=2), recorded))
    whole = Recorder.seen
    assert len(whole) == 7, "every step twice but for the last"
    assert len({part.tobytes() for part in whole}) == 7
    Recorder.seen = []
    one = Start(begin().noise[1:], [4], begin().source)
    list(walk(model, Ask({"steps": 4}, seed=8), one, Canvas(passes=2), recorded))
    for many, alone in zip(whole, Recorder.seen, strict=True):
        np.testing.assert_array_equal(many[1:], alone)


@pytest.mark.parametrize("passes", [1, 2])
def test_the_known_part_is_there_at_every_moment(
    models: dict[str, LoadedModel], passes: int
) -> None:
    hole = np.zeros((SIZE, SIZE), bool)
    hole[:4] = True
    picture = np.full((1, 1, SIZE, SIZE), 0.25, np.float32)
    ask = Ask({"steps": 6}, seed=8, count=2)
    canvas = Canvas(Known(picture, hole), passes=passes)
    found = list(walk(models["none"], ask, begin(), canvas))
    assert all((m.x0[:, :, 4:] == 0.25).all() for m in found)
    assert (found[-1].x0[:, :, :4] != 0.25).any()


@pytest.mark.parametrize("name", SAMPLERS)
def test_going_back_keeps_the_spread_of_the_noise(
    models: dict[str, LoadedModel], name: str
) -> None:
    """Steps gone twice end among the same pictures as steps gone once."""
    ask = Ask({"steps": 12, "sampler": name}, seed=8, count=8)
    spreads = []
    for passes in (1, 4):
        *_, last = walk(models["none"], ask, begin(8), Canvas(passes=passes))
        spreads.append(last.x0.std())
    assert spreads[1] == pytest.approx(spreads[0], rel=0.35)
