"""A step in shards on one process: averaged gradients and running statistics."""

import pytest
import torch
from torch import nn

from genstudio.core.errors import UsageError
from genstudio.training import shards
from genstudio.training.distributed import Place
from genstudio.training.objective import Phase, StepInfo
from tests.training.toys import Toy, trainer


def test_running_statistics_are_the_mean_over_shards():
    norm = nn.BatchNorm1d(2)
    pieces = [torch.randn(8, 2) + 3 * shift for shift in range(3)]
    kept = shards.Buffers([norm])
    kept.keep()
    means = []
    for piece in pieces:
        kept.put_back()
        assert torch.equal(norm.running_mean, torch.zeros(2))
        norm(piece)
        means.append(norm.running_mean.clone())
        kept.add(1 / 3)
    kept.take_sums()
    assert torch.allclose(norm.running_mean, torch.stack(means).mean(dim=0))
    assert int(norm.num_batches_tracked) == 1


def gradients(toy: Toy, whole, **settings) -> tuple[dict, list]:
    """Numbers and gradients of one phase, before any weight moves."""
    phase = Phase("judge", ("judge",))
    whole._let_move(phase.networks)
    values = whole._gradients(phase, 3, StepInfo(0, 10), (1, 2, 3, 4))
    return values, [p.grad.clone() for p in toy.networks["judge"].parameters()]


def test_gradients_of_equal_shards_average_to_the_gradient_of_the_batch(tmp_path):
    """Where a loss has no noise and no statistics, shards change nothing."""
    found = []
    for count in (1, 2, 4):
        toy = Toy()
        whole = trainer(tmp_path, toy, shards=count).rounds
        toy.loss = lambda phase, batch, step, toy=toy: (  # type: ignore[method-assign]
            toy.networks["judge"](batch.images).square().mean(), {"mean": batch.images.mean()}
        )  # fmt: skip
        found.append(gradients(toy, whole))
        assert set(toy.seen) <= {8 // count}
    for values, grads in found[1:]:
        assert values == pytest.approx(found[0][0], rel=1e-5)
        assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(grads, found[0][1]))


def test_every_shard_has_noise_of_its_own_and_starts_alike(tmp_path):
    toy = Toy()
    whole = trainer(tmp_path, toy, shards=4).rounds
    good, noise, starts = toy.loss, [], []

    def loss(phase, batch, step):  # type: ignore[no-untyped-def]
        noise.append(float(torch.rand(1)))
        starts.append(toy.networks["maker"].norm.running_mean.clone())
        return good(phase, batch, step)

    toy.loss = loss  # type: ignore[method-assign]
    gradients(toy, whole)
    assert len(set(noise)) == 4
    assert all(torch.equal(start, starts[0]) for start in starts)
    assert set(toy.seen) == {2}


def test_memory_that_runs_out_in_a_later_shard_starts_all_again(tmp_path):
    found = []
    for hungry in (False, True):
        toy = Toy()
        whole = trainer(tmp_path, toy, shards=2).rounds
        toy.networks["maker"].eval()
        calls = []

        def loss(phase, batch, step, toy=toy, calls=calls, hungry=hungry):  # type: ignore[no-untyped-def]
            calls.append(batch.size)
            if hungry and len(calls) == 2:
                raise MemoryError
            return toy.networks["judge"](batch.images).square().mean(), {}

        toy.loss = loss  # type: ignore[method-assign]
        found.append(gradients(toy, whole))
        assert whole.parts == (2 if hungry else 1)
    assert calls == [4, 4, 2, 2, 2, 2]
    assert found[1][0] == pytest.approx(found[0][0], rel=1e-5)
    assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(found[0][1], found[1][1]))


def test_parts_start_as_the_settings_say_and_never_go_back(tmp_path):
    rounds = trainer(tmp_path, parts=4).rounds
    assert rounds.parts == 4
    rounds.take({"rate": 0.5, "parts": 2})
    assert (rounds.rate, rounds.parts) == (0.5, 4)
    rounds.take({"rate": 0.5, "parts": 8})
    assert rounds.state() == {"rate": 0.5, "parts": 8}


def test_sums_over_one_process_are_left_as_they_are():
    tensors = [torch.ones(2, 3), torch.tensor(4.0)]
    shards.sum_up(Place(), tensors)
    assert torch.equal(tensors[0], torch.ones(2, 3))
    shards.start_alike(Place(), [nn.Linear(1, 1)])


@pytest.mark.parametrize(
    ("batch", "count", "world", "sentence"),
    [(10, 3, 1, "9 or 12"), (2, 4, 1, "batch of 4"), (8, 4, 3, "divides 4")],
)
def test_what_cannot_be_shared_evenly(batch: int, count: int, world: int, sentence: str):
    with pytest.raises(UsageError, match=sentence):
        shards.check(batch, count, world)


def test_what_can_be_shared():
    for batch, count, world in ((8, 1, 1), (8, 4, 2), (6, 3, 3), (64, 8, 1)):
        shards.check(batch, count, world)
