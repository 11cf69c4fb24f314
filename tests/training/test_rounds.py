"""One round: who moves, what happens when memory is short or a number is not finite."""

import math
from pathlib import Path

import pytest
import torch

from genstudio.core.errors import OutOfMemory
from genstudio.training.rounds import NotFinite
from tests.training.toys import Toy, trainer


def weights(toy: Toy) -> dict[str, torch.Tensor]:
    return {
        f"{n}.{k}": v.detach().clone()
        for n, m in toy.networks.items()
        for k, v in m.named_parameters()
    }


def moved(before: dict[str, torch.Tensor], toy: Toy) -> set[str]:
    after = weights(toy)
    return {name.split(".")[0] for name in before if not torch.equal(before[name], after[name])}


@pytest.mark.parametrize(("number", "owner"), [(0, "judge"), (1, "judge"), (2, "maker")])
def test_each_phase_moves_its_own_networks_only(tmp_path: Path, number: int, owner: str):
    toy = Toy()
    rounds = trainer(tmp_path, toy).rounds
    rounds.phases = [rounds.phases[number]]
    before = weights(toy)
    rounds.round(0)
    assert moved(before, toy) == {owner}


def test_phases_come_as_often_as_they_say(tmp_path: Path):
    rounds = trainer(tmp_path).rounds
    assert rounds.draws == 4
    assert "loss/slope" in rounds.round(0)
    assert "loss/slope" not in rounds.round(1)
    assert {"loss/judge", "score", "gradient/maker"} <= set(rounds.round(2))
    assert "loss/slope" in rounds.round(3)


def test_phases_over_the_same_networks_share_an_optimiser(tmp_path: Path):
    rounds = trainer(tmp_path).rounds
    assert set(rounds.optimisers) == {("judge",), ("maker",)}
    groups = rounds.optimisers[("maker",)].param_groups
    assert [group["weight_decay"] for group in groups] == [0.1, 0.0]
    assert all(p.ndim == 1 for p in groups[1]["params"])


def test_rates_follow_schedule_scale_and_phase(tmp_path: Path):
    rounds = trainer(tmp_path, steps=10, warmup=0.5, final_rate=0.0).rounds
    rounds.rate = 0.5
    rounds.round(0)  # share 1/10 of the budget: a fifth of the warm-up
    assert rounds.optimisers[("judge",)].param_groups[0]["lr"] == pytest.approx(0.01 * 0.5 * 0.2)
    assert rounds.optimisers[("maker",)].param_groups[0]["lr"] == pytest.approx(0.005 * 0.5 * 0.2)


def test_long_gradients_are_clipped(tmp_path: Path):
    toy = Toy()
    rounds = trainer(tmp_path, toy, clip=1e-6).rounds
    norms: list[float] = []
    optimiser = rounds.optimisers[("maker",)]
    real = optimiser.step

    def step() -> None:
        norms.append(
            float(
                torch.nn.utils.get_total_norm([p.grad for p in toy.networks["maker"].parameters()])
            )
        )
        real()

    optimiser.step = step  # type: ignore[method-assign]
    values = rounds.round(0)
    assert values["gradient/maker"] > 1e-3
    assert norms[0] == pytest.approx(1e-6, rel=1e-3)


@pytest.mark.parametrize("where", ["loss", "gradient", "metric"])
def test_a_number_that_is_not_finite_moves_nothing(tmp_path: Path, where: str):
    toy = Toy()
    rounds = trainer(tmp_path, toy).rounds
    good = toy.loss

    def bad(phase, batch, step):  # type: ignore[no-untyped-def]
        loss, more = good(phase, batch, step)
        if phase != "maker":
            return loss, more
        if where == "loss":
            return loss * math.nan, more
        if where == "metric":
            return loss, {"score": loss / 0}
        # sqrt has an infinite slope at 0, although its value there is fine
        return loss + (
            toy.networks["maker"].last.bias - toy.networks["maker"].last.bias.detach()
        ).sqrt().sum(), more

    toy.loss = bad  # type: ignore[method-assign]
    before = weights(toy)
    with pytest.raises(NotFinite, match="maker"):
        rounds.round(0)
    assert moved(before, toy) == {"judge"}
    assert all(p.grad is None for p in toy.networks["maker"].parameters())


ERRORS = [
    MemoryError(),
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
    RuntimeError("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory"),
]


@pytest.mark.parametrize("error", ERRORS, ids=["python", "cuda", "cpu"])
def test_too_little_memory_halves_the_batch_and_goes_on(tmp_path: Path, error: Exception):
    toy = Toy()
    rounds = trainer(tmp_path, toy).rounds
    good = toy.loss

    def hungry(phase, batch, step):  # type: ignore[no-untyped-def]
        if batch.size > 2:
            raise error
        return good(phase, batch, step)

    toy.loss = hungry  # type: ignore[method-assign]
    values = rounds.round(0)
    assert rounds.parts == 4
    assert set(toy.seen) == {2}
    assert math.isfinite(values["loss/maker"])
    assert len(rounds.said) == 2
    assert "4 parts" in rounds.said[1]
    rounds.round(1)
    assert len(rounds.said) == 2


def test_parts_add_up_to_the_whole_batch(tmp_path: Path):
    """Without batch norm and dropout the gradient does not depend on the parts."""
    found = []
    for parts in (1, 3):
        toy = Toy()
        rounds = trainer(tmp_path, toy).rounds
        toy.networks["maker"].eval()
        toy.loss = lambda phase, batch, step, toy=toy: (  # type: ignore[method-assign]
            toy.networks["judge"](batch.images).square().mean(), {"mean": batch.images.mean()}
        )  # fmt: skip
        rounds.phases, rounds.parts = rounds.phases[:1], parts
        found.append((rounds.round(0), toy.networks["judge"].dense.weight.detach().clone()))
    for name, value in found[0][0].items():
        assert value == pytest.approx(found[1][0][name], rel=1e-4)
    assert torch.allclose(found[0][1], found[1][1], atol=1e-6)


def test_memory_for_not_even_one_picture_is_said_in_words(tmp_path: Path):
    toy = Toy()
    rounds = trainer(tmp_path, toy).rounds

    def starving(*_: object) -> None:
        raise MemoryError

    toy.loss = starving  # type: ignore[method-assign,assignment]
    with pytest.raises(OutOfMemory, match="one picture"):
        rounds.round(0)


def test_other_errors_are_not_taken_for_memory(tmp_path: Path):
    toy = Toy()

    def broken(*_: object) -> None:
        raise RuntimeError("shapes differ")

    toy.loss = broken  # type: ignore[method-assign,assignment]
    with pytest.raises(RuntimeError, match="shapes differ"):
        trainer(tmp_path, toy).rounds.round(0)
