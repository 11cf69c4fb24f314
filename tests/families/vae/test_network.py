"""Encoder and decoder: shapes, conditions, independence of the neighbours."""

import pytest
import torch

from genstudio.families.vae.network import STAGES, VaeConfig, build, join, widths


def small(**fields: object) -> VaeConfig:
    return VaeConfig(**{"width": 4, "latent": 5, "hidden": 12, **fields})


@pytest.mark.parametrize("size", STAGES)
@pytest.mark.parametrize(("channels", "classes"), [(1, 0), (3, 3)])
def test_every_size_goes_there_and_back(size: int, channels: int, classes: int):
    nets = build(small(size=size, channels=channels, classes=classes))
    images = torch.rand(2, channels, size, size) * 2 - 1
    labels = [torch.eye(3)[[0, 2]]] if classes else []
    mean, logvar = nets["encoder"](images, *labels)
    assert mean.shape == logvar.shape == (2, 5)
    decoded = nets["decoder"](mean, *labels)
    assert decoded.shape == images.shape
    assert decoded.abs().max() <= 1


def test_the_spread_is_kept_within_reason():
    encoder = build(small())["encoder"]
    with torch.no_grad():
        encoder.heads.bias.fill_(1e6)
    assert encoder(torch.zeros(1, 1, 28, 28))[1].max() == 4
    with torch.no_grad():
        encoder.heads.bias.fill_(-1e6)
    assert encoder(torch.zeros(1, 1, 28, 28))[1].min() == -12


@pytest.mark.parametrize("training", [True, False])
def test_codes_do_not_depend_on_the_neighbours(training: bool):
    nets = build(small())
    for network in nets.values():
        network.train(training)
    images = torch.rand(4, 1, 28, 28)
    together, alone = nets["encoder"](images)[0], nets["encoder"](images[2:3])[0]
    assert torch.allclose(together[2:3], alone, atol=1e-5)
    z = torch.randn(4, 5)
    assert torch.allclose(nets["decoder"](z)[1:2], nets["decoder"](z[1:2]), atol=1e-5)


def test_the_label_matters_where_there_is_one():
    nets = build(small(classes=3))
    z, labels = torch.randn(1, 5), torch.eye(3)
    first, second = (nets["decoder"](z, labels[i : i + 1]) for i in (0, 1))
    assert not torch.equal(first, second)
    with pytest.raises(ValueError, match="needs labels"):
        nets["decoder"](z)


def test_join_appends_the_label_only_where_classes_are():
    x = torch.zeros(2, 3)
    assert join(x, None, 0) is x
    assert join(x, torch.ones(2, 4), 4).shape == (2, 7)


def test_widths_and_sizes_are_bounded():
    assert widths(small(size=128, width=10)) == [10, 20, 40, 80, 80, 80]
    with pytest.raises(ValueError, match="size must be one of"):
        VaeConfig(size=29)
