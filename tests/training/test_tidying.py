"""No CastLike is left where types are known, and the graph says what it said."""

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch
from onnx import TensorProto, helper
from torch import nn

from genstudio.training import to_onnx, weights
from genstudio.training.tidying import tidy


def value(name, kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, ["batch", 2])


def graph_of(*nodes, inputs=("x",), outputs=("y",), kind=TensorProto.FLOAT):
    two = helper.make_tensor("two", kind, [1], [2])
    made = helper.make_graph(
        nodes, "graph", [value(n) for n in inputs], [value(n) for n in outputs], [two]
    )
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid("own", 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=10)


def answer(model, **feeds):
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, feeds)[0]


CASTED = helper.make_node("CastLike", ["two", "x"], ["same"])
TIMES = helper.make_node("Mul", ["x", "same"], ["y"])


@pytest.mark.parametrize(
    ("kind", "left"), [(TensorProto.FLOAT, ["Mul"]), (TensorProto.INT64, ["Cast", "Mul"])]
)
def test_only_a_cast_that_changes_the_type_is_left(kind, left):
    model = graph_of(CASTED, TIMES, kind=kind)
    x = np.float32([[1, 2], [3, 4], [5, 6]])
    before = answer(model, x=x)
    tidy(model)
    assert [node.op_type for node in model.graph.node] == left
    np.testing.assert_array_equal(answer(model, x=x), before)
    np.testing.assert_array_equal(before, 2 * x)


def test_one_after_the_other_leads_to_the_first_value():
    again = helper.make_node("CastLike", ["same", "x"], ["again"])
    model = graph_of(CASTED, again, helper.make_node("Mul", ["x", "again"], ["y"]))
    tidy(model)
    assert [list(node.input) for node in model.graph.node] == [["x", "two"]]


def test_an_answer_keeps_its_name():
    model = graph_of(helper.make_node("CastLike", ["x", "two"], ["y"]))
    tidy(model)
    x = np.float32([[7, 8]])
    np.testing.assert_array_equal(answer(model, x=x), x)


def test_where_a_type_is_not_known_it_stays():
    own = helper.make_node("Own", ["x"], ["like"], domain="own")
    cast = helper.make_node("CastLike", ["two", "like"], ["same"])
    model = graph_of(own, cast, TIMES)
    tidy(model)
    assert [node.op_type for node in model.graph.node] == ["Own", "CastLike", "Mul"]


def test_an_exported_norm_has_none_and_agrees_with_torch(tmp_path):
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(1, 4, 3), nn.GroupNorm(2, 4), nn.SiLU()).eval()
    networks = {"net": network}
    places = weights.write(tmp_path / "weights.safetensors", weights.collect(networks, "fp32"))
    spec = to_onnx.GraphSpec("net", network, lambda n: {"x": torch.randn(n, 1, 8, 8)}, ("out",))
    model = to_onnx.export(spec, weights.names_by_identity(networks), places)
    assert "CastLike" not in {node.op_type for node in model.graph.node}
    onnx.save(model, tmp_path / "net.onnx")
    session = ort.InferenceSession(tmp_path / "net.onnx", providers=["CPUExecutionProvider"])
    x = torch.randn(2, 1, 8, 8)
    with torch.no_grad():
        np.testing.assert_allclose(session.run(None, {"x": x.numpy()})[0], network(x), atol=1e-5)
