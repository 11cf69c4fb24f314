"""The benchmarks of diffusion measure what they say; their times are not asserted."""

from __future__ import annotations

import time

import numpy as np
import pytest
import torch

from benchmarks import diffusion, reference
from benchmarks.reference import GRAPH, STEPS
from genstudio.core.events import Progress
from genstudio.engine.device import choose
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Picture

pytest.importorskip("diffusers", reason="the bench extra is not installed")


@pytest.fixture(scope="module")
def peer(tmp_path_factory):
    return reference.build(tmp_path_factory.mktemp("bench") / "reference", quick=True)


@pytest.fixture(scope="module")
def model(peer):
    with LoadedModel.open(peer.folder, choose("cpu", 1)) as opened:
        yield opened


def test_both_sides_run_the_same_network(peer, model):
    x, t = peer.inputs(2)
    ours = model.run(GRAPH, {"x": x.numpy(), "t": t.numpy()})["out"]
    assert np.abs(ours - peer.eager(x, t).numpy()).max() < 1e-4


def test_the_flops_are_those_of_its_convolutions_and_products(peer):
    counted = 0.0

    def note(module, inputs, output):
        nonlocal counted
        if isinstance(module, torch.nn.Conv2d):
            counted += 2 * output[0].numel() * module.weight[0].numel()
        else:
            counted += 2 * (output.numel() // output.shape[-1]) * module.weight.numel()

    hooks = [
        layer.register_forward_hook(note)
        for layer in peer.network.modules()
        if isinstance(layer, (torch.nn.Conv2d, torch.nn.Linear))
    ]
    peer.eager(*peer.inputs(1))
    for hook in hooks:
        hook.remove()
    assert counted <= peer.flops() <= 1.2 * counted  # the rest: products of the attention


def test_a_whole_sampling_takes_the_same_steps_on_both_sides(peer, model):
    steps = [e for e in diffusion.drawn(model, diffusion.wish(1)) if isinstance(e, Progress)]
    assert steps[-1].total == STEPS
    seen = []
    pipeline = peer.pipeline()
    real = pipeline.scheduler.step
    pipeline.scheduler.step = lambda *a, **k: seen.append(int(a[1])) or real(*a, **k)
    pipeline(batch_size=1, num_inference_steps=2, output_type="np")
    assert seen == [999, 499]  # trailing, as our samplers go


def test_the_time_inside_calls_is_told_apart(model):
    began = time.perf_counter()
    found: list = []
    inside = diffusion.inside_calls(
        model, lambda: found.extend(diffusion.drawn(model, diffusion.wish(1)))
    )
    assert 0 < inside < time.perf_counter() - began
    assert any(isinstance(event, Picture) for event in found)
    assert "run" not in vars(model)


def test_int8_is_compared_on_a_real_call(peer, model):
    (row,) = diffusion.in_int8(peer, model, 1)
    assert (row.bar, row.wanted) == (1.7, "at least")
    assert row.value > 0
    assert 0 < float(row.note.split("the answer is ")[1].split(" %")[0]) < 20


def test_the_first_call_is_not_measured():
    calls = []
    found = diffusion.measured({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, 2)
    assert calls == ["a", "b", "a", "b", "a", "b"]
    assert set(found) == {"a", "b"}
