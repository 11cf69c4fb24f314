"""Which judge suits a model: one that was made for such pictures, else the general judge.

A judge of the set's own was trained on the same data, or knows all of its classes. Where there is
none, the general judge measures how alike pictures are without knowing what they show.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from genstudio.core.errors import GenStudioError
from genstudio.core.manifest import Manifest
from genstudio.engine import package_folder

GENERAL = "general-judge"
"""The extractor that the project trained on all open picture sets together."""


def choose(
    folders: Iterable[Path], manifest: Manifest, class_names: Iterable[str] = ()
) -> Path | None:
    """The package folder among `folders` that judges this model best, or None.

    A judge's own pictures are told by the data it was trained on, or by the classes (of the
    model, else `class_names` of the data), of which it must know all, and at least two. The same
    picture size and channels decide between several. Else the general judge.
    """
    names = manifest.config.get("class_names")
    wanted = {str(n) for n in names} if isinstance(names, list) and names else set(class_names)
    best: tuple[tuple[bool, bool, bool], Path] | None = None
    general: Path | None = None
    for folder in folders:
        try:
            judge = package_folder.read_manifest(folder)
        except GenStudioError:
            continue  # a broken package judges nobody; the library tells about it
        if judge.modality != "judge":
            continue
        if judge.id == GENERAL:
            general = general or folder
            continue
        rank = _rank(judge, manifest, wanted)
        if rank is not None and (best is None or rank > best[0]):
            best = rank, folder
    return best[1] if best else general


def _rank(judge: Manifest, manifest: Manifest, wanted: set[str]) -> tuple[bool, bool, bool] | None:
    """(trained on the same data, same size, same channels); None where it is no judge of these."""
    names = judge.config.get("class_names")
    known = {str(n) for n in names} if isinstance(names, list) else set()
    mine, its = (
        {data.sha256 for data in package.trained_on} - {""} for package in (manifest, judge)
    )
    related = bool(mine & its)
    if not related and not (len(wanted) >= 2 and wanted <= known):
        return None
    same = [judge.config.get(key) == manifest.config.get(key) for key in ("size", "channels")]
    return related, same[0], same[1]
