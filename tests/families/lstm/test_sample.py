"""The stepper against the network itself, and what of the graph is done while loading."""

import numpy as np
import onnx
import pytest
import torch

from genstudio import families
from genstudio.core.manifest import WEIGHTS
from genstudio.engine import device, int8
from genstudio.engine.loaded_model import LoadedModel
from genstudio.families.lstm.sample import make_stepper
from genstudio.training import weights


@pytest.fixture(scope="module")
def model(tiny_packages):
    with LoadedModel.open(tiny_packages["lstm"], device.choose("cpu", 1)) as opened:
        yield opened


@torch.no_grad()
def test_a_text_and_six_steps_with_rows_picked_in_between(model):
    networks = families.part("lstm", "objective").networks(model.config)
    assert not weights.fill(networks, weights.read(model.folder / WEIGHTS))
    network = networks["network"].eval()
    random, size = np.random.default_rng(4), model.size("vocabulary")
    stepper = make_stepper(model)
    tokens = random.integers(0, size, (2, 9))
    stepper.begin(tokens[:, :3])
    read = stepper.begin(tokens)
    for picked in ([1, 0, 0, 1], [0, 1, 2, 3], [2, 3], [1, 0], [0], [0]):
        stepper.pick(np.array(picked))
        tokens = tokens[picked]
        new = random.integers(0, size, len(tokens))
        tokens = np.concatenate([tokens, new[:, None]], axis=1)
        found = stepper.step(new)
        whole = network(torch.from_numpy(tokens), *network.empty(len(tokens)))[0].numpy()
        assert np.abs(found - whole[:, -1]).max() < 1e-4
    assert read.shape == (2, 9, size)


def test_weights_are_arranged_while_loading(model, tmp_path):
    """With constants folded nothing but the recurrence itself works on large arrays."""
    int8._fold(model, "step", tmp_path / "plain.onnx")
    graph = onnx.load(tmp_path / "plain.onnx").graph
    fixed = {tensor.name for tensor in graph.initializer}
    (layer,) = (node for node in graph.node if node.op_type == "LSTM")
    assert set(layer.input[1:4]) <= fixed
