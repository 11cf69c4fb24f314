"""A look into an ONNX file before onnxruntime sees it.

Reads the protobuf wire format of `ModelProto` just far enough to know which operator sets a graph
needs and where its weights lie (onnx.proto, field numbers beside each line). A foreign, truncated
or hostile file ends here, with a sentence: every length is compared with the bytes that are there
before anything is read (RELIABILITY.md 3.10).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from genstudio.core.errors import BadInput

MAX_GRAPH_BYTES = 512 * 1024**2
MAX_DEPTH = 16
MAX_TENSORS = 100_000
KNOWN_DOMAINS = ("", "ai.onnx", "ai.onnx.ml", "com.microsoft")
OPSETS = (7, 30)
BITS = {1: 32, 2: 8, 3: 8, 4: 16, 5: 16, 6: 32, 7: 64, 9: 8, 10: 16, 11: 64, 12: 32, 13: 64, 16: 16}
"""Bits of one number, by TensorProto.DataType (8 is text)."""
_FIXED = {1: 8, 5: 4}


@dataclass(frozen=True)
class Tensor:
    """Weights of the graph. `location` is the file they lie in ("" = in the graph itself)."""

    name: str
    kind: int
    dims: tuple[int, ...]
    location: str = ""
    offset: int = 0
    length: int = -1

    @property
    def size(self) -> int:
        """Bytes that the shape asks for; 0 for kinds without a fixed width."""
        count = 1
        for dim in self.dims:
            count *= dim
        return (count * BITS.get(self.kind, 0) + 7) // 8


@dataclass
class OnnxFile:
    """What was found: operator sets by domain and all weights."""

    ir_version: int = 0
    opsets: dict[str, int] = field(default_factory=dict)
    tensors: list[Tensor] = field(default_factory=list)
    nodes: int = 0
    has_graph: bool = False


def read(data: bytes, name: str) -> OnnxFile:
    """Look through the bytes of an ONNX file; raises BadInput with `name` in the sentence."""
    if len(data) > MAX_GRAPH_BYTES:
        raise BadInput(f"{name} is larger than {MAX_GRAPH_BYTES // 1024**2} MB", file=name)
    found = OnnxFile()
    try:
        _model(memoryview(data), found)
    except (ValueError, UnicodeDecodeError, OverflowError) as error:
        raise BadInput(
            f"{name} is not a complete ONNX file: {error}",
            file=name,
            next_step="Fetch or export it again.",
        ) from error
    _check(found, name)
    return found


def _check(found: OnnxFile, name: str) -> None:
    if not found.has_graph or not found.nodes or not found.ir_version:
        raise BadInput(f"{name} is not an ONNX model: it holds no graph", file=name)
    for domain, version in found.opsets.items():
        if domain not in KNOWN_DOMAINS:
            raise BadInput(f"{name} needs the unknown operators {domain!r}", file=name)
        low, high = OPSETS
        if domain in ("", "ai.onnx") and not low <= version <= high:
            raise BadInput(f"{name} needs operator set {version}; {low} to {high} work", file=name)


def _model(data: memoryview, found: OnnxFile) -> None:
    for number, value in _fields(data):
        if number == 1 and isinstance(value, int):  # ir_version
            found.ir_version = value
        elif number == 8:  # opset_import
            _opset(_bytes(value), found)
        elif number == 7:  # graph
            found.has_graph = True
            _graph(_bytes(value), found, 0)
        elif number == 20:  # training_info
            raise ValueError("it carries a training graph, which is not run here")
        elif number == 25:  # functions
            _nodes_of(_bytes(value), found, 7, 0)


def _opset(data: memoryview, found: OnnxFile) -> None:
    domain, version = "", 0
    for number, value in _fields(data):
        if number == 1:
            domain = _text(value)
        elif number == 2 and isinstance(value, int):
            version = value
    found.opsets[domain] = version


def _graph(data: memoryview, found: OnnxFile, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ValueError("its graphs are nested too deeply")
    names: list[str] = []
    for number, value in _fields(data):
        if number == 1:  # node
            _node(_bytes(value), found, depth)
        elif number == 5:  # initializer
            _tensor(_bytes(value), found)
            names.append(found.tensors[-1].name)
        elif number == 15:  # sparse_initializer
            _sparse(_bytes(value), found)
    if len(set(names)) != len(names):
        raise ValueError("two of its weights have the same name")


def _nodes_of(data: memoryview, found: OnnxFile, field_number: int, depth: int) -> None:
    for number, value in _fields(data):
        if number == field_number:
            _node(_bytes(value), found, depth)


def _node(data: memoryview, found: OnnxFile, depth: int) -> None:
    found.nodes += 1
    for number, value in _fields(data):
        if number == 5:  # attribute
            _attribute(_bytes(value), found, depth)


def _attribute(data: memoryview, found: OnnxFile, depth: int) -> None:
    for number, value in _fields(data):
        if number in (5, 10):  # t, tensors
            _tensor(_bytes(value), found)
        elif number in (6, 11):  # g, graphs
            _graph(_bytes(value), found, depth + 1)
        elif number in (22, 23):  # sparse_tensor, sparse_tensors
            _sparse(_bytes(value), found)


def _sparse(data: memoryview, found: OnnxFile) -> None:
    for number, value in _fields(data):
        if number in (1, 2):  # values, indices
            _tensor(_bytes(value), found)


def _tensor(data: memoryview, found: OnnxFile) -> None:
    dims: list[int] = []
    kind, name, raw = 0, "", memoryview(b"")
    external: dict[str, str] = {}
    for number, value in _fields(data):
        if number == 1:  # dims
            dims += [value] if isinstance(value, int) else _packed(value)
        elif number == 2 and isinstance(value, int):  # data_type
            kind = value
        elif number == 8:  # name
            name = _text(value)
        elif number == 9:  # raw_data
            raw = _bytes(value)
        elif number == 13:  # external_data
            key, text = _pair(_bytes(value))
            if key in external:
                raise ValueError(f"the place of {name or 'a tensor'} is given twice")
            external[key] = text
    if any(dim < 0 or dim > 2**40 for dim in dims):
        raise ValueError(f"{name or 'a tensor'} has an absurd size")
    if len(found.tensors) >= MAX_TENSORS:
        raise ValueError("it holds too many tensors")
    _refuse_nan(name, kind, raw)
    found.tensors.append(_placed(Tensor(name, kind, tuple(dims)), external))


def _refuse_nan(name: str, kind: int, raw: memoryview) -> None:
    # Infinity is left alone: masks are made of it.
    form = {1: "<f4", 10: "<f2", 11: "<f8"}.get(kind)
    if not form or len(raw) % np.dtype(form).itemsize:
        return
    if np.isnan(np.frombuffer(raw, form)).any():
        raise ValueError(f"{name or 'a tensor'} holds undefined numbers")


def _placed(tensor: Tensor, external: dict[str, str]) -> Tensor:
    if not external:
        return tensor
    unknown = set(external) - {"location", "offset", "length", "checksum"}
    if unknown or "location" not in external:
        raise ValueError(f"the place of {tensor.name or 'a tensor'} cannot be understood")
    numbers = {
        key: external.get(key, default) for key, default in (("offset", "0"), ("length", ""))
    }
    if any(text and not (text.isascii() and text.isdigit()) for text in numbers.values()):
        raise ValueError(f"the place of {tensor.name or 'a tensor'} is not a number")
    length = int(numbers["length"]) if numbers["length"] else tensor.size
    return Tensor(
        tensor.name, tensor.kind, tensor.dims, external["location"], int(numbers["offset"]), length
    )


def _pair(data: memoryview) -> tuple[str, str]:
    key, text = "", ""
    for number, value in _fields(data):
        if number == 1:
            key = _text(value)
        elif number == 2:
            text = _text(value)
    return key, text


def _packed(value: memoryview) -> list[int]:
    numbers, place = [], 0
    while place < len(value):
        number, place = _varint(value, place)
        numbers.append(number)
    return numbers


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """(field number, value) of one message: a number, or a view for everything with a length."""
    place, end = 0, len(data)
    while place < end:
        tag, place = _varint(data, place)
        number, wire = tag >> 3, tag & 7
        if number == 0:
            raise ValueError("these are not the bytes of a model")
        if wire == 0:
            value, place = _varint(data, place)
            yield number, value
            continue
        if wire == 2:
            length, place = _varint(data, place)
        elif wire in _FIXED:
            length = _FIXED[wire]
        else:
            raise ValueError("these are not the bytes of a model")
        if length > end - place:
            raise ValueError("it ends too early")
        yield number, data[place : place + length]
        place += length


def _varint(data: memoryview, place: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if place >= len(data):
            raise ValueError("it ends too early")
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            # int64 fields arrive as two's complement.
            return (value - 2**64 if value >= 2**63 else value), place
    raise ValueError("these are not the bytes of a model")


def _bytes(value: int | memoryview) -> memoryview:
    if isinstance(value, int):
        raise ValueError("these are not the bytes of a model")
    return value


def _text(value: int | memoryview) -> str:
    view = _bytes(value)
    if len(view) > 4096:
        raise ValueError("a name in it is too long")
    return bytes(view).decode()
