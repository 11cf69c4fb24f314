"""Both memories give, token by token, what the whole text at once gives."""

import pytest
import torch

from genstudio.families.transformer.memory import Growing, Shared, positions
from genstudio.families.transformer.network import Transformer, TransformerConfig, waves

LENGTH, ROOM = 11, 16


@pytest.fixture(params=["rotary", "learned"])
def network(request) -> Transformer:
    torch.manual_seed(1)
    config = TransformerConfig(
        vocabulary=19, context=ROOM, width=32, layers=2, heads=2, positions=request.param
    )
    return Transformer(config).eval()


@pytest.fixture
def text() -> torch.Tensor:
    return torch.randint(19, (3, LENGTH), generator=torch.Generator().manual_seed(2))


@pytest.mark.parametrize("cuts", [(5, 1, 1, 4), (1,) * LENGTH, (LENGTH,)])
@torch.no_grad()
def test_growing(network, text, cuts):
    config = network.config
    keys = values = torch.zeros(3, config.layers, config.heads, 0, config.head)
    whole, done = network(text), 0
    for cut in cuts:
        places = torch.arange(done, done + cut)
        memory = Growing(config, keys, values, places)
        found = network(text[:, done : done + cut], memory, places)
        assert torch.allclose(found, whole[:, done : done + cut], atol=1e-5)
        keys, values = memory.grown()
        done += cut
        assert keys.shape == values.shape == (3, config.layers, config.heads, done, config.head)


@torch.no_grad()
def test_shared_with_rows_of_different_lengths(network, text):
    config, whole = network.config, network(text)
    turns = waves(config, torch.arange(ROOM)) if config.positions == "rotary" else None
    empty = torch.zeros(3, config.heads, ROOM, config.head)
    buffers: tuple[torch.Tensor, ...] = (empty,) * (2 * config.layers)
    lengths = torch.full((3,), 6, dtype=torch.int32)

    def run(tokens):
        memory = Shared(config, buffers, lengths, turns)
        found = network(tokens, memory, positions(lengths, tokens.shape[1]))
        return found, tuple(memory.filled)

    found, buffers = run(text[:, :6])
    assert torch.allclose(found, whole[:, :6], atol=1e-5)
    lengths = torch.tensor([7, 5, 3], dtype=torch.int32)  # two rows go on from an earlier place
    rows = torch.arange(3)
    found, buffers = run(text[rows, lengths.long() - 1][:, None])
    assert torch.allclose(found[:, 0], whole[rows, lengths.long() - 1], atol=1e-5)
    assert all(buffer[:, :, 7:].abs().max() == 0 for buffer in buffers), "nothing behind the texts"


def test_positions_are_those_of_the_last_tokens():
    found = positions(torch.tensor([5, 3], dtype=torch.int32), 2)
    assert found.tolist() == [[3, 4], [1, 2]]
    assert found.dtype == torch.int64
