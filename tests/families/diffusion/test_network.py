"""The networks: shapes at every size, what reaches the output, and how it begins."""

import pytest
import torch

from genstudio.families.diffusion.network import DiffusionConfig, build, places_of, time_embedding


def made(**changes):
    torch.manual_seed(0)
    return build(DiffusionConfig(**{"width": 16, "text_width": 32, **changes}))


def stirred(network):
    """The network with its silent layers given numbers, so that everything has an effect."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for p in network.parameters():
            p.add_(torch.randn(p.shape, generator=generator) * 0.1)
    return network.eval()


@pytest.mark.parametrize(
    ("size", "patch", "levels", "depth"),
    [(28, 2, 2, 1), (48, 3, 3, 1), (32, 1, 2, 2), (64, 8, 1, 1)],
)
def test_the_answer_has_the_shape_of_the_picture(size, patch, levels, depth):
    unet = made(size=size, patch=patch, levels=levels, depth=depth, channels=3)["unet"]
    x = torch.randn(2, 3, size, size)
    assert unet(x, torch.tensor([0.0, 999.0])).shape == x.shape


def test_it_begins_with_an_answer_near_nought_through_which_gradients_flow():
    unet = made(channels=1)["unet"]
    found = unet(torch.randn(2, 1, 32, 32), torch.tensor([3.0, 5.0]))
    assert 0 < found.abs().max() < 0.2
    found.sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in unet.parameters())


def test_nothing_guides_without_places():
    assert set(made()) == {"unet"}


def test_time_pooled_and_context_all_reach_the_answer():
    networks = made(channels=1, places=places_of(5), length=6, text=True)
    unet = stirred(networks["unet"])
    x, t = torch.randn(1, 1, 32, 32), torch.tensor([10.0])
    pooled, context = torch.randn(1, 32), torch.randn(1, 6, 32)
    base = unet(x, t, pooled, context)
    for other in (
        unet(x, t + 500, pooled, context),
        unet(x, t, -pooled, context),
        unet(x, t, pooled, -context),
        unet(x.flip(3), t, pooled, context).flip(3),
    ):
        assert not torch.allclose(base, other)


def test_a_picture_does_not_see_the_others_of_its_batch():
    unet = stirred(made(channels=1)["unet"])
    x, t = torch.randn(3, 1, 32, 32), torch.tensor([1.0, 400.0, 900.0])
    alone = torch.cat([unet(x[i : i + 1], t[i : i + 1]) for i in range(3)])
    assert torch.allclose(unet(x, t), alone, atol=1e-5)


def test_the_text_encoder_reads_order_and_ignores_what_is_empty():
    text = stirred(made(places=places_of(5), length=6, text=True)["text"])
    context, pooled = text(torch.tensor([[1, 2, 3, 0, 0, 0], [1, 3, 2, 0, 0, 0]]))
    assert context.shape == (2, 6, 32)
    assert pooled.shape == (2, 32)
    assert not torch.allclose(pooled[0], pooled[1])
    assert context[:, 3:].abs().max() == 0
    # Closed places: their number must not change what stands before them.
    changed = text.table.weight.detach().clone()
    with torch.no_grad():
        text.table.weight[0] += 5
    again, _ = text(torch.tensor([[1, 2, 3, 0, 0, 0]]))
    assert torch.allclose(again[0, :3], context[0, :3], atol=1e-5)
    text.table.weight.data.copy_(changed)


def test_a_word_takes_up_its_neighbours_wherever_it_stands():
    """Without transformer layers and places only the convolution can tell what "hair" is like."""

    def read(reach, *tokens):
        text = stirred(made(places=places_of(9), length=8, text=True, reach=reach)["text"])
        text.layers, text.place = torch.nn.ModuleList(), torch.nn.Parameter(torch.zeros(8, 32))
        return text(torch.tensor([[1, *tokens] + [0] * (7 - len(tokens))]))[0][0]

    blue, red, hair, shirt = 2, 3, 4, 5
    for reach, differs in ((1, False), (3, True)):
        one, other = read(reach, blue, hair, red, shirt), read(reach, red, hair, blue, shirt)
        assert torch.allclose(one[2], other[2]) != differs
    late = read(3, red, shirt, blue, hair, red)
    early = read(3, shirt, blue, hair, red, shirt)
    assert torch.allclose(late[4], early[3], atol=1e-5)


def test_the_class_encoder_has_a_row_for_any_class():
    networks = made(places=4)
    found = networks["text"](torch.tensor([[0], [3]]))
    assert found.shape == (2, 32)
    assert not torch.allclose(found[0], found[1])


def test_time_embedding_tells_neighbouring_steps_apart():
    found = time_embedding(torch.arange(1000), 32)
    assert found.shape == (1000, 32)
    assert (found[1:] - found[:-1]).norm(dim=1).min() > 0.1
    assert torch.allclose(found[0, :16], torch.ones(16))
