"""What is found in, and refused about, the bytes of ONNX files."""

import contextlib

import numpy as np
import pytest
from onnx import TensorProto, helper

from genstudio.core.errors import BadInput
from genstudio.engine import onnx_file


def graph_of(weights: list, nodes: list | None = None):
    x = helper.make_tensor_value_info("x", 1, ["b", 2])
    y = helper.make_tensor_value_info("y", 1, ["b", 2])
    return helper.make_graph(
        nodes or [helper.make_node("Identity", ["x"], ["y"])], "g", [x], [y], weights
    )


def model_of(graph, domain: str = "", version: int = 20) -> bytes:
    opsets = [helper.make_opsetid(domain, version)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10).SerializeToString()


def external(**place: str) -> TensorProto:
    tensor = TensorProto()
    tensor.name, tensor.data_type, tensor.data_location = "w", 1, TensorProto.EXTERNAL
    tensor.dims.extend([2, 3])
    for key, value in place.items():
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value
    return tensor


def test_operators_and_places_are_found() -> None:
    place = {"location": "weights.safetensors", "offset": "80", "length": "24"}
    found = onnx_file.read(model_of(graph_of([external(**place)])), "a.onnx")
    assert found.opsets == {"": 20}
    assert found.nodes == 1
    (tensor,) = found.tensors
    assert (tensor.location, tensor.offset, tensor.length) == ("weights.safetensors", 80, 24)
    assert tensor.size == 24


def test_weights_in_branches_are_found() -> None:
    inner = helper.make_graph(
        [helper.make_node("Identity", ["w"], ["o"])],
        "inner",
        [],
        [helper.make_tensor_value_info("o", 1, None)],
        [external(location="../secret")],
    )
    node = helper.make_node("If", ["c"], ["y"], then_branch=inner, else_branch=inner)
    found = onnx_file.read(model_of(graph_of([], [node])), "a.onnx")
    assert [tensor.location for tensor in found.tensors] == ["../secret", "../secret"]


def test_weights_in_attributes_are_found() -> None:
    node = helper.make_node("Constant", [], ["y"])
    attribute = node.attribute.add()
    attribute.name, attribute.type = "value", 4
    attribute.t.CopyFrom(external(location="/etc/passwd"))
    found = onnx_file.read(model_of(graph_of([], [node])), "a.onnx")
    assert [tensor.location for tensor in found.tensors] == ["/etc/passwd"]


def test_weights_in_functions_are_found() -> None:
    constant = helper.make_node("Constant", [], ["o"])
    attribute = constant.attribute.add()
    attribute.name, attribute.type = "value", 4
    attribute.t.CopyFrom(external(location="hidden"))
    function = helper.make_function(
        "ai.onnx", "F", [], ["o"], [constant], [helper.make_opsetid("", 20)]
    )
    model = helper.make_model(graph_of([]), functions=[function])
    found = onnx_file.read(model.SerializeToString(), "a.onnx")
    assert [tensor.location for tensor in found.tensors] == ["hidden"]


def test_every_truncation_is_noticed() -> None:
    weights = helper.make_tensor("w", 1, [4], [1.0, 2.0, 3.0, 4.0])
    data = model_of(graph_of([weights]))
    whole = onnx_file.read(data, "a.onnx")
    for end in range(len(data)):
        cut = None
        with contextlib.suppress(BadInput):
            cut = onnx_file.read(data[:end], "a.onnx")
        # A cut between two fields of the outermost message leaves a shorter, whole message.
        assert cut is None or (cut.nodes == whole.nodes and cut.opsets == {})


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00" * 64, b"PK\x03\x04" + b"x" * 100, b"\x89PNG\r\n\x1a\n" + b"y" * 60, b"{}" * 40],
)
def test_foreign_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="ONNX"):
        onnx_file.read(data, "a.onnx")


def test_random_damage_never_raises_anything_else() -> None:
    weights = helper.make_tensor("w", 1, [4], [1.0, 2.0, 3.0, 4.0])
    data = bytearray(model_of(graph_of([weights, external(location="f")])))
    rng = np.random.default_rng(0)
    for _ in range(2000):
        mutant = bytearray(data)
        for place in rng.integers(0, len(data), 3):
            mutant[place] = rng.integers(0, 256)
        with contextlib.suppress(BadInput):
            onnx_file.read(bytes(mutant), "a.onnx")


@pytest.mark.parametrize(("domain", "version"), [("evil.ops", 1), ("", 6), ("", 31)])
def test_unknown_operators_are_refused(domain: str, version: int) -> None:
    with pytest.raises(BadInput, match="operator"):
        onnx_file.read(model_of(graph_of([]), domain, version), "a.onnx")


@pytest.mark.parametrize(
    "place",
    [
        {"location": "f", "offset": "-1"},
        {"location": "f", "offset": "0x10"},
        {"location": "f", "length": "1e9"},
        {"offset": "0"},
        {"location": "f", "handler": "http"},
    ],
)
def test_odd_places_are_refused(place: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="place of w"):
        onnx_file.read(model_of(graph_of([external(**place)])), "a.onnx")


def test_two_weights_of_one_name_are_refused() -> None:
    weights = [helper.make_tensor("w", 1, [1], [float(i)]) for i in range(2)]
    with pytest.raises(BadInput, match="same name"):
        onnx_file.read(model_of(graph_of(weights)), "a.onnx")


def test_undefined_numbers_are_refused_and_infinite_masks_are_not() -> None:
    def raw(value: float) -> bytes:
        array = np.array([0, value], np.float32)
        tensor = helper.make_tensor("w", 1, [2], array.tobytes(), raw=True)
        return model_of(graph_of([tensor]))

    onnx_file.read(raw(-np.inf), "a.onnx")
    with pytest.raises(BadInput, match="undefined numbers"):
        onnx_file.read(raw(np.nan), "a.onnx")


def test_absurd_sizes_are_refused() -> None:
    tensor = external(location="f")
    tensor.dims[0] = 2**50
    with pytest.raises(BadInput, match="absurd"):
        onnx_file.read(model_of(graph_of([tensor])), "a.onnx")


def test_deep_nesting_is_refused() -> None:
    graph = graph_of([])
    for _ in range(20):
        node = helper.make_node("If", ["c"], ["y"], then_branch=graph, else_branch=graph_of([]))
        graph = graph_of([], [node])
    with pytest.raises(BadInput, match="too deeply"):
        onnx_file.read(model_of(graph), "a.onnx")
