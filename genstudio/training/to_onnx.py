"""Networks -> ONNX graphs whose numbers lie in weights.safetensors.

Exported with optimize=False, which keeps every parameter's name; each is then re-pointed to its
bytes in the weights file (location, offset, length). fp16 tensors get a Cast to fp32, int8 ones
a Cast and a Mul with their scales, which the runtime folds while loading. The exporter's debug
metadata is stripped.
"""

from __future__ import annotations

import inspect
import logging
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import onnx
import torch
from torch import Tensor, nn

from genstudio.core.manifest import DType, Graph, Port
from genstudio.training.tidying import tidy
from genstudio.training.weights import SCALE, Place, names_of

EXAMPLE = 3  # batch size of the export; at least 2, or the exporter takes it for a constant
BATCH = "batch"
_TYPES: dict[int, DType] = {
    onnx.TensorProto.FLOAT: "float32",
    onnx.TensorProto.FLOAT16: "float16",
    onnx.TensorProto.INT64: "int64",
    onnx.TensorProto.INT32: "int32",
    onnx.TensorProto.UINT8: "uint8",
    onnx.TensorProto.BOOL: "bool",
}


@dataclass(frozen=True)
class GraphSpec:
    """One graph to be: `example(n)` gives inputs by name for n items, the first axis being n.

    `axes` names further axes whose size may vary, by input or output and number of the axis; in
    `example(EXAMPLE)` all of them have different sizes of at least 2, or the exporter takes two
    for one, or one for a constant. `opset` is the operator set; None takes the exporter's own.
    `proven` names the outputs that the probe keeps; none named: all.
    """

    name: str
    module: nn.Module
    example: Callable[[int], dict[str, Tensor]]
    outputs: tuple[str, ...]
    axes: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    opset: int | None = None
    proven: tuple[str, ...] = ()


def export(
    spec: GraphSpec, known: Mapping[int, str], places: Mapping[str, Place]
) -> onnx.ModelProto:
    """The graph with its parameters as external data; `known` maps id(tensor) to stored names."""
    inputs = spec.example(EXAMPLE)
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    with warnings.catch_warnings():
        # The exporter warns about its own internals; nothing in it concerns the user.
        warnings.simplefilter("ignore")
        logger.setLevel(logging.ERROR)
        try:
            program = torch.onnx.export(
                spec.module.eval(),
                tuple(inputs.values()),
                dynamo=True,
                optimize=False,
                verbose=False,
                input_names=list(inputs),
                output_names=list(spec.outputs),
                opset_version=spec.opset,
                dynamic_shapes=_varying(spec, inputs),
            )
        finally:
            logger.setLevel(level)
    assert program is not None
    model = program.model_proto
    _strip(model, spec.axes)
    _point(model, names_of(spec.module, known), places)
    tidy(model)
    return model


def describe(name: str, file: str, model: onnx.ModelProto) -> Graph:
    """The graph's entry in the manifest."""
    return Graph(
        name=name,
        file=file,
        inputs=tuple(_port(value) for value in model.graph.input),
        outputs=tuple(_port(value) for value in model.graph.output),
    )


def _varying(spec: GraphSpec, inputs: Mapping[str, Tensor]) -> tuple[Any, ...]:
    """The axes that vary, as the exporter wants them: what goes into *args is a tuple of its own.

    Always DYNAMIC: named dimensions are frozen to the example's without a word (LIBRARIES.md 2).
    """
    found = [
        dict.fromkeys((0, *spec.axes.get(name, ())), torch.export.Dim.DYNAMIC) for name in inputs
    ]
    takes = inspect.signature(spec.module.forward).parameters.values()
    rest = next((i for i, p in enumerate(takes) if p.kind is p.VAR_POSITIONAL), None)
    return tuple(found) if rest is None else (*found[:rest], tuple(found[rest:]))


def _point(model: onnx.ModelProto, names: Mapping[str, str], places: Mapping[str, Place]) -> None:
    before, scales = [], []
    for tensor in model.graph.initializer:
        stored = names.get(tensor.name)
        if stored is None:
            continue
        place, asked = places[stored], tensor.name
        if place.dtype == torch.float16:
            half = stored if stored != asked else f"{stored}_half"
            before.append(_node("Cast", [half], asked, to=tensor.data_type))
            tensor.name, tensor.data_type = half, onnx.TensorProto.FLOAT16
        elif place.dtype == torch.int8:
            whole, scale = f"{stored}_int8", stored + SCALE
            before.append(_node("Cast", [whole], f"{whole}_cast", to=tensor.data_type))
            before.append(_node("Mul", [f"{whole}_cast", scale], asked))
            scales.append(_scale(scale, tensor.dims, places[scale]))
            tensor.name, tensor.data_type = whole, onnx.TensorProto.INT8
        _make_external(tensor, place)
    model.graph.initializer.extend(scales)
    nodes = [*before, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def _node(kind: str, inputs: list[str], output: str, **facts: int) -> onnx.NodeProto:
    return onnx.helper.make_node(kind, inputs, [output], **facts)  # type: ignore[arg-type]


def _scale(name: str, dims: Sequence[int], place: Place) -> onnx.TensorProto:
    """The scales of a matrix's rows, of as many axes as the matrix has."""
    shape = [dims[0], *[1] * (len(dims) - 1)]
    scale = onnx.TensorProto(name=name, data_type=onnx.TensorProto.FLOAT, dims=shape)
    _make_external(scale, place)
    return scale


def _make_external(tensor: onnx.TensorProto, place: Place) -> None:
    for kind in ("raw_data", "float_data", "int64_data", "int32_data"):
        tensor.ClearField(kind)  # type: ignore[arg-type]
    tensor.data_location = onnx.TensorProto.EXTERNAL
    del tensor.external_data[:]
    facts = {"location": place.file, "offset": str(place.offset), "length": str(place.length)}
    for key, value in facts.items():
        tensor.external_data.add(key=key, value=value)


def _strip(model: onnx.ModelProto, axes: Mapping[str, Mapping[int, str]]) -> None:
    """Remove paths, stack traces and shapes of inner values; name the axes that vary."""
    graph = model.graph
    del model.metadata_props[:], graph.metadata_props[:], graph.value_info[:]
    graph.name, graph.doc_string = "graph", ""
    for item in [*graph.node, *graph.initializer, *graph.input, *graph.output]:
        del item.metadata_props[:]
        item.doc_string = ""
    for value in [*graph.input, *graph.output]:
        for place, name in {0: BATCH, **axes.get(value.name, {})}.items():
            value.type.tensor_type.shape.dim[place].dim_param = name


def _port(value: onnx.ValueInfoProto) -> Port:
    tensor = value.type.tensor_type
    shape = tuple(d.dim_param or d.dim_value for d in tensor.shape.dim)
    return Port(name=value.name, dtype=_TYPES[tensor.elem_type], shape=shape)
