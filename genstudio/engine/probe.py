"""The proof in a package: `probe.npz` holds what the training framework computed.

Keys are "<graph>/<case>/in/<input>" and "<graph>/<case>/out/<output>"; the cases (0, 1 …) have
different batch sizes; a single case may leave its number out. The outputs were recorded from
weights rounded as they are stored, so a package in half precision is held to the same bar.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

import numpy as np

from genstudio.core.errors import BadInput
from genstudio.core.manifest import PROBE
from genstudio.engine import package_folder
from genstudio.engine.loaded_model import LoadedModel

LIMITS = {"CPU": 1e-4, "CUDA": 1e-2}
"""Greatest |difference| over greatest |value| of an output that counts as agreement."""
MAX_PROBE_BYTES = 256 * 1024**2


@dataclass(frozen=True)
class ProbeReport:
    """`worst` relative error over all outputs; `text` says it in a sentence."""

    worst: float
    ok: bool
    text: str


def verify_probe(model: LoadedModel) -> ProbeReport:
    """Run the recorded inputs and compare; raises BadInput where the probe cannot be used."""
    arrays = _read(model)
    worst, where = 0.0, ""
    for graph in model.manifest.graphs:
        cases = _cases(arrays, graph.name)
        if not cases:
            raise BadInput(f"{PROBE} says nothing about {graph.name!r}", file=model.folder / PROBE)
        for case in cases:
            found = model.run(graph.name, _part(arrays, f"{graph.name}/{case}in/"))
            for name, values in _part(arrays, f"{graph.name}/{case}out/").items():
                if name not in found or found[name].shape != values.shape:
                    raise BadInput(
                        f"{PROBE} does not fit {graph.name!r}", file=model.folder / PROBE
                    )
                error = relative_error(found[name], values)
                if not error <= worst:
                    worst, where = error, f"{name} of {graph.name}"
    limit = LIMITS[model.device.name]
    ok = bool(worst <= limit)
    text = (
        f"{model.manifest.title} computes what was recorded in training "
        f"(error {worst:.1e} on {model.device.name}, {limit:.0e} allowed)"
        if ok
        else f"{model.manifest.title} does not compute what was recorded in training: "
        f"{where} is off by {worst:.1e} on {model.device.name}, {limit:.0e} allowed"
    )
    return ProbeReport(worst, ok, text)


def relative_error(found: np.ndarray, wanted: np.ndarray) -> float:
    """max |found - wanted| / max |wanted|; infinite where a number is not finite."""
    difference = np.abs(found.astype(np.float64) - wanted.astype(np.float64))
    if not np.isfinite(difference).all():
        return float("inf")
    scale = max(float(np.abs(wanted).max(initial=0.0)), 1e-12)
    return float(difference.max(initial=0.0)) / scale


def _read(model: LoadedModel) -> dict[str, np.ndarray]:
    entry = package_folder.entry_of(model.manifest, PROBE)
    data = package_folder.read_file(model.folder, entry)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            total = sum(info.file_size for info in archive.infolist())
        if total > MAX_PROBE_BYTES:
            raise BadInput(f"{PROBE} is too large", file=model.folder / PROBE)
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return {key: arrays[key] for key in arrays.files}
    except (OSError, ValueError, zipfile.BadZipFile, KeyError) as error:
        raise BadInput(f"{PROBE} cannot be read: {error}", file=model.folder / PROBE) from error


def _cases(arrays: dict[str, np.ndarray], graph: str) -> list[str]:
    """The cases recorded for a graph, each "" or "<number>/"."""
    found = set()
    for key in arrays:
        name, *rest = key.split("/")
        if name == graph and len(rest) >= 2 and rest[-2] == "out":
            found.add("".join(f"{part}/" for part in rest[:-2]))
    return sorted(found)


def _part(arrays: dict[str, np.ndarray], start: str) -> dict[str, np.ndarray]:
    return {key[len(start) :]: value for key, value in arrays.items() if key.startswith(start)}
