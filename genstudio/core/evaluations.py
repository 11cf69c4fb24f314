"""What an evaluation found, kept in the data folder: `evaluations/<model>/`.

The scores of a user's own package also stand on its card. Those of a model of the program are
only kept here, because its folder belongs to the program. The sheet of samples beside their
nearest training pictures (`nearest.png`) is never part of a package: it shows training data,
which a package that is handed on must not carry.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from genstudio.core import files, subjects
from genstudio.core.errors import GenStudioError
from genstudio.core.manifest import Manifest, Score
from genstudio.core.paths import Home
from genstudio.core.stored import Name, Short, Stored

EVALUATION_FILE = "evaluation.json"
NEAREST = "nearest.png"


class Evaluation(Stored):
    """The newest number of each metric. `sha256` are the weights that were measured."""

    model: Name
    sha256: str
    scores: tuple[Score, ...] = ()
    data: Short = ""
    seconds: float = 0.0
    created: Short = ""


def usual_samples(manifest: Manifest) -> int:
    """How many samples are drawn where nobody says how many."""
    return subjects.of(manifest.modality).usual


def folder(home: Home, model: str) -> Path:
    """Where the evaluation of a model lies; it may not be there."""
    return home.root / "evaluations" / model


def read(home: Home, manifest: Manifest) -> Evaluation | None:
    """What was found about these very weights, or None."""
    try:
        found = Evaluation.read(folder(home, manifest.id) / EVALUATION_FILE)
    except GenStudioError:
        return None  # never measured, or the file is damaged: measuring again makes it anew
    return found if found.sha256 == manifest.sha256 else None


def scores(home: Home, manifest: Manifest) -> tuple[Score, ...]:
    """The scores of the card, replaced and joined by those that were measured here (`merged`)."""
    found = read(home, manifest)
    return merged(manifest.scores, found.scores) if found else manifest.scores


def merged(old: Iterable[Score], new: Sequence[Score]) -> tuple[Score, ...]:
    """Old scores replaced and joined by newer ones.

    A table speaks of one dataset: scores on other pictures than those of the newest are left out.
    """
    pictures = {score.settings.get("data_sha256") for score in new} - {None}

    def stays(score: Score) -> bool:
        mine = score.settings.get("data_sha256")
        return not pictures or mine is None or mine in pictures

    known = {score.metric: score for score in old if stays(score)}
    known.update({score.metric: score for score in new})
    return tuple(known.values())


def nearest(home: Home, manifest: Manifest) -> Path | None:
    """The sheet of samples and their nearest training pictures, if these weights have one."""
    path = folder(home, manifest.id) / NEAREST
    return path if path.is_file() and read(home, manifest) is not None else None


def keep(home: Home, manifest: Manifest, found: Evaluation, sheet: bytes | None = None) -> None:
    """Write what was found; numbers of other metrics stay, of the same weights and pictures.

    `sheet` is the PNG of nearest pictures; None leaves an older sheet of these weights.
    Raises DiskFull, ReadOnly.
    """
    place = folder(home, manifest.id)
    before = read(home, manifest)
    scores = merged(before.scores if before else (), found.scores)
    files.make_folder(place)
    if sheet is not None:
        files.write_bytes(place / NEAREST, sheet)
    elif (before is None or before.data != found.data) and (place / NEAREST).exists():
        files.remove(place / NEAREST)
    renewed = found.model_copy(update={"scores": scores})
    files.write_bytes(place / EVALUATION_FILE, renewed.to_bytes())
