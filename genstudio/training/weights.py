"""weights.safetensors: all networks' numbers once, named "<network>.<parameter>".

Matrices may be stored as fp16 or int8; vectors (biases, norms) and buffers stay fp32: they are
small, and running variances can leave the range of fp16. In int8 each row (first axis) has a
scale of its own, the largest number of the row being 127 (symmetric, per channel: Jacob et al.
2018, "Quantization and training of neural networks", section 2.1); only what is stored is
rounded, computing stays in fp32. The file is written tensor by tensor.
Format: https://github.com/huggingface/safetensors (README, "Format").
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load
from torch import Tensor, nn

from genstudio.core import files
from genstudio.core.errors import BadInput, GenStudioError
from genstudio.core.manifest import MAX_PACKAGE_BYTES, WEIGHTS
from genstudio.core.stored import read_limited
from genstudio.training.objective import Networks

_WORDS = {torch.float32: "F32", torch.float16: "F16", torch.int64: "I64", torch.int8: "I8"}
_HALF_MAX = 65504.0
SCALE = ".scale"
"""Ending of the name of an int8 tensor's scales, float32 (rows,)."""
_LONG_ROW, _ROWS = 32, 8
"""Smaller matrices stay in fp16: their scales would take what is saved."""


@dataclass(frozen=True)
class Place:
    """Where a tensor lies in the file: first byte, length in bytes, type; and which file."""

    offset: int
    length: int
    dtype: torch.dtype
    file: str = WEIGHTS


def collect(networks: Networks, precision: str) -> dict[str, Tensor]:
    """Every parameter and buffer as it is to be stored, on the CPU; raises on NaN or infinity."""
    stored = {}
    for network, module in networks.items():
        parameters = dict(module.named_parameters())
        for name, value in module.state_dict().items():
            value = value.detach().cpu().contiguous()
            if value.is_floating_point() and not torch.isfinite(value).all():
                raise GenStudioError(f"{network}.{name} holds numbers that are not finite")
            key = f"{network}.{name}"
            matrix = precision != "fp32" and name in parameters and value.ndim > 1
            if matrix and precision == "int8" and _worth_it(value):
                stored[key], stored[key + SCALE] = rounded(value)
            elif matrix and float(value.abs().max()) < _HALF_MAX:
                stored[key] = value.half()
            else:
                stored[key] = value
    return stored


def _worth_it(value: Tensor) -> bool:
    return value.shape[0] >= _ROWS and value[0].numel() >= _LONG_ROW


def rounded(value: Tensor) -> tuple[Tensor, Tensor]:
    """(int8 numbers of the shape of `value`, float32 scales of its rows)."""
    scale = value.flatten(1).abs().amax(dim=1).float() / 127
    scale = scale.clamp(min=torch.finfo(torch.float32).tiny)
    return (value / _along(scale, value)).round().to(torch.int8), scale


def exact(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Stored tensors with whole numbers times their scales, as the networks know them."""
    found = {}
    for name, value in tensors.items():
        scale = tensors.get(name + SCALE)
        if value.dtype == torch.int8 and scale is not None:
            value = value.float() * _along(scale, value)
        found[name] = value
    scales = {name + SCALE for name, value in tensors.items() if value.dtype == torch.int8}
    return {name: value for name, value in found.items() if name not in scales}


def precision_of(stored: Mapping[str, Tensor]) -> str:
    """The word of the manifest for the matrices among stored tensors."""
    types = {value.dtype for value in stored.values()}
    return "int8" if torch.int8 in types else "fp16" if torch.float16 in types else "fp32"


def _along(scale: Tensor, value: Tensor) -> Tensor:
    """Scales (rows,) in the shape of `value`, ready to be multiplied."""
    return scale.reshape(-1, *[1] * (value.ndim - 1))


def write(path: Path, tensors: Mapping[str, Tensor]) -> dict[str, Place]:
    """Write the file; returns where each tensor lies in it."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    spans, position = {}, 0
    # Wide types first keeps every tensor aligned to its own size.
    order = sorted(tensors, key=lambda name: (-tensors[name].element_size(), name))
    for name in order:
        value = tensors[name]
        length = value.numel() * value.element_size()
        spans[name] = (position, length)
        header[name] = {
            "dtype": _WORDS[value.dtype],
            "shape": list(value.shape),
            "data_offsets": [position, position + length],
        }
        position += length
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    start = 8 + len(text)
    with files.replacing(path) as handle:
        handle.write(len(text).to_bytes(8, "little") + text)
        for name in order:
            handle.write(tensors[name].reshape(-1).view(torch.uint8).numpy().data)
    return {
        name: Place(start + first, length, tensors[name].dtype)
        for name, (first, length) in spans.items()
    }


def places_of(path: Path, file: str) -> dict[str, Place]:
    """Where each tensor of a weights file of ours lies, which graphs are to call `file`."""
    with path.open("rb") as handle:
        length = int.from_bytes(handle.read(8), "little")
        header = json.loads(handle.read(length))
    kinds = {word: dtype for dtype, word in _WORDS.items()}
    found = {}
    for name, entry in header.items():
        if name != "__metadata__":
            low, high = entry["data_offsets"]
            found[name] = Place(8 + length + low, high - low, kinds[entry["dtype"]], file)
    return found


def read(path: Path) -> dict[str, Tensor]:
    """All tensors of a weights file (copied, not mapped), int8 ones made exact; raises BadInput."""
    data = read_limited(path, MAX_PACKAGE_BYTES)
    try:
        tensors = load(data)
    except Exception as error:
        raise BadInput(f"{path.name} cannot be read: {error}", file=path) from error
    for name, value in tensors.items():
        if value.is_floating_point() and not torch.isfinite(value).all():
            raise BadInput(f"{path.name}: {name} holds numbers that are not finite", file=path)
    return exact(tensors)


@torch.no_grad()
def fill(networks: Networks, tensors: Mapping[str, Tensor]) -> list[str]:
    """Copy every stored tensor of equal name and shape into the networks (as fp32).

    Returns the names that were left as they are.
    """
    left, tensors = [], exact(tensors)
    for network, module in networks.items():
        for name, value in module.state_dict(keep_vars=True).items():
            found = tensors.get(f"{network}.{name}")
            if found is None or found.shape != value.shape:
                left.append(f"{network}.{name}")
            else:
                value.data.copy_(found)
    return left


def names_by_identity(networks: Networks) -> dict[int, str]:
    """id(tensor) -> "<network>.<parameter>" for every parameter and buffer."""
    return {
        id(value): f"{network}.{name}"
        for network, module in networks.items()
        for name, value in _live(module).items()
    }


def names_of(module: nn.Module, known: Mapping[int, str]) -> dict[str, str]:
    """The module's own names of its tensors -> their stored names."""
    return {name: known[id(value)] for name, value in _live(module).items() if id(value) in known}


def _live(module: nn.Module) -> dict[str, Tensor]:
    return {
        **dict(module.named_parameters(remove_duplicate=False)),
        **dict(module.named_buffers(remove_duplicate=False)),
    }
