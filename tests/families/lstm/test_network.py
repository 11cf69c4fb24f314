"""The recurrent network: its state is all that it knows of what was before."""

import torch

from genstudio.families.lstm.network import Lstm, LstmConfig


def network() -> Lstm:
    torch.manual_seed(3)
    return Lstm(LstmConfig(vocabulary=31, width=24, layers=2, dropout=0.5)).eval()


@torch.no_grad()
def test_in_pieces_as_at_once():
    made = network()
    text = torch.randint(31, (3, 10), generator=torch.Generator().manual_seed(5))
    whole, *ends = made(text, *made.empty(3))
    assert whole.shape == (3, 10, 31)
    state, parts = made.empty(3), []
    for first, last in ((0, 4), (4, 5), (5, 10)):
        found, *state = made(text[:, first:last], *state)
        parts.append(found)
        assert state[0].shape == (3, 2, 24)
    assert torch.allclose(torch.cat(parts, dim=1), whole, atol=1e-6)
    assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(state, ends, strict=True))


@torch.no_grad()
def test_dropout_is_for_training_alone():
    made, text = network(), torch.arange(8)[None]
    first, second = (made(text, *made.empty(1))[0] for _ in range(2))
    assert torch.equal(first, second)
    made.train()
    first, second = (made(text, *made.empty(1))[0] for _ in range(2))
    assert not torch.equal(first, second)


def test_forget_gates_begin_open_and_the_embedding_answers():
    made = network()
    bias = made.lstm.bias_ih_l1.detach()
    assert bias[24:48].tolist() == [1.0] * 24
    assert bias[:24].abs().max() < 1
    x = torch.randn(1, 1, 24)
    assert torch.allclose(
        made.answers(x)[0, 0], made.embedding.weight @ made.last(x)[0, 0], atol=1e-6
    )
