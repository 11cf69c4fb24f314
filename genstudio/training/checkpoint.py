"""Checkpoints: folders `step-000123/` whose manifest is written last.

No manifest, or one file that differs from it, means that the checkpoint does not exist; the one
before is taken then and the damaged folder is set aside as `damaged-step-000123`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from genstudio.core import files
from genstudio.core.errors import GenStudioError
from genstudio.core.manifest import FileEntry
from genstudio.core.run import CheckpointManifest
from genstudio.training.distributed import Place

MANIFEST = "manifest.json"
KEEP = 2


@dataclass(frozen=True)
class Loaded:
    """A checkpoint read back: its folder, manifest and parts by file stem."""

    folder: Path
    manifest: CheckpointManifest
    parts: dict[str, Any]


def save(
    folder: Path,
    step: int,
    parts: dict[str, Any],
    *,
    threads: int,
    device: str,
    seconds: float,
    world: int = 1,
) -> Path:
    """Write `parts` ({stem: what torch.save takes}) as checkpoint `step` below `folder`.

    Each part is streamed to its file, hashed, and the whole is renamed into place when complete.
    Raises DiskFull, ReadOnly; whatever was there stays.
    """
    target = folder / f"step-{step:06d}"
    with files.new_folder(target, replace=True) as temp:
        entries = []
        for stem, value in parts.items():
            path = temp / f"{stem}.pt"
            with files.replacing(path) as handle:
                torch.save(value, handle)
            entries.append(
                FileEntry(name=path.name, size=path.stat().st_size, sha256=files.sha256_of(path))
            )
        manifest = CheckpointManifest(
            step=step,
            threads=threads,
            torch=str(torch.__version__),
            device=device,
            world=world,
            seconds=seconds,
            files=tuple(entries),
        )
        files.write_bytes(temp / MANIFEST, manifest.to_bytes())
    return target


def folders(folder: Path) -> list[Path]:
    """Checkpoint folders by step, the newest last; whether they are whole is not looked at."""
    return sorted(p for p in folder.glob("step-*") if p.name[5:].isdigit()) if folder else []


def newest(folder: Path, device: str, place: Place = Place()) -> tuple[Loaded | None, list[str]]:  # noqa: B008 - frozen
    """The newest whole checkpoint, and a sentence for each damaged one that was set aside.

    Of several processes the first reads it and tells the others, whatever disk they see.
    """
    if place.world == 1:
        return _newest(folder, device)
    told: dict[str, Any] = {}
    if place.writes:
        found, said = _newest(folder, "cpu")
        told["said"] = said
        if found is not None:
            told |= {"manifest": found.manifest.model_dump_json(), "parts": found.parts}
            told["name"] = found.folder.name
    told = place.share(told)
    if "parts" not in told:
        return None, told["said"]
    manifest = CheckpointManifest.model_validate_json(told["manifest"])
    return Loaded(folder / told["name"], manifest, told["parts"]), told["said"]


def _newest(folder: Path, device: str) -> tuple[Loaded | None, list[str]]:
    said: list[str] = []
    for path in reversed(folders(folder)):
        try:
            return load(path, device), said
        except GenStudioError as error:
            aside = files.free_name(path.with_name(f"damaged-{path.name}"))
            files.move_file(path, aside)
            said.append(
                f"Checkpoint {path.name} is damaged ({error.problem.what}); "
                f"it was set aside as {aside.name} and the one before is used."
            )
    return None, said


def load(path: Path, device: str) -> Loaded:
    """Read checkpoint folder `path`; raises GenStudioError when a byte of it is not as written."""
    manifest = CheckpointManifest.read(path / MANIFEST)
    parts = {}
    for entry in manifest.files:
        place = path / entry.name
        try:
            with place.open("rb") as handle:
                found = hashlib.file_digest(handle, "sha256").hexdigest()
                if found != entry.sha256:
                    raise GenStudioError(f"{entry.name} has changed", file=place)
                handle.seek(0)
                parts[place.stem] = torch.load(handle, map_location=device, weights_only=True)
        except OSError as error:
            raise GenStudioError(f"{entry.name} cannot be read", file=place) from error
    return Loaded(path, manifest, parts)


def prune(folder: Path, best: int) -> None:
    """Keep the newest two and the one of step `best`."""
    for path in folders(folder)[:-KEEP]:
        if int(path.name[5:]) != best:
            files.remove(path)
