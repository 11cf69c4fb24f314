"""Trained networks -> a model package: weights once, graphs pointing to them, and the proof.

The manifest is written last and lists size and SHA-256 of every other file.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
import torch
from torch import Tensor

from genstudio.core import card, files
from genstudio.core.manifest import (
    CARD,
    MANIFEST,
    PREVIEW,
    PROBE,
    RECIPE,
    WEIGHTS,
    FileEntry,
    Manifest,
)
from genstudio.core.recipe import Recipe
from genstudio.training import to_onnx, weights
from genstudio.training.objective import Networks
from genstudio.training.randomness import seed_torch
from genstudio.training.to_onnx import GraphSpec
from genstudio.training.weights import Place

PROBE_SIZES = (1, 2)  # batch sizes that the exporter has not seen; few, for packages are small


def build(
    out: Path,
    networks: Networks,
    specs: Callable[[Networks], list[GraphSpec]],
    describe: Callable[..., Manifest],
    recipe: Recipe,
    preview: bytes,
    extra: Mapping[str, bytes] = MappingProxyType({}),
    base: Mapping[str, Place] = MappingProxyType({}),
) -> Manifest:
    """Write the package `out` (replacing it) and return its manifest.

    `describe(graphs=…, precision=…, files=…)` makes the manifest out of what is found here.
    `extra` are further files by name. Networks whose tensors lie in `base`, the weights of another
    package, are not written again. The networks are left on the CPU with their numbers rounded
    as they are stored.
    """
    for network in networks.values():
        network.to("cpu", memory_format=torch.contiguous_format).eval()  # type: ignore[call-overload]
    with files.new_folder(out, replace=True) as temp:
        there = {name.split(".", 1)[0] for name in base}
        own = {name: network for name, network in networks.items() if name not in there}
        stored = weights.collect(own, recipe.settings.precision)
        places = {**base, **weights.write(temp / WEIGHTS, stored)}
        weights.fill(networks, stored)
        graphs = []
        proof: dict[str, np.ndarray] = {}
        known = weights.names_by_identity(networks)
        for spec in specs(networks):
            model = to_onnx.export(spec, known, places)
            file = f"{spec.name}.onnx"
            files.write_bytes(temp / file, model.SerializeToString())
            graphs.append(to_onnx.describe(spec.name, file, model))
            proof |= probe(spec)
        files.write_bytes(temp / PROBE, _npz(proof))
        files.write_bytes(temp / RECIPE, recipe.to_bytes())
        files.write_bytes(temp / PREVIEW, preview)
        for name, data in extra.items():
            files.write_bytes(temp / name, data)
        facts = {"graphs": tuple(graphs), "precision": weights.precision_of(stored)}
        draft = describe(**facts, files=_entries(temp))
        files.write_text(temp / CARD, card.text(draft))
        manifest = describe(**facts, files=_entries(temp))
        files.write_bytes(temp / MANIFEST, manifest.to_bytes())
    return manifest


@torch.no_grad()
def probe(spec: GraphSpec) -> dict[str, np.ndarray]:
    """Inputs and torch's outputs: "<graph>/<case>/in/<name>" and "<graph>/<case>/out/<name>"."""
    arrays = {}
    for case, size in enumerate(PROBE_SIZES):
        seed_torch(case)
        start = f"{spec.name}/{case}"
        inputs = {name: _coarse(value) for name, value in spec.example(size).items()}
        found = spec.module(*inputs.values())
        outputs = found if isinstance(found, tuple) else (found,)
        for name, value in inputs.items():
            arrays[f"{start}/in/{name}"] = value.numpy()
        for name, value in zip(spec.outputs, outputs, strict=True):
            if spec.proven and name not in spec.proven:
                continue
            arrays[f"{start}/out/{name}"] = value.numpy()
    return arrays


def _coarse(value: Tensor) -> Tensor:
    """Numbers in steps of 1 / 64: a probe of chance in full precision cannot be compressed."""
    return (value * 64).round() / 64 if value.is_floating_point() else value


def _npz(arrays: dict[str, np.ndarray]) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def _entries(folder: Path) -> tuple[FileEntry, ...]:
    return tuple(
        FileEntry(name=path.name, size=path.stat().st_size, sha256=files.sha256_of(path))
        for path in sorted(folder.iterdir())
        if path.name != MANIFEST
    )
