"""Samples beside their nearest training pictures."""

from dataclasses import replace

import numpy as np
import pytest

from genstudio.core.errors import GenStudioError
from genstudio.evaluation import pairs
from genstudio.evaluation.material import picked, shrunk
from genstudio.evaluation.nearest import found_in
from tests.evaluation.conftest import split


def test_pairs_are_the_nearest_and_show_the_sample_itself(material_of) -> None:
    material = material_of("gan", 120)
    found = pairs.closest(material, 5)
    distances = [pair.distance for pair in found]
    assert distances == sorted(distances)
    assert distances[0] == pytest.approx(float(found_in(material).made.min()), abs=1e-4)
    for pair in found:
        # Made again from its seed and place it is the picture that was measured.
        assert material.fake is not None
        np.testing.assert_array_equal(shrunk(pair.made[None])[0], material.fake.small[pair.sample])
        np.testing.assert_array_equal(pair.taken, material.train.images[pair.training])
        gap = (pair.made.astype(float) - pair.taken.astype(float)) / 255
        assert pair.distance == pytest.approx((gap**2).mean() ** 0.5, abs=2e-3)
        assert set(pair.facts()) == {"sample", "training", "distance"}


def test_pictures_of_the_validation_part_are_found_behind_the_training_ones(material_of) -> None:
    material = replace(material_of("gan", 120), _cache={})
    extra = split(30, 88)
    material.more = (extra,)
    material.fake = replace(material.fake, small=material.fake.small.copy())
    material.fake.small[7] = shrunk(extra.images[12:13])[0]
    first = pairs.closest(material, 1)[0]
    assert first.sample == 7
    assert first.training == len(material.train.images) + 12
    np.testing.assert_array_equal(first.taken, extra.images[12])


def test_samples_are_named_by_place_where_only_some_were_compared(
    material_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genstudio.evaluation.nearest.MOST", 40)
    material = replace(material_of("gan", 120), _cache={})
    compared = set(picked(120, 40, material.seed).tolist())
    assert {pair.sample for pair in pairs.closest(material, 40)} == compared


def test_training_pictures_come_once_while_there_are_others(material_of) -> None:
    material = replace(material_of("gan", 120), _cache={})
    small = material.fake.small.copy()
    small[:60] = shrunk(material.train.images[3:4])[0]
    material.fake = replace(material.fake, small=small)
    found = pairs.closest(material, 8)
    assert [pair.training for pair in found].count(3) == 1
    assert len({pair.training for pair in found}) == 8
    every = pairs.closest(material, 500)
    assert len(every) == 120
    assert [pair.distance for pair in every] == sorted(pair.distance for pair in every)


def test_the_sheet_shows_samples_above_training_pictures() -> None:
    white, black = np.full((8, 8, 1), 250, np.uint8), np.full((8, 8, 1), 5, np.uint8)
    some = [pairs.Pair(0, 0, 0.1, white, black)] * 3
    sheet = pairs.sheet(some, 32)
    assert sheet.shape == (2 * 32 + 12, 3 * 32 + 2 * 4, 3)
    assert (sheet[:32, :32] == 250).all()
    assert (sheet[-32:, :32] == 5).all()
    assert (sheet[32:44] == 255).all()
    colour = np.zeros((100, 60, 3), np.uint8)
    assert pairs.sheet([pairs.Pair(0, 0, 0.1, colour, colour)], 32).shape == (76, 32, 3)


def test_a_model_that_makes_nothing_is_a_sentence(material_of) -> None:
    material = replace(material_of("gan", 120))
    material.tasks = {"sample": lambda model, ask: iter(())}
    with pytest.raises(GenStudioError, match="made no picture"):
        pairs.closest(material, 1)
