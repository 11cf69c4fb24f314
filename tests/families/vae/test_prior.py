"""The fitted prior: moments of the codes, shares of the parts, blends of classes."""

import pytest
import torch

from genstudio.families.vae import prior


@pytest.fixture
def codes():
    """Two far-apart clouds of 2 numbers, 300 and 100 of them, with their part numbers."""
    draw = torch.Generator().manual_seed(0)
    left = torch.randn(300, 2, generator=draw) * torch.tensor([1.0, 0.1]) + torch.tensor([-9.0, 0])
    right = torch.randn(100, 2, generator=draw) * 0.5 + torch.tensor([9.0, 4.0])
    return torch.cat([left, right]), torch.tensor([0] * 300 + [1] * 100)


def test_untouched_it_is_the_standard_gaussian():
    made = prior.Prior(3, 4)
    noise = torch.randn(5, 4)
    weights = torch.eye(3)[torch.tensor([0, 1, 2, 0, 1])]
    assert torch.equal(made.blend(noise, weights), noise)


def test_fitted_parts_have_the_moments_of_their_codes(codes):
    points, groups = codes
    made = prior.Prior(2, 2)
    prior.fit(made, points, torch.zeros_like(points), groups)
    noise = torch.randn(20_000, 2, generator=torch.Generator().manual_seed(1))
    for part in (0, 1):
        drawn = made.blend(noise, torch.eye(2)[part].expand(len(noise), 2))
        own = points[groups == part]
        assert torch.allclose(drawn.mean(0), own.mean(0), atol=0.1)
        assert torch.allclose(drawn.std(0), own.std(0), atol=0.1)


def test_posterior_variance_widens_the_prior(codes):
    points, groups = codes
    tight, wide = prior.Prior(2, 2), prior.Prior(2, 2)
    prior.fit(tight, points, torch.zeros_like(points), groups)
    prior.fit(wide, points, torch.full_like(points, 4.0), groups)
    assert (wide.factors.diagonal(dim1=1, dim2=2) > tight.factors.diagonal(dim1=1, dim2=2)).all()


def test_parts_are_picked_by_their_size(codes):
    points, groups = codes
    made = prior.Prior(2, 2)
    prior.fit(made, points, torch.zeros_like(points), groups)
    picked = made.pick(torch.linspace(0, 0.999, 1000)[:, None])
    assert picked.sum(dim=1).eq(1).all()
    assert float(picked[:, 0].mean()) == pytest.approx(0.75, abs=0.01)


def test_blended_labels_lie_between_their_classes(codes):
    points, groups = codes
    made = prior.Prior(2, 2)
    prior.fit(made, points, torch.zeros_like(points), groups)
    middle = made.blend(torch.zeros(1, 2), torch.tensor([[0.5, 0.5]]))
    assert torch.allclose(middle[0], made.means.mean(dim=0))


def test_an_empty_part_takes_the_common_spread(codes):
    points, groups = codes
    made = prior.Prior(3, 2)
    prior.fit(made, points, torch.zeros_like(points), groups)
    assert torch.allclose(made.means[2], points.mean(dim=0), atol=1e-4)
    assert torch.isfinite(made.factors).all()


def test_clusters_find_the_clouds(codes):
    points, groups = codes
    found = prior.clusters(points, 2, seed=3)
    agree = (found == groups).float().mean()
    assert float(agree) in (0.0, 1.0)
    assert torch.equal(found, prior.clusters(points, 2, seed=3))


def test_equal_codes_do_not_break_the_fit():
    points = torch.ones(10, 3)
    made = prior.Prior(4, 3)
    prior.fit(made, points, torch.zeros_like(points), prior.clusters(points, 4, seed=0))
    assert torch.isfinite(made.factors).all()


def test_graphs_take_labels_or_choices(codes):
    points, groups = codes
    made = prior.Prior(2, 2)
    prior.fit(made, points, torch.zeros_like(points), groups)
    noise = torch.randn(4, 2)
    by_class = prior.ByClass(made)(noise, torch.eye(2)[torch.tensor([0, 0, 1, 1])])
    by_choice = prior.ByChoice(made)(noise, torch.tensor([[0.0], [0.74], [0.76], [0.99]]))
    assert torch.allclose(by_class, by_choice)
