"""Add-ons: packages that hold a small change of another model, which must be there to use them."""

from __future__ import annotations

from pathlib import Path

from genstudio.core.errors import BadInput, GenStudioError
from genstudio.core.manifest import MANIFEST, Base, Manifest
from genstudio.core.paths import bundled_models, default_home


def base_folder(folder: Path, base: Base, title: str) -> Path:
    """The package of the model that the add-on `title` in `folder` lies over, with those weights.

    It is looked for beside the add-on, in the data folder around it, and among the program's own.
    Raises BadInput.
    """
    what = f"{title} is an add-on to {base.title or base.id}"
    there = [place for place in places(folder, base) if (place / MANIFEST).is_file()]
    for place in there:
        if _weights(place) == base.sha256:
            return place
    if there:
        raise BadInput(
            f"{what}, which has other weights here than those it was made for",
            file=folder,
            next_step="Install that version of the model, or train the add-on again.",
        )
    raise BadInput(
        f"{what}, which is not installed",
        file=folder,
        next_step=f"Install the model {base.id} first.",
    )


def places(folder: Path, base: Base) -> list[Path]:
    """Where the base of the add-on in `folder` may lie, in the order of looking."""
    around = [parent / "models" / base.id for parent in folder.absolute().parents]
    homes = [bundled_models() / base.id, default_home() / "models" / base.id]
    return [folder.absolute().parent / base.id, *around, *homes]


def _weights(folder: Path) -> str:
    """Hash of the weights of a package; "" where it is none."""
    try:
        return Manifest.read(folder / MANIFEST).sha256
    except GenStudioError:
        return ""
