"""Graphs without operators that the runtime finds too late to fold.

The exporter's functions keep types equal by CastLike, whose body the runtime unfolds only after it
has folded constants: a small U-Net then carries a hundred idle casts and expansions through every
call, up to a tenth of its time.
"""

from __future__ import annotations

import onnx


def tidy(model: onnx.ModelProto) -> None:
    """Take out every CastLike: nothing where the type is right already, else a Cast.

    Where a type cannot be found out (operators the ONNX checker does not know) it stays.
    """
    types = _types(model)
    same: dict[str, str] = {}
    kept = []
    for node in model.graph.node:
        for place, name in enumerate(node.input):
            node.input[place] = same.get(name, name)
        wanted = types.get(node.input[1]) if node.op_type == "CastLike" else None
        if wanted is None:
            kept.append(node)
        elif types.get(node.input[0]) == wanted and not _given(model, node.output[0]):
            same[node.output[0]] = node.input[0]
        else:
            kept.append(onnx.helper.make_node("Cast", node.input[:1], node.output, to=wanted))
    del model.graph.node[:]
    model.graph.node.extend(kept)


def _given(model: onnx.ModelProto, name: str) -> bool:
    """Whether it is one of the graph's answers, which keep their names."""
    return any(value.name == name for value in model.graph.output)


def _types(model: onnx.ModelProto) -> dict[str, int]:
    """Element types of all values that can be found out."""
    graph = onnx.shape_inference.infer_shapes(model).graph
    values = [*graph.value_info, *graph.input, *graph.output]
    found = {value.name: value.type.tensor_type.elem_type for value in values}
    found |= {tensor.name: tensor.data_type for tensor in graph.initializer}
    return {name: kind for name, kind in found.items() if kind}
