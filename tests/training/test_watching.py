"""Looking at a model while it is trained."""

import io
from pathlib import Path

import pytest
import torch
from PIL import Image

from genstudio.core.errors import GenStudioError
from genstudio.training import watching
from tests.training.toys import Toy, trainer


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
