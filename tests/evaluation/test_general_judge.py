"""The bundled general judge: small, whole, and its features order pictures as eyes would."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pytest

from genstudio.core.paths import bundled_models
from genstudio.engine import package_folder, probe
from genstudio.engine.device import choose
from genstudio.engine.loaded_model import LoadedModel
from genstudio.evaluation import judges
from genstudio.evaluation.density_coverage import counts
from genstudio.evaluation.frechet import distance, moments
from genstudio.evaluation.material import judged
from genstudio.media import image

FOLDER = bundled_models() / judges.GENERAL
COUNT = 240


@pytest.fixture(scope="module")
def judge() -> Iterator[LoadedModel]:
    with LoadedModel.open(FOLDER, choose("cpu", 1)) as model:
        yield model


def discs(seed: int, count: int = COUNT) -> np.ndarray:
    """Discs of many colours and sizes on pale ground, uint8 (n, 32, 32, 3)."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[:32, :32]
    made = np.empty((count, 32, 32, 3), np.uint8)
    for picture in made:
        picture[:] = rng.integers(200, 256, 3)
        y, x, radius = rng.integers(10, 22), rng.integers(10, 22), rng.integers(4, 10)
        picture[(rows - y) ** 2 + (columns - x) ** 2 < radius**2] = rng.integers(0, 180, 3)
    return made


def stripes(seed: int) -> np.ndarray:
    """Stripes in the colours of the discs."""
    made = discs(seed)
    made[:, ::4] = made[:, 16:17, 16:17]
    return made


def noisy(pictures: np.ndarray, spread: float) -> np.ndarray:
    noise = np.random.default_rng(9).normal(0, spread, pictures.shape)
    return np.clip(pictures + noise, 0, 255).astype(np.uint8)


def blurred(pictures: np.ndarray, factor: int) -> np.ndarray:
    small = [image.resize(picture, 32 // factor, 32 // factor) for picture in pictures]
    return np.stack([image.resize(picture, 32, 32) for picture in small])


def test_it_is_small_whole_and_answers_as_in_training(judge) -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 1_500_000
    package_folder.verify_files(FOLDER, judge.manifest)
    assert probe.verify_probe(judge).ok
    assert judge.manifest.modality == "judge"


def test_its_card_names_every_set_with_licence_and_accuracy(judge) -> None:
    card = (FOLDER / "card.md").read_text(encoding="utf-8")
    sets = judge.manifest.trained_on
    assert len(sets) == 10
    (score,) = judge.manifest.scores
    by_set = score.settings["by_set"]
    assert {data.name for data in sets} == set(by_set)
    for data in sets:
        assert data.licence
        assert data.attribution in card
        assert f"{data.name} {by_set[data.name]}" in card
    assert {name.partition(": ")[0] for name in judge.class_names} == set(by_set)
    recipe = json.loads((FOLDER / "recipe.json").read_text())
    assert recipe["model"] == judges.GENERAL


def test_damage_moves_pictures_away_and_more_damage_farther(judge) -> None:
    real = moments(judged(judge, discs(1))[0])

    def far(pictures: np.ndarray) -> float:
        return distance(moments(judged(judge, pictures)[0]), real)

    other = discs(2)
    alike = far(other)
    assert alike < far(noisy(other, 15)) < far(noisy(other, 50))
    assert alike < far(blurred(other, 2)) < far(blurred(other, 4))
    assert far(stripes(2)) > 3 * alike


def test_collapse_lowers_coverage_and_leaves_density(judge) -> None:
    real = judged(judge, discs(1))[0]
    honest_density, honest = counts(judged(judge, discs(2))[0], real)
    few = np.repeat(discs(3, 8), COUNT // 8, axis=0)
    density, collapsed = counts(judged(judge, few)[0], real)
    assert honest.mean() > 0.8
    assert collapsed.mean() < 0.5 * honest.mean()
    assert density.mean() > 0.4 * honest_density.mean()


def test_grey_and_large_pictures_are_seen_too(judge) -> None:
    grey = discs(1, 8).mean(axis=3, keepdims=True).astype(np.uint8)
    assert judged(judge, grey)[0].shape == (8, 128)
    large = discs(1, 8).repeat(4, axis=1).repeat(4, axis=2)
    assert judged(judge, large)[0].shape == (8, 128)
    gap = np.abs(judged(judge, large)[0] - judged(judge, discs(1, 8))[0]).mean()
    assert gap < 0.5
