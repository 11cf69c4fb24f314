"""What a VAE is trained for, and what its recipes may say."""

import pytest
import torch

from genstudio.core.controls import check_values
from genstudio.core.errors import UsageError
from genstudio.families.vae import objective, to_onnx
from genstudio.families.vae.family import FAMILY, config
from genstudio.training.objective import Batch, StepInfo

FACTS = {"size": 28, "channels": 1, "classes": ("a", "b", "c")}
SMALL = {"width": 4, "hidden": 16, "latent": 4}


def made(**options: object) -> objective.VaeObjective:
    torch.manual_seed(0)
    checked = check_values(FAMILY.options, {**SMALL, **options})
    return objective.make(config(checked, FACTS), checked)


def batch(count: int = 4, size: int = 28, channels: int = 1) -> Batch:
    images = torch.rand(count, channels, size, size) * 2 - 1
    return Batch(images, torch.arange(count) % 3)


@pytest.mark.parametrize("likelihood", ["laplace", "gaussian", "bernoulli"])
@pytest.mark.parametrize("conditional", [True, False])
def test_both_networks_get_finite_slopes(likelihood: str, conditional: bool):
    vae = made(likelihood=likelihood, conditional=conditional)
    value, more = vae.loss("bound", batch(), StepInfo(5, 10))
    value.backward()
    for name in vae.phases()[0].networks:
        slopes = [p.grad for p in vae.networks[name].parameters()]
        assert all(slope is not None and torch.isfinite(slope).all() for slope in slopes)
    assert set(more) == {"reconstruction", "kl"}


def test_beta_rises_over_the_warm_up():
    vae = made(beta=2.0, warm_up=0.5, denoise=0.0)

    def loss_at(step: int) -> tuple[float, float, float]:
        torch.manual_seed(1)
        value, more = vae.loss("bound", pictures, StepInfo(step, 100))
        return value.item(), more["reconstruction"].item(), more["kl"].item()

    pictures = batch()
    start, error, kl = loss_at(0)
    assert start == pytest.approx(error, rel=1e-5)
    assert loss_at(25)[0] == pytest.approx(error + kl, rel=1e-5)
    assert loss_at(80)[0] == pytest.approx(error + 2 * kl, rel=1e-5)


def test_damaged_pictures_are_compared_with_whole_ones():
    vae = made(denoise=1.0)
    torch.manual_seed(2)
    images = batch(50).images
    damaged = vae._damaged(images)
    assert (damaged != images).flatten(1).any(dim=1).float().mean() > 0.9
    torch.manual_seed(2)
    few = made(denoise=0.2)._damaged(images)
    assert 0 < (few != images).flatten(1).any(dim=1).float().mean() < 0.5


def test_validation_does_not_draw():
    vae = made()
    pictures = batch()
    first, second = (vae.validate(vae.networks, pictures)["bound"] for _ in range(2))
    assert first == second
    assert vae.best == ("bound", "lower")


def test_previews_show_samples_then_originals_and_below_them_their_copies():
    vae = made()
    pictures = batch(10)
    shown = vae.preview(vae.networks, pictures, 8, seed=1)
    assert shown.shape == (8, 28, 28, 1)
    assert (shown[:4] == vae.samples(vae.networks, pictures, 4, seed=1)).all()
    wanted = ((pictures.images[:2] + 1) * 127.5).round().to(torch.uint8)
    assert (torch.from_numpy(shown[4:6]).permute(0, 3, 1, 2) == wanted).all()
    assert (shown[6:] != shown[4:6]).any()
    assert (shown == vae.preview(vae.networks, pictures, 8, seed=1)).all()


def test_samples_depend_on_the_seed_alone():
    vae = made()
    first = vae.samples(vae.networks, batch(3), 6, seed=1)
    assert first.shape == (6, 28, 28, 1)
    assert (first == vae.samples(vae.networks, batch(1), 6, seed=1)).all()
    assert (first != vae.samples(vae.networks, batch(3), 6, seed=2)).any()


@pytest.mark.parametrize(("size", "channels"), [(32, 3), (48, 1), (128, 3)])
def test_sizes_and_colours(size: int, channels: int):
    vae = made(size=size, channels=channels)
    value, _ = vae.loss("bound", batch(2, size, channels), StepInfo(0, 10))
    assert torch.isfinite(value)


@pytest.mark.parametrize("conditional", [True, False])
def test_the_graphs_fit_together(conditional: bool):
    vae = made(conditional=conditional)
    specs = {spec.name: spec for spec in to_onnx.graphs(vae.networks, vae.config)}
    mean, logvar = specs["encoder"].module(*specs["encoder"].example(5).values())
    assert mean.shape == logvar.shape == (5, 4)
    assert specs["decoder"].module(*specs["decoder"].example(5).values()).shape == (5, 1, 28, 28)
    assert ("label" in specs["decoder"].example(2)) is conditional


def test_config_follows_data_and_options():
    found = config({"latent": 7, "likelihood": "gaussian"}, FACTS)
    assert (found["latent"], found["likelihood"], found["size"]) == (7, "gaussian", 28)
    assert config({"channels": 3}, FACTS)["channels"] == 3
    with pytest.raises(UsageError):
        config({"beta": -1}, FACTS)
    with pytest.raises(UsageError, match="too many"):
        config({}, {**FACTS, "classes": tuple(map(str, range(1001)))})
