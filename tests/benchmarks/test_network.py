"""The benchmarks of running networks measure what they say; their times are not asserted."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks import network
from genstudio.core.errors import NotFound
from genstudio.engine.loaded_model import LoadedModel
from tests.helpers import packages
from tests.helpers.packages import LATENT


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[LoadedModel]:
    folder = tmp_path / "models"
    packages.gan(folder / "gan")
    packages.judge(folder / "judge")
    packages.vae(folder / "vae", prior=True)
    monkeypatch.setattr(network, "bundled_models", lambda: folder)
    return network.opened()


def test_the_bundled_models_are_opened(models: list[LoadedModel]) -> None:
    assert [model.folder.name for model in models] == ["gan", "judge", "vae"]
    assert "sample" in network.samplers(models[0])
    assert "sample" not in network.samplers(models[1])


def test_the_call_of_a_sampler_is_found(models: list[LoadedModel]) -> None:
    graph, feeds = network.network_call(models[0], 16)
    assert graph == "generator"
    assert feeds["z"].shape == (16, LATENT)
    graph, feeds = network.network_call(models[2], 3)
    assert graph == "decoder"  # the last and heaviest of the two
    assert feeds["z"].shape == (3, LATENT)
    # The model is as it was.
    assert "run" not in vars(models[0])


def test_a_single_picture_is_compared_with_the_bare_call(models: list[LoadedModel]) -> None:
    row = network.single_picture(models[0], 3)
    assert row.bar == 3.0
    assert np.isfinite(row.value)
    assert row.value > 0


def test_a_cancel_is_measured_inside_a_call(models: list[LoadedModel]) -> None:
    row = network.cancelling(models[0], 4, 2)
    assert (row.bar, row.unit) == (50.0, "ms")
    assert row.value > 0
    # The model works on afterwards.
    assert models[0].run(*network.network_call(models[0], 1))["image"].shape[0] == 1


def test_nothing_to_measure_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "bundled_models", lambda: tmp_path)
    with pytest.raises(NotFound, match="no models"):
        list(network.rows())
