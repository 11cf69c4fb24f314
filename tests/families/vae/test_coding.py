"""Codes of pictures: labels, recognition, the draw from the prior, and the errors in between."""

import numpy as np
import pytest

from genstudio.core.errors import GenStudioError
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.families.vae import coding, restoring
from tests.helpers.packages import LATENT, NAMES, SIZE


def pictures(count: int, seed: int = 0) -> np.ndarray:
    shape = (count, 1, SIZE, SIZE)
    return np.random.default_rng(seed).uniform(-1, 1, shape).astype(np.float32)


def test_the_error_runs_from_nothing_to_one_and_knows_no_order() -> None:
    a, b = pictures(3, 1), pictures(3, 2)
    assert coding.squared_errors(a, a).tolist() == [0, 0, 0]
    np.testing.assert_allclose(coding.squared_errors(a, b), coding.squared_errors(b, a))
    black = -np.ones_like(a)
    np.testing.assert_allclose(coding.squared_errors(black, -black), 1)
    assert (coding.squared_errors(a, b) < 1).all()


def test_codes_do_not_depend_on_the_neighbours(opened: dict[str, LoadedModel]) -> None:
    stack = pictures(5)
    mean, logvar = coding.encode(opened["vae"], stack, None)
    assert mean.shape == logvar.shape == (5, LATENT)
    alone, _ = coding.encode(opened["vae"], stack[3:4], None)
    np.testing.assert_allclose(alone[0], mean[3], atol=1e-5)


def test_undefined_codes_are_a_sentence(opened: dict[str, LoadedModel], monkeypatch) -> None:
    model = opened["vae"]
    whole = model.run
    for spoilt in ("mean", "logvar"):

        def run(graph, feeds, name=spoilt):
            return {**whole(graph, feeds), name: np.full((1, LATENT), np.nan)}

        monkeypatch.setattr(model, "run", run)
        with pytest.raises(GenStudioError, match="undefined numbers"):
            coding.encode(model, pictures(1), None)


def test_without_a_fitted_prior_noise_is_the_code(opened: dict[str, LoadedModel]) -> None:
    normal = np.random.default_rng(0).standard_normal((4, LATENT)).astype(np.float32)
    choice = np.zeros((4, 1), np.float32)
    np.testing.assert_array_equal(coding.draw(opened["vae"], normal, None, choice), normal)
    moved = coding.draw(opened["vae-prior"], normal, None, choice)
    assert moved.shape == normal.shape
    assert not np.allclose(moved, normal)


def test_choices_are_shares_fixed_by_seed_and_index() -> None:
    found = coding.choices(Ask({}, seed=3), list(range(2000)))
    assert found.shape == (2000, 1)
    assert 0 <= found.min() < found.max() < 1
    assert found.mean() == pytest.approx(0.5, abs=0.05)
    np.testing.assert_array_equal(coding.choices(Ask({}, seed=3), [7]), found[7:8])
    assert not np.array_equal(coding.choices(Ask({}, seed=4), [7]), found[7:8])


def test_a_chosen_class_is_taken_without_looking(opened: dict[str, LoadedModel]) -> None:
    model, stack = opened["vae-classes"], pictures(3)
    for number, name in enumerate(NAMES):
        found = coding.labels_of(model, Ask({"class": name}), stack)
        np.testing.assert_array_equal(found, np.eye(len(NAMES))[[number] * 3])
    assert coding.labels_of(opened["vae"], Ask({"class": NAMES[0]}), stack) is None


@pytest.mark.parametrize("word", ["any", "auto"])
def test_otherwise_each_picture_gets_the_class_that_fits_best(
    opened: dict[str, LoadedModel], word: str
) -> None:
    model, stack = opened["vae-classes"], pictures(4, 5)
    found = coding.labels_of(model, Ask({"class": word}), stack)
    for picture, label in zip(stack, found, strict=True):
        copies = np.repeat(picture[None], len(NAMES), axis=0)
        back = coding.reconstruct(model, copies, np.eye(len(NAMES), dtype=np.float32))
        assert label.argmax() == coding.squared_errors(copies, back).argmin()
        assert label.sum() == 1


def test_what_lies_in_the_hole_does_not_decide(opened: dict[str, LoadedModel]) -> None:
    model = opened["vae-classes"]
    hole = np.zeros((1, SIZE, SIZE), bool)
    hole[:, :, : SIZE // 2] = True
    zero = np.zeros((1, LATENT), np.float32)
    for number in range(len(NAMES)):
        label = coding.labels(model, [number])
        picture = coding.decode(model, zero, label)[0]
        assert coding.recognised(model, np.where(hole, 0, picture), hole) == number


def test_percentiles_rise_with_the_score_and_stay_inside(
    opened: dict[str, LoadedModel], monkeypatch
) -> None:
    model = opened["vae"]
    monkeypatch.setitem(model.config, "anomaly_quantiles", [0.1, 0.2, 0.4])
    scores = (0.0, 0.1, 0.15, 0.2, 0.3, 0.4, 9.0)
    found = [restoring.anomaly_facts(model, score)["percentile"] for score in scores]
    assert found == [0, 0, 25, 50, 75, 100, 100]
    for useless in ([], [0.1], "many", None):
        monkeypatch.setitem(model.config, "anomaly_quantiles", useless)
        assert restoring.anomaly_facts(model, 0.123456789012) == {"score": 0.12345679}
