"""Walks between pictures of noise and between what they show."""

import numpy as np
import pytest

from genstudio.core.events import Progress
from genstudio.engine import batches
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Animation, Picture
from tests.helpers import noisy
from tests.helpers.asking import ask_for, results
from tests.helpers.packages import SIZE


def frames(model: LoadedModel, **values) -> Animation:
    """The animation of a walk."""
    (found,) = results(ask_for(model, "interpolate", **{"steps": 8, "frames": 9, **values}))
    return found


def test_a_walk_begins_at_the_first_picture_and_comes_back(
    models: dict[str, LoadedModel],
) -> None:
    model = models["text"]
    walk = frames(model, prompt="alpha", seed=2, fps=12, frames=8)
    assert (walk.frames.shape, walk.fps) == ((8, SIZE, SIZE, 1), 12)
    assert walk.data == {"prompt": "alpha"}
    (first,) = results(ask_for(model, "sample", prompt="alpha", seed=2, count=1, steps=8))
    assert np.abs(walk.frames[0].astype(int) - first.pixels).max() <= 1
    jumps = np.abs(np.diff(walk.frames.astype(int), axis=0, append=walk.frames[:1])).mean((1, 2, 3))
    assert jumps.max() < 4 * jumps.min() + 4, "even steps, also from the last to the first"


def pattern(word: str) -> np.ndarray:
    return batches.to_pixels(noisy.shown(word).reshape(1, 1, SIZE, SIZE))[0].astype(int)


@pytest.mark.parametrize("kind", ["text", "classes"])
def test_a_walk_turns_into_something_else(models: dict[str, LoadedModel], kind: str) -> None:
    said = {
        "text": {"prompt": "alpha", "prompt_to": "beta"},
        "classes": {"class_": "Alpha", "class_to": "Beta"},
    }[kind]
    walk = frames(models[kind], loop=False, seed=5, **said)
    gaps = [[np.abs(f - pattern(word)).mean() for f in walk.frames.astype(int)]
            for word in ("alpha", "beta")]  # fmt: skip
    assert gaps[0][0] < gaps[1][0]
    assert gaps[0][-1] > gaps[1][-1]
    wanted = {"prompt_to": "beta"} if kind == "text" else {"class_to": "Beta"}
    assert {name: text for name, text in walk.data.items() if name.endswith("_to")} == wanted


def test_frames_share_the_noise_of_their_steps(models: dict[str, LoadedModel]) -> None:
    """A sampler that adds noise must not make the animation flicker."""
    walk = frames(models["none"], sampler="ddpm", frames=12, seed=5, loop=False)
    steps = np.abs(np.diff(walk.frames.astype(int), axis=0)).mean()
    (other,) = results(ask_for(models["none"], "sample", sampler="ddpm", steps=8, seed=99, count=1))
    assert steps < np.abs(walk.frames[0].astype(int) - other.pixels).mean() / 2


def test_frames_may_need_several_batches(models: dict[str, LoadedModel]) -> None:
    found = ask_for(models["distilled"], "interpolate", frames=20, prompt="alpha", seed=1)
    said = [o for o in found if isinstance(o, Progress)]
    assert (said[0].total, said[-1].done) == (8, 8)
    assert said[-1].text == "frame 17 of 20, step 4 of 4"
    passing = [o for o in found if isinstance(o, Picture)]
    assert {p.index for p in passing} == {0}
    assert results(found)[0].frames.shape[0] == 20
