"""Which judge suits a model: any package of modality "judge" that fits its pictures."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from genstudio.core.errors import GenStudioError
from genstudio.core.manifest import Manifest
from genstudio.engine import package_folder


def choose(
    folders: Iterable[Path], manifest: Manifest, class_names: Iterable[str] = ()
) -> Path | None:
    """The package folder among `folders` that judges this model best, or None.

    A judge must know at least one of the classes (of the model, else `class_names` of the data).
    Same picture size and channels come first, then the number of common classes.
    """
    names = manifest.config.get("class_names")
    wanted = {str(n) for n in names} if isinstance(names, list) and names else set(class_names)
    best: tuple[tuple[bool, bool, int], Path] | None = None
    for folder in folders:
        rank = _rank(folder, manifest, wanted)
        if rank is not None and (best is None or rank > best[0]):
            best = rank, folder
    return best[1] if best else None


def _rank(folder: Path, manifest: Manifest, wanted: set[str]) -> tuple[bool, bool, int] | None:
    try:
        judge = package_folder.read_manifest(folder)
    except GenStudioError:
        return None  # a broken package judges nobody; the library tells about it
    names = judge.config.get("class_names")
    common = len(wanted & {str(n) for n in names}) if isinstance(names, list) else 0
    if judge.modality != "judge" or (wanted and not common):
        return None
    same = [judge.config.get(key) == manifest.config.get(key) for key in ("size", "channels")]
    return same[0], same[1], common
