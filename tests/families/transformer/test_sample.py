"""Both steppers against the network itself: reading, steps, rows left out and repeated."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from benchmarks import token_package
from genstudio import families
from genstudio.core.errors import BadInput
from genstudio.core.manifest import WEIGHTS
from genstudio.engine import device
from genstudio.engine.loaded_model import LoadedModel, Stopped
from genstudio.families.transformer.sample import GrowingStepper, SharedStepper, make_stepper
from genstudio.training import weights


@pytest.fixture(scope="module")
def model(tiny_packages):
    with LoadedModel.open(tiny_packages["transformer"], device.choose("cpu", 1)) as opened:
        yield opened


@pytest.fixture(scope="module")
def network(model):
    """The same weights in torch."""
    networks = families.part("transformer", "objective").networks(model.config)
    assert not weights.fill(networks, weights.read(model.folder / WEIGHTS))
    return networks["network"].eval()


@torch.no_grad()
def whole(network, tokens: np.ndarray) -> np.ndarray:
    return network(torch.from_numpy(tokens)).numpy()


@pytest.mark.parametrize("kind", [SharedStepper, GrowingStepper])
def test_a_text_and_six_steps_with_rows_picked_in_between(kind, model, network):
    random, size = np.random.default_rng(4), model.size("vocabulary")
    stepper = kind(model)
    tokens = random.integers(0, size, (2, 9))
    for _ in range(2):  # what was before is forgotten
        read = stepper.begin(tokens)
    assert read.dtype == np.float32
    assert np.abs(read - whole(network, tokens)).max() < 1e-4
    for picked in ([1, 0, 0, 1], [0, 1, 2, 3], [2, 3], [1, 0], [0], [0]):
        stepper.pick(np.array(picked))
        tokens = tokens[picked]
        new = random.integers(0, size, len(tokens))
        tokens = np.concatenate([tokens, new[:, None]], axis=1)
        found = stepper.step(new)
        assert found.shape == (len(tokens), size)
        assert np.abs(found - whole(network, tokens)[:, -1]).max() < 1e-4


@pytest.mark.parametrize("positions", ["rotary", "learned"])
@pytest.mark.parametrize("width", [100, 120, 160, 200])
def test_every_width_that_is_asked_for_becomes_one_that_runs(tmp_path, positions, width):
    """onnxruntime's operator turns heads of 16, 32, 48 … numbers only, others of 8, 16, 24 …"""
    options = {
        "tokenizer": "bytes",
        "width": width,
        "layers": 1,
        "heads": 4,
        "positions": positions,
    }
    config = {**families.part("transformer", "family").config(options, {}), "vocabulary": 40}
    token_package.build(tmp_path / "model", "transformer", config, b"{}")
    random = np.random.default_rng(1)
    with LoadedModel.open(tmp_path / "model", device.choose("cpu", 1)) as model:
        stepper = SharedStepper(model)
        assert np.isfinite(stepper.begin(random.integers(0, 40, (1, 5)))).all()
        assert np.isfinite(stepper.step(np.array([3]))).all()
    assert abs(config["width"] - width) <= (32 if positions == "rotary" else 16)


def test_what_a_step_gave_stays(model):
    stepper = SharedStepper(model)
    stepper.begin(np.array([[1, 2, 3]]))
    first = stepper.step(np.array([4]))
    kept = first.copy()
    stepper.step(np.array([5]))
    assert np.array_equal(first, kept)


def test_all_of_the_context_can_be_filled(model, network):
    stepper, context = SharedStepper(model), model.size("context")
    tokens = np.random.default_rng(1).integers(0, model.size("vocabulary"), (1, context))
    stepper.begin(tokens[:, :-1])
    found = stepper.step(tokens[:, -1])
    assert np.abs(found - whole(network, tokens)[:, -1]).max() < 1e-4


def test_a_stop_is_noticed_and_the_next_text_works(model):
    stepper = make_stepper(model)
    before = stepper.begin(np.array([[1, 2]]))
    model.stop()
    with pytest.raises(Stopped):
        stepper.step(np.array([3]))
    model.begin()
    assert np.array_equal(stepper.begin(np.array([[1, 2]])), before)


def test_where_the_operator_is_unknown_or_on_a_gpu_the_portable_graph_is_used(model, monkeypatch):
    assert isinstance(make_stepper(model), SharedStepper)

    def refuse(graph):
        raise BadInput("no such operator")

    monkeypatch.setattr(model, "binding", refuse)
    assert isinstance(make_stepper(model), GrowingStepper)
    sizes = {"context": 8, "heads": 2, "layers": 1, "width": 16}
    on_gpu = SimpleNamespace(device=SimpleNamespace(name="CUDA"), size=sizes.__getitem__)
    assert isinstance(make_stepper(on_gpu), GrowingStepper)
