"""Sampling from a GAN whose numbers are known."""

import numpy as np
import pytest

from genstudio.core.errors import UsageError
from genstudio.core.events import Progress
from genstudio.engine import batches
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Animation, Picture
from genstudio.families.gan.sample import TASKS
from genstudio.families.gan.tasks import tasks
from genstudio.numerics import latents, noise
from tests.helpers import packages
from tests.helpers.asking import ask_for, results
from tests.helpers.packages import LATENT, NAMES, SIZE


def drawn(z: np.ndarray, label: np.ndarray) -> np.ndarray:
    """What the hand-made generator must draw: uint8 (b, size, size, 1)."""
    flat = np.tanh(z @ packages.basis() + label @ packages.patterns() * 0.7)
    return batches.to_pixels(flat.reshape(-1, 1, SIZE, SIZE))


def same(a: np.ndarray, b: np.ndarray) -> bool:
    """Equal up to one grey level, which rounding may cost."""
    return bool(np.abs(a.astype(int) - b.astype(int)).max() <= 1)


def test_pictures_are_what_the_seed_says(opened: dict[str, LoadedModel]) -> None:
    found = results(ask_for(opened["gan"], "sample", seed=5, count=3, class_="Beta"))
    label = np.eye(3)[[1, 1, 1]]
    wanted = drawn(noise.normals(5, 0, 3, (LATENT,)), label)
    assert [p.index for p in found] == [0, 1, 2]
    assert all(p.seed == 5 and p.data == {"class": "Beta"} for p in found)
    assert same(np.stack([p.pixels for p in found]), wanted)


def test_a_seed_repeats_bit_for_bit(opened: dict[str, LoadedModel]) -> None:
    runs = [results(ask_for(opened["gan"], "sample", seed=9, count=20)) for _ in range(2)]
    for a, b in zip(*runs, strict=True):
        np.testing.assert_array_equal(a.pixels, b.pixels)
        assert a.data == b.data


@pytest.mark.parametrize("kind", ["gan", "gan-plain"])
def test_a_picture_alone_equals_the_picture_of_a_batch(
    opened: dict[str, LoadedModel], kind: str
) -> None:
    many = results(ask_for(opened[kind], "sample", seed=3, count=20, truncation=0.8))
    for index in (0, 7, 19):
        (one,) = results(
            ask_for(opened[kind], "sample", seed=3, first=index, count=1, truncation=0.8)
        )
        assert one.index == index
        assert one.data == many[index].data
        assert same(one.pixels, many[index].pixels)


def test_live_requests_give_the_same_one_by_one(opened: dict[str, LoadedModel]) -> None:
    live = ask_for(opened["gan"], "sample", seed=3, count=4, live=True)
    assert [e.done for e in live if isinstance(e, Progress)] == [0, 1, 2, 3, 4]
    calm = results(ask_for(opened["gan"], "sample", seed=3, count=4))
    assert all(same(a.pixels, b.pixels) for a, b in zip(results(live), calm, strict=True))


def test_any_class_draws_them_all(opened: dict[str, LoadedModel]) -> None:
    found = results(ask_for(opened["gan"], "sample", count=60))
    names = [p.data["class"] for p in found]
    assert set(names) == set(NAMES)
    assert names == [NAMES[noise.choice(1, i, 3)] for i in range(60)]


def test_no_truncation_left_means_the_mean(opened: dict[str, LoadedModel]) -> None:
    found = results(ask_for(opened["gan"], "sample", count=3, class_="Alpha", truncation=0.0))
    wanted = drawn(np.zeros((1, LATENT)), np.eye(3)[[0]])[0]
    assert all(same(p.pixels, wanted) for p in found)


def test_results_come_before_the_work_is_over(opened: dict[str, LoadedModel]) -> None:
    ask = Ask({"count": 40}, seed=1, count=40)
    steps = TASKS["sample"](opened["gan"], ask)
    kinds = [type(next(steps)) for _ in range(17)]
    assert kinds == [Progress] + [Picture] * 16
    steps.close()  # cancelling between batches is simply not asking for more


def test_variation_moves_away_from_its_parent(opened: dict[str, LoadedModel]) -> None:
    model = opened["gan"]
    (parent,) = results(ask_for(model, "sample", seed=4, first=7, count=1))
    kept = results(ask_for(model, "sample", seed=4, count=5, variation_of=7))
    assert all(same(p.pixels, parent.pixels) and p.data == parent.data for p in kept)
    near = results(ask_for(model, "sample", seed=4, count=5, variation_of=7, variation=0.2))
    far = results(ask_for(model, "sample", seed=4, count=5, variation_of=7, variation=0.9))
    gaps = [
        np.mean([np.abs(p.pixels.astype(int) - parent.pixels).mean() for p in some])
        for some in (near, far)
    ]
    assert 0 < gaps[0] < gaps[1]
    assert not same(near[0].pixels, near[1].pixels)
    other = results(
        ask_for(model, "sample", seed=4, count=5, variation_of=7, variation=0.2, variation_seed=8)
    )
    assert not same(near[0].pixels, other[0].pixels)


def test_a_walk_meets_its_random_pictures(opened: dict[str, LoadedModel]) -> None:
    found = ask_for(
        opened["gan"], "interpolate", seed=2, frames=13, stops=4, loop=False, class_="Gamma", fps=12
    )
    (animation,) = results(found)
    assert isinstance(animation, Animation)
    assert animation.frames.shape == (13, SIZE, SIZE, 1)
    assert animation.fps == 12
    wanted = drawn(noise.normals(2, 0, 4, (LATENT,)), np.eye(3)[[2] * 4])
    assert same(animation.frames[[0, 4, 8, 12]], wanted)


def test_a_walk_without_classes(opened: dict[str, LoadedModel]) -> None:
    (animation,) = results(ask_for(opened["gan-plain"], "interpolate", frames=20, method="lerp"))
    points = latents.walk(noise.normals(1, 0, 4, (LATENT,)), 20, True, "lerp")
    assert same(animation.frames, drawn(points, np.zeros((20, 3))))


def test_a_loop_closes(opened: dict[str, LoadedModel]) -> None:
    (animation,) = results(ask_for(opened["gan"], "interpolate", frames=120, stops=3))
    frames = animation.frames.astype(int)
    steps = np.abs(np.diff(frames, axis=0)).mean(axis=(1, 2, 3))
    seam = np.abs(frames[-1] - frames[0]).mean()
    assert seam <= steps.max() * 1.5


def test_a_walk_from_class_to_class(opened: dict[str, LoadedModel]) -> None:
    options = {"frames": 9, "stops": 2, "truncation": 0.0, "class_": "Alpha", "class_to": "Beta"}
    (straight,) = results(ask_for(opened["gan"], "interpolate", loop=False, **options))
    zero = np.zeros((1, LATENT))
    ends = [drawn(zero, np.eye(3)[[k]])[0] for k in (0, 1)]
    assert same(straight.frames[0], ends[0])
    assert same(straight.frames[-1], ends[1])
    assert same(straight.frames[4], drawn(zero, np.array([[0.5, 0.5, 0]]))[0])
    (round_trip,) = results(ask_for(opened["gan"], "interpolate", loop=True, **options))
    assert same(round_trip.frames[0], ends[0])


def test_an_unknown_class_is_a_sentence(opened: dict[str, LoadedModel]) -> None:
    with pytest.raises(UsageError, match="no class 'Omega'"):
        list(TASKS["sample"](opened["gan"], Ask({"class": "Omega"}, count=1)))


def test_tasks_fit_the_samplers_and_the_model() -> None:
    declared = tasks({"class_names": list(NAMES)})
    assert {task.name for task in declared} == set(TASKS)
    assert declared[0].control("class").values() == ("any", *NAMES)  # type: ignore[union-attr]
    for task in tasks({"class_names": []}):
        assert not any(control.name.startswith("class") for control in task.controls)


def test_every_control_explains_itself() -> None:
    for task in tasks({"class_names": list(NAMES)}):
        assert task.help.endswith(".")
        for control in task.controls:
            assert control.help.endswith(".")
            assert control.label[0].isupper()
