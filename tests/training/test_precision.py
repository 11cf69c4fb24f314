"""Mixed precision, on the processor: the same classes with another device word."""

import math

import pytest
import torch

from genstudio import families
from genstudio.training import precision
from genstudio.training.objective import Phase
from genstudio.training.precision import Precision
from genstudio.training.rounds import NotFinite
from tests.training import together
from tests.training.toys import Toy, trainer


def test_it_is_for_gpus_and_only_where_wanted():
    assert precision.choose("cpu", True).kind is None
    assert precision.choose("cuda", False).kind is None


@pytest.mark.filterwarnings("ignore:.*GradScaler is enabled, but CUDA is not available")
@pytest.mark.parametrize(("real", "kind"), [(True, torch.bfloat16), (False, torch.float16)])
def test_bfloat16_is_taken_where_the_gpu_has_it(monkeypatch, real: bool, kind: torch.dtype):
    monkeypatch.setattr(
        torch.cuda, "is_bf16_supported", lambda including_emulation: real or including_emulation
    )
    found = precision.choose("cuda", True)
    assert found.kind == kind
    assert (found.scaler is None) == real


def test_without_it_nothing_is_changed():
    plain = Precision()
    weight = torch.ones(2, requires_grad=True)
    with plain.reduced():
        product = weight @ weight
    assert product.dtype == torch.float32
    plain.backward(product)
    assert torch.equal(weight.grad, torch.full((2,), 2.0))
    assert plain.bears(True)
    assert not plain.bears(False)
    assert plain.state() == {}
    plain.take({"scale": 3.0})


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("name", [*families.names(), "toy"])
def test_every_family_trains_in_16_bits_much_as_in_32(tmp_path, name: str, kind: torch.dtype):
    """Weights stay float32; the numbers of three rounds agree within a few percent."""
    found = []
    for exact in (None, kind):
        made = together.trainer(tmp_path / str(exact), name, steps=100, learning_rate=1e-3)
        made.rounds.precision = Precision("cpu", exact)
        rows = [made.rounds.round(step) for step in range(3)]
        found.append(rows)
        for network in made.objective.networks.values():
            assert {p.dtype for p in network.parameters()} <= {torch.float32}
    for plain, mixed in zip(*found, strict=True):
        for key in (key for key in plain if key.startswith("loss/")):
            assert mixed[key] == pytest.approx(plain[key], rel=0.1, abs=0.1), key
    assert found[0] != found[1], "nothing was computed in 16 bits"


def test_float16_scales_the_loss_but_not_the_gradient_that_is_followed(tmp_path):
    norms, backwards = [], []
    for exact in (Precision(), Precision("cpu", torch.float16)):
        rounds = trainer(tmp_path, Toy()).rounds
        rounds.phases = [Phase("judge", ("judge",))]
        rounds.precision = exact
        exact.take({**exact.state(), "scale": 1024.0} if exact.scaler else {})
        real = exact.backward
        exact.backward = lambda loss, real=real: backwards.append(loss.item()) or real(loss)  # type: ignore[method-assign,func-returns-value]
        norms.append(rounds.round(0)["gradient/judge"])
    assert norms[1] == pytest.approx(norms[0], rel=0.02)
    assert norms[0] != norms[1]
    assert backwards[1] == pytest.approx(backwards[0], rel=0.02)


def overflowing(tmp_path, times: int):
    """Rounds whose judge has infinite gradients `times` times, with a scale of 4."""
    toy = Toy()
    rounds = trainer(tmp_path, toy).rounds
    rounds.precision = Precision("cpu", torch.float16)
    rounds.precision.take({**rounds.precision.state(), "scale": 4.0})
    good, hits = toy.loss, []

    def loss(phase, batch, step):  # type: ignore[no-untyped-def]
        found, more = good(phase, batch, step)
        if phase == "judge" and len(hits) < times:
            hits.append(1)
            bias = toy.networks["judge"].dense.bias
            found = found + (bias - bias.detach()).sqrt().sum()  # infinite slope, finite value
        return found, more

    toy.loss = loss  # type: ignore[method-assign]
    return toy, rounds


def test_an_overflow_leaves_the_step_out_and_halves_the_scale(tmp_path):
    toy, rounds = overflowing(tmp_path, times=1)
    rounds.phases = [Phase("judge", ("judge",))]
    before = toy.networks["judge"].dense.weight.detach().clone()
    values = rounds.round(0)
    assert torch.equal(before, toy.networks["judge"].dense.weight)
    assert "gradient/judge" not in values
    assert math.isfinite(values["loss/judge"])
    assert rounds.precision.state()["scale"] == 2.0
    assert "gradient/judge" in rounds.round(1)
    assert not torch.equal(before, toy.networks["judge"].dense.weight)


def test_gradients_that_stay_infinite_are_a_fault(tmp_path):
    _, rounds = overflowing(tmp_path, times=99)
    rounds.phases = [Phase("judge", ("judge",))]
    rounds.round(0)
    rounds.round(1)
    with pytest.raises(NotFinite):
        rounds.round(2)


def test_the_scale_is_kept_with_the_checkpoint(tmp_path):
    _, rounds = overflowing(tmp_path, times=1)
    rounds.round(0)
    state = rounds.state()
    _, other = overflowing(tmp_path, times=0)
    other.take(state)
    assert other.precision.state() == rounds.precision.state()
