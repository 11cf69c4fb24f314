"""The sketch: it is drawn from words, learnt first and fast, and read by the U-Net."""

import pytest
import torch
from torch.nn import functional as F

from genstudio.families.diffusion import family
from genstudio.families.diffusion.guiding import encoded
from genstudio.families.diffusion.network import DiffusionConfig, build, places_of
from genstudio.families.diffusion.sketching import Sketch, missed, surprise
from genstudio.families.diffusion.to_onnx import graphs
from genstudio.training.objective import StepInfo
from tests.helpers.denoise import FACTS, objective, train

EARLY, LATE = StepInfo(0, 10), StepInfo(9, 10)


def networks(**changes):
    torch.manual_seed(0)
    config = {"width": 16, "text_width": 32, "size": 16, "patch": 2, "channels": 1, "sketch": 8}
    return build(
        DiffusionConfig(**{**config, "places": places_of(5), "length": 6, "text": True, **changes})
    )


@pytest.mark.parametrize(("grid", "coarse"), [(16, 8), (14, 7), (8, 4), (7, 7), (4, 4)])
def test_a_sketch_is_as_large_as_the_grid_whatever_that_is(grid, coarse):
    sketch = Sketch(32, 8, 12, grid)
    assert sketch.coarse == coarse
    assert sketch(torch.randn(3, 6, 32)).shape == (3, 12, grid, grid)


def test_words_are_added_up_in_any_order_and_say_different_things():
    sketch, context = Sketch(32, 8, 4, 8), torch.randn(1, 6, 32)
    found = sketch(context)
    assert torch.allclose(found, sketch(context.flip(1)), atol=1e-6)
    assert not torch.allclose(found, sketch(-context), atol=1e-3)


def test_a_picture_is_missed_by_the_square_of_what_it_is_off():
    pictures = torch.rand(2, 3, 8, 8) * 2 - 1
    folded = F.pixel_unshuffle(pictures, 2)
    assert missed(folded, pictures, 2).tolist() == [0, 0]
    off = folded.clone()
    off[1] += 0.5
    assert missed(off, pictures, 2).tolist() == pytest.approx([0, 0.25])


def test_a_vague_caption_does_not_drown_one_that_says_everything():
    errors = torch.tensor([0.0, 0.01, 0.1], requires_grad=True)
    learnt = surprise(errors)
    assert learnt[0] == 0
    assert (learnt.diff() > 0).all()
    learnt.sum().backward()
    sure, clear, vague = errors.grad.tolist()
    assert vague == pytest.approx(1, rel=0.02)  # as the plain error weighs it
    assert clear == pytest.approx(10, rel=0.1)
    assert sure == pytest.approx(100), "a bound, however small the error"


def test_many_pictures_of_one_caption_are_sketched_as_their_mean():
    pictures = torch.randn(64, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    sketch = torch.zeros(1, 12, 4, 4, requires_grad=True)
    learner = torch.optim.Adam([sketch], 0.02)
    for _ in range(300):
        loss = surprise(missed(sketch.expand(64, -1, -1, -1), pictures, 2)).mean()
        learner.zero_grad()
        loss.backward()
        learner.step()
    mean = F.pixel_unshuffle(pictures.mean(dim=0, keepdim=True), 2)
    assert (sketch - mean).square().mean() < 0.02 * mean.square().mean()


def test_the_u_net_reads_the_sketch():
    made = networks()
    tokens = torch.tensor([[1, 2, 3, 0, 0, 0], [1, 4, 0, 0, 0, 0]])
    pooled, context, sketch = encoded(made, tokens)
    assert sketch.shape == (2, 4, 8, 8)
    x, t = torch.randn(2, 1, 16, 16), torch.tensor([10.0, 500.0])
    found = made["unet"](x, t, pooled, context, sketch)
    assert not torch.allclose(found, made["unet"](x, t, pooled, context, 50 + sketch))


def test_a_u_net_that_answers_with_the_picture_draws_it_over_the_sketch():
    made = networks(over=True)
    sketch = torch.randn(2, 4, 8, 8)
    x, t = torch.randn(2, 1, 16, 16), torch.tensor([10.0, 500.0])
    pooled, context = torch.zeros(2, 32), torch.zeros(2, 6, 32)
    found = made["unet"](x, t, pooled, context, sketch)
    torch.nn.init.zeros_(made["unet"].leave[2].weight)
    torch.nn.init.zeros_(made["unet"].leave[2].bias)
    alone = made["unet"](x, t, pooled, context, sketch)
    assert torch.equal(alone, F.pixel_shuffle(sketch, 2))
    assert not torch.allclose(found, alone, atol=1e-4)


@pytest.mark.parametrize("prediction", ["v", "sample"])
def test_it_is_drawn_over_where_the_picture_is_the_answer(prediction, pictures):
    made = objective(sketch_first=0.0, prediction=prediction)
    assert made.networks["unet"].config.over == (prediction == "sample")
    losses = train(made, pictures, 150)
    assert sum(losses[-10:]) < 0.7 * sum(losses[:10])


def test_without_a_sketch_the_networks_are_those_of_before():
    made, more = networks(sketch=0), networks()
    assert made["text"].sketch is None
    assert made["unet"].guess is None
    assert len(encoded(made, torch.ones(1, 6, dtype=torch.long))) == 2
    old, new = (set(one["unet"].state_dict()) for one in (made, more))
    assert new - old == {"guess.weight", "guess.bias"}
    assert not old - new


def test_first_the_sketch_learns_alone_then_both(pictures):
    made = objective(sketch_first=0.5)
    total, parts = made.loss("denoise", pictures, EARLY)
    assert set(parts) == {"sketch"}
    total.backward()
    assert all(p.grad is None for p in made.networks["unet"].parameters())
    assert made.networks["text"].sketch.lay.weight.grad.abs().sum() > 0
    total, parts = made.loss("denoise", pictures, LATE)
    assert set(parts) == {"sketch", "error"}
    assert total > parts["sketch"]
    total.backward()
    assert all(p.grad is not None for p in made.networks["unet"].parameters())


def test_while_the_sketch_learns_alone_nobody_says_that_words_are_ignored(pictures):
    made = objective(sketch_first=0.5)
    assert made.best == ("total", "lower")
    made.loss("denoise", pictures, EARLY)
    with torch.no_grad():
        found = made.validate(made.networks, pictures)
    assert set(found) == {"error", "sketch", "total"}
    assert found["total"] == pytest.approx(float(found["error"] + found["sketch"]))
    made.loss("denoise", pictures, LATE)
    with torch.no_grad():
        assert {"words", "lag"} < set(made.validate(made.networks, pictures))
    assert objective(sketch="0").best == ("error", "lower")


def test_it_learns_what_captions_mean_in_a_few_quick_steps(pictures):
    made = objective(sketch_first=0.9, lose=0.0)
    train(made, pictures, 60)
    with torch.no_grad():
        found = encoded(made.networks, made.sayings.plain(pictures))[2]
        said = made.validate(made.networks, pictures)
    means = found.mean(dim=(1, 2, 3))
    assert (means[0::2] < -0.3).all(), means
    assert (means[1::2] > 0.3).all(), means
    assert said["sketch"] < 0.3


def test_only_captions_are_sketched():
    asked = {**FACTS, "classes": ("dark", "bright")}
    assert family.config({}, FACTS)["sketch"] == family.SKETCH
    assert family.config({"sketch": "0"}, FACTS)["sketch"] == 0
    assert family.config({"sketch": "48"}, FACTS)["sketch"] == 48
    assert family.config({"condition": "classes"}, asked)["sketch"] == 0
    assert family.config({"condition": "none"}, FACTS)["sketch"] == 0


def test_graphs_hand_the_sketch_on():
    made = objective()
    text, unet = graphs(made.networks, made.config)
    assert text.outputs == ("context", "pooled", "sketch")
    assert list(unet.example(2)) == ["x", "t", "pooled", "context", "sketch"]
