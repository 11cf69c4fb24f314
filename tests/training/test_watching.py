"""Looking at a model while it is trained."""

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from genstudio.core.errors import GenStudioError
from genstudio.training import metrics, watching
from genstudio.training.batches import Batches
from tests.training.toys import Toy, pictures, trainer


def test_while_it_is_quiet_nothing_trains_and_averages_are_used(tmp_path: Path):
    toy = Toy()
    whole = trainer(tmp_path, toy)
    with watching.quiet(toy, whole.ema) as networks:
        assert networks["maker"] is whole.ema.copies["maker"]
        assert not any(network.training for network in networks.values())
        assert not torch.is_grad_enabled()
    assert all(network.training for network in toy.networks.values())
    assert torch.is_grad_enabled()


def test_validation_is_the_mean_over_all_held_out_pictures(tmp_path: Path):
    toy = Toy()
    batches = trainer(tmp_path, toy).batches
    toy.validate = lambda networks, batch: {"mean": batch.images.mean()}  # type: ignore[method-assign]
    wanted = torch.from_numpy(batches.held.images / 127.5 - 1).mean()
    found = watching.validate(toy, toy.networks, batches)
    assert found == {"valid/mean": pytest.approx(float(wanted), abs=1e-5)}
    batches.held = None
    assert watching.validate(toy, toy.networks, batches) == {}


def test_sheets_are_pictures(tmp_path: Path):
    toy = Toy()
    whole = trainer(tmp_path, toy)
    with watching.quiet(toy, whole.ema) as networks:
        sheet = watching.sheet(toy, networks, whole.batches, 1)
        toy.preview = lambda *rest: None  # type: ignore[method-assign]
        assert watching.sheet(toy, networks, whole.batches, 1) is None
    for data in (sheet, watching.data_sheet(whole.batches)):
        assert Image.open(io.BytesIO(data)).width >= 40


def test_weights_that_are_not_finite_are_noticed():
    toy = Toy()
    watching.check_finite(list(toy.networks.values()))
    toy.networks["maker"].norm.running_var[1] = float("inf")
    with pytest.raises(GenStudioError, match="not finite"):
        watching.check_finite(list(toy.networks.values()))


def watcher(held: bool = True) -> watching.Watcher:
    """Over 60 random pictures and ten held-out ones."""
    data, other = pictures(60, seed=1), pictures(10, seed=2)
    return watching.Watcher(Batches(data, other if held else None, 8, 0))


def test_new_pictures_of_the_same_kind_are_as_diverse_and_as_far(tmp_path: Path):
    for held in (True, False):
        found = watcher(held).measure(pictures(40, seed=3).images)
        assert found["watch/diversity"] == pytest.approx(1, abs=0.1)
        assert found["watch/nearest"] == pytest.approx(1, abs=0.1)


def test_copies_are_near_and_equal_pictures_are_not_diverse():
    found = watcher().measure(pictures(60, seed=1).images[:40])
    assert found["watch/nearest"] == pytest.approx(0, abs=1e-3)
    one = np.repeat(pictures(1, seed=5).images, 40, axis=0)
    assert watcher().measure(one)["watch/diversity"] == pytest.approx(0, abs=1e-3)


def test_where_there_is_nothing_to_measure():
    assert watcher().measure(None) == {}
    assert watcher().measure(pictures(1).images) == {}
    alike = pictures(5)
    alike.images[:] = alike.images[:1]
    flat = watching.Watcher(Batches(alike, None, 2, 0))
    assert flat.measure(pictures(4, seed=2).images) == {}
    single = watching.Watcher(Batches(pictures(1), None, 1, 0))
    assert single.measure(pictures(4, seed=2).images) == {}


def test_large_pictures_are_shrunk_before_they_are_compared():
    big = np.zeros((3, 56, 56, 3), np.uint8)
    big[:, ::2] = 255
    shrunk = watching._shrunk(big)
    assert shrunk.shape == (3, 3 * 28 * 28)
    assert torch.allclose(shrunk, torch.tensor(0.5))


def test_samples_are_measured_when_they_are_shown(tmp_path: Path):
    toy = Toy()
    toy.samples = lambda networks, batch, count, seed: pictures(count, seed=9).images  # type: ignore[method-assign,assignment,return-value]
    list(trainer(tmp_path, toy).run())
    rows = [r for r in metrics.read(tmp_path / "metrics.jsonl") if "watch/diversity" in r]
    assert [row["step"] for row in rows] == [5, 10, 12]
    assert set(rows[0]) == {"step", "watch/diversity", "watch/nearest"}
