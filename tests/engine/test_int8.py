"""Graphs in 8-bit whole numbers: what is quantised, what it is calibrated on, how close it is."""

import logging
from pathlib import Path

import numpy as np
import onnx
import pytest

from genstudio.core.errors import GenStudioError
from genstudio.engine import int8
from genstudio.engine.loaded_model import LoadedModel
from tests.helpers import convolving
from tests.helpers.packages import LATENT


@pytest.fixture(scope="module")
def model(tmp_path_factory, cpu):
    folder = convolving.gan(tmp_path_factory.mktemp("int8") / "hand-gan")
    with LoadedModel.open(folder, cpu) as opened:
        yield opened


@pytest.fixture(scope="module")
def cpu():
    from genstudio.engine.device import choose

    return choose("cpu", 1)


def calls(count: int, rows: int = 3) -> list[int8.Feeds]:
    random = np.random.default_rng(1)
    return [{"z": random.standard_normal((rows, LATENT)).astype(np.float32)} for _ in range(count)]


@pytest.fixture(scope="module")
def small(model) -> bytes:
    return int8.quantised(model, "generator", calls(8))


def test_a_copy_is_close_to_the_graph_at_any_batch_size(model, small):
    with LoadedModel.open(model.folder, model.device, 0, {"generator": small}) as quick:
        for rows in (1, 5):
            feeds = calls(1, rows)[0]
            wanted = model.run("generator", feeds)["image"]
            found = quick.run("generator", feeds)["image"]
            gap = np.linalg.norm(found - wanted) / np.linalg.norm(wanted)
            assert 0 < gap < 0.05


def test_the_last_two_convolutions_stay_exact(small):
    graph = onnx.load_model_from_string(small).graph
    kinds = {tensor.name: tensor.data_type for tensor in graph.initializer}
    eight = [name for name, kind in kinds.items() if kind == onnx.TensorProto.INT8]
    assert any("generator.middle" in name for name in eight)
    assert not any(part in name for name in eight for part in ("before", "leave"))
    weights = next(
        onnx.numpy_helper.to_array(tensor)
        for tensor in graph.initializer
        if tensor.data_type == onnx.TensorProto.INT8 and "middle" in tensor.name
        if len(tensor.dims) == 4
    )
    # 7 bits: sums of two products must not overflow 16 bits where there is no VNNI.
    assert np.abs(weights.astype(int)).max() <= 64
    assert not any(t.data_location == onnx.TensorProto.EXTERNAL for t in graph.initializer)


def test_what_touches_the_picture_stays_exact_on_both_sides(tmp_path):
    """x -> a -> + t -> b -> c -> + around(b) -> d -> out; t is no picture, so b is quantised."""
    make = onnx.helper.make_node
    pairs = [("x", "a"), ("moved", "b"), ("b", "c"), ("b", "around"), ("sum", "d")]
    nodes = [make("Conv", [i, "w"], [o], name=o, pads=[1] * 4) for i, o in pairs]
    nodes.insert(1, make("Add", ["a", "t"], ["moved"]))
    nodes.insert(5, make("Add", ["c", "around"], ["sum"]))
    info, float32 = onnx.helper.make_tensor_value_info, onnx.TensorProto.FLOAT
    inputs = [info("x", float32, ["b", 16, 8, 8]), info("t", float32, ["b", 1])]
    weights = [onnx.numpy_helper.from_array(np.ones((16, 16, 3, 3), np.float32), "w")]
    graph = onnx.helper.make_graph(
        nodes, "g", inputs, [info("d", float32, ["b", 16, 8, 8])], weights
    )
    onnx.save(onnx.helper.make_model(graph), tmp_path / "g.onnx")
    assert int8._exact(tmp_path / "g.onnx") == ["a", "around", "c", "d"]


def test_making_a_copy_says_nothing_and_leaves_no_files(model, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    level = logging.getLogger().level
    int8.quantised(model, "generator", calls(2))
    assert list(tmp_path.iterdir()) == []
    assert logging.getLogger().level == level
    told = capsys.readouterr()
    assert told.out == told.err == ""


def test_calls_are_kept_only_while_watched(model):
    feeds = calls(1)[0]
    with int8.watched(model, "generator") as seen:
        model.run("generator", feeds)
        feeds["z"] += 1  # what is kept is a copy
    model.run("generator", feeds)
    assert len(seen) == 1
    assert np.allclose(seen[0]["z"], feeds["z"] - 1)


def test_chosen_rows_are_spread_over_calls_and_rows():
    many = [{"t": np.full(4, step, np.float32), "row": np.arange(4)} for step in range(20)]
    found = int8.chosen(many, rows=10)
    assert [len(call["t"]) for call in found] == [2] * 5
    steps = [int(call["t"][0]) for call in found]
    assert steps == [0, 5, 10, 14, 19]
    assert {int(row) for call in found for row in call["row"]} == {0, 1, 2, 3}


def test_chosen_of_few_calls_takes_each_once():
    found = int8.chosen([{"t": np.zeros(1)}, {"t": np.ones(1)}], rows=100)
    assert [call["t"].tolist() for call in found] == [[0.0], [1.0]]


def test_a_graph_that_cannot_be_quantised_is_named(model):
    with pytest.raises(GenStudioError, match="'generator' of Hand-made gan cannot be made"):
        int8.quantised(model, "generator", [{"wrong": np.zeros((1, 2), np.float32)}])


def test_without_the_tools_the_edition_is_named(model, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "onnxruntime.quantization", None)
    monkeypatch.delattr("onnxruntime.quantization", raising=False)
    with pytest.raises(GenStudioError, match="the onnx package is missing"):
        int8.quantised(model, "generator", calls(1))


def test_the_gain_is_a_ratio_of_medians_taken_in_turns(monkeypatch):
    clock = iter(float(n) for n in range(1000))
    monkeypatch.setattr(int8.time, "perf_counter", lambda: next(clock))
    order: list[str] = []

    class Fake:
        def __init__(self, name: str) -> None:
            self.name = name

        def run(self, graph: str, feeds: int8.Feeds) -> None:
            order.append(self.name)
            if self.name == "full" and len(order) > 2:
                next(clock)  # a full call takes one tick more

    assert int8.times_faster(Fake("full"), Fake("quick"), "unet", {}, repeats=3) == 2.0
    assert order == ["full", "quick"] * 4


def test_copies_stand_in_for_one_graph_only(model, small, tmp_path):
    folder = Path(model.folder)
    with LoadedModel.open(folder, model.device, 0, {"other": small}) as same:
        feeds = calls(1)[0]
        wanted = model.run("generator", feeds)["image"]
        assert np.array_equal(same.run("generator", feeds)["image"], wanted)
