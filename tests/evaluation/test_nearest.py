"""Nearest training pictures: properties of the distance, and sets that leave no scale."""

import numpy as np
import pytest

from genstudio.evaluation import nearest
from genstudio.evaluation.material import Material, Seen, shrunk
from tests.evaluation.conftest import split


def rows(n: int, seed: int, width: int = 12) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (n, width), dtype=np.uint8)


def test_the_distance_is_nothing_to_itself_and_one_from_black_to_white() -> None:
    a = rows(5, 1)
    assert nearest.nearest_rows(a, a)[0].max() < 1e-3
    black, white = np.zeros((1, 12), np.uint8), np.full((1, 12), 255, np.uint8)
    assert nearest.nearest_rows(black, white)[0][0] == pytest.approx(1, abs=1e-6)


def test_more_training_pictures_are_never_farther_and_order_does_not_matter() -> None:
    a, b = rows(20, 1), rows(60, 2)
    (few, _), (many, which) = nearest.nearest_rows(a, b[:10]), nearest.nearest_rows(a, b)
    assert (many <= few + 1e-6).all()
    assert (many < few - 1e-3).any()
    back, turned = nearest.nearest_rows(a, b[::-1])
    np.testing.assert_allclose(back, many, atol=1e-6)
    np.testing.assert_array_equal(len(b) - 1 - turned, which)


def material(model, fake: np.ndarray, real: np.ndarray, train: np.ndarray) -> Material:
    """Material whose samples, test and training pictures are these, uint8 (n, 8, 8, 1)."""
    made = split(len(train), 1)
    made.images = train
    held = split(len(real), 2)
    held.images = real

    def seen(pictures: np.ndarray) -> Seen:
        nothing = np.full(len(pictures), -1)
        return Seen(np.zeros((len(pictures), 0)), nothing, nothing, shrunk(pictures))

    found = Material(
        model=model, judge=None, tasks={}, train=made, test=held, count=len(fake), seed=0
    )
    found.fake, found.real, found.other = seen(fake), seen(real), seen(train)
    return found


def pictures(n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (n, 8, 8, 1), dtype=np.uint8)


def test_held_out_pictures_that_were_all_trained_on_give_no_ratio(material_of) -> None:
    train = pictures(40, 1)
    found = material(material_of("gan").model, pictures(30, 2), train[:30], train)
    assert nearest.nearest(found) == []
    (copies,) = nearest.copies(found)
    assert copies.settings["identical"] == 0
    copied = material(material_of("gan").model, train[:30], train[:30], train)
    assert nearest.copies(copied)[0].settings["identical"] == 30


@pytest.mark.parametrize("held", [5, 16, 400])
def test_the_floor_of_copies_is_what_chance_gives(material_of, held: int) -> None:
    # Honest samples come from where held-out pictures come from.
    shares, floors = [], []
    for seed in range(30):
        everything = rows(held + 300, seed, 2).astype(np.float32)
        train, test, fake = np.split(everything, [200, 200 + held])
        model = material_of("gan").model
        found = material(
            model, *(a.reshape(-1, 1, 2, 1).astype(np.uint8) for a in (fake, test, train))
        )
        (score,) = nearest.copies(found)
        shares.append(score.value)
        floors.append(score.floor)
    assert len(set(floors)) == 1
    assert np.mean(shares) == pytest.approx(floors[0], abs=0.03)
    assert floors[0] >= nearest.CLOSE


def test_the_ratio_grows_with_the_noise_on_copies(material_of) -> None:
    train, test = pictures(60, 1), pictures(60, 2)
    values = []
    for noise in (1, 10, 40):
        shift = np.random.default_rng(3).integers(-noise, noise + 1, train.shape)
        fake = np.clip(train.astype(int) + shift, 0, 255).astype(np.uint8)
        values.append(nearest.nearest(material(material_of("gan").model, fake, test, train))[0])
    assert values[0].value < values[1].value < values[2].value < 1
    for score in values:
        assert score.low <= score.value <= score.high
        marks = score.settings["samples"]
        assert marks == sorted(marks)
        assert len(marks) == len(score.settings["percentiles"])
