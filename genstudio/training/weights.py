"""weights.safetensors: all networks' numbers once, named "<network>.<parameter>".

Matrices may be stored as fp16; vectors (biases, norms) and buffers stay fp32: they are small, and
running variances can leave the range of fp16. The file is written tensor by tensor.
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
from genstudio.core.manifest import MAX_PACKAGE_BYTES
from genstudio.core.stored import read_limited
from genstudio.training.objective import Networks

_WORDS = {torch.float32: "F32", torch.float16: "F16", torch.int64: "I64"}
_HALF_MAX = 65504.0


@dataclass(frozen=True)
class Place:
    """Where a tensor lies in the file: first byte, length in bytes, type."""

    offset: int
    length: int
    dtype: torch.dtype


def collect(networks: Networks, precision: str) -> dict[str, Tensor]:
    """Every parameter and buffer as it is to be stored, on the CPU; raises on NaN or infinity."""
    stored = {}
    for network, module in networks.items():
        parameters = dict(module.named_parameters())
        for name, value in module.state_dict().items():
            value = value.detach().cpu().contiguous()
            if value.is_floating_point() and not torch.isfinite(value).all():
                raise GenStudioError(f"{network}.{name} holds numbers that are not finite")
            half = precision == "fp16" and name in parameters and value.ndim > 1
            if half and float(value.abs().max()) < _HALF_MAX:
                value = value.half()
            stored[f"{network}.{name}"] = value
    return stored


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


def read(path: Path) -> dict[str, Tensor]:
    """All tensors of a weights file (copied, not mapped); raises BadInput."""
    data = read_limited(path, MAX_PACKAGE_BYTES)
    try:
        tensors = load(data)
    except Exception as error:
        raise BadInput(f"{path.name} cannot be read: {error}", file=path) from error
    for name, value in tensors.items():
        if value.is_floating_point() and not torch.isfinite(value).all():
            raise BadInput(f"{path.name}: {name} holds numbers that are not finite", file=path)
    return tensors


@torch.no_grad()
def fill(networks: Networks, tensors: Mapping[str, Tensor]) -> list[str]:
    """Copy every stored tensor of equal name and shape into the networks (fp16 -> fp32).

    Returns the names that were left as they are.
    """
    left = []
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
