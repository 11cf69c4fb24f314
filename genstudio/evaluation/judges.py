"""Which judge suits a dataset: one that was made for such pictures, else the general judge.

A judge of the set's own was trained on the same data, or knows all of its classes. Where there is
none, the general judge measures how alike pictures are without knowing what they show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from genstudio.core.dataset import Dataset
from genstudio.core.errors import GenStudioError
from genstudio.core.manifest import Manifest
from genstudio.engine import package_folder

GENERAL = "general-judge"
"""The extractor that the project trained on all open picture sets together."""


@dataclass(frozen=True)
class Judges:
    """Who looks: `extractor` sees features of all pictures, `reader` the attributes that captions
    name, `pairer` how well a caption fits a picture. None where nobody can."""

    extractor: Path | None = None
    reader: Path | None = None
    pairer: Path | None = None


def appoint(folders: Iterable[Path], dataset: Dataset, wanted: Path | None = None) -> Judges:
    """The judges of pictures like those of `dataset`; `wanted` does whatever it can instead.

    Readers and pairers must have been trained on these very data: their words mean nothing else.
    """
    every = list(folders)
    found = Judges(choose(every, dataset), _own(every, dataset, reads), _own(every, dataset, pairs))
    if wanted is None:
        return found
    judge = package_folder.read_manifest(wanted)
    if not (reads(judge) or pairs(judge)):
        return Judges(wanted, found.reader, found.pairer)
    return Judges(
        wanted if extracts(judge) else found.extractor,
        wanted if reads(judge) else found.reader,
        wanted if pairs(judge) else found.pairer,
    )


def extracts(judge: Manifest) -> bool:
    """True where it gives features and answers for a picture."""
    outputs = {port.name for graph in judge.graphs for port in graph.outputs}
    return judge.modality == "judge" and {"features", "logits"} <= outputs


def reads(judge: Manifest) -> bool:
    """True where it reads attributes."""
    return extracts(judge) and bool(judge.config.get("slots"))


def pairs(judge: Manifest) -> bool:
    """True where it brings captions and pictures into one space."""
    return judge.modality == "judge" and {"picture", "text"} <= {g.name for g in judge.graphs}


def choose(folders: Iterable[Path], dataset: Dataset) -> Path | None:
    """The package folder among `folders` that judges pictures like those of `dataset`, or None.

    Only the data decide: all models measured on one dataset get one judge, else they could not be
    compared. A judge of its own was trained on the data, or knows all of their classes, of which
    there must be two. The pictures' size and channels decide between several. Else the general
    judge.
    """
    best: tuple[tuple[bool, bool, bool], Path] | None = None
    general: Path | None = None
    for folder in folders:
        try:
            judge = package_folder.read_manifest(folder)
        except GenStudioError:
            continue  # a broken package judges nobody; the library tells about it
        if not extracts(judge):
            continue
        if judge.id == GENERAL:
            general = general or folder
            continue
        rank = _rank(judge, dataset)
        if rank is not None and (best is None or rank > best[0]):
            best = rank, folder
    return best[1] if best else general


def of_model(folders: Iterable[Path], model: Manifest) -> Path | None:
    """The package folder of the judge that suits pictures of a model, where no data are at hand.

    One that was trained on the same data as the model and sees features, else the general judge.
    """
    data = {trained.sha256 for trained in model.trained_on} - {""}
    general: Path | None = None
    for folder in folders:
        try:
            judge = package_folder.read_manifest(folder)
        except GenStudioError:
            continue
        if not extracts(judge):
            continue
        if data & {trained.sha256 for trained in judge.trained_on}:
            return folder
        if judge.id == GENERAL:
            general = general or folder
    return general


def _own(
    folders: Iterable[Path], dataset: Dataset, able: Callable[[Manifest], bool]
) -> Path | None:
    """The first package that can do it and was trained on the dataset."""
    for folder in folders:
        try:
            judge = package_folder.read_manifest(folder)
        except GenStudioError:
            continue
        known = {trained.sha256 for trained in judge.trained_on} - {""}
        if able(judge) and dataset.sha256 in known:
            return folder
    return None


def _rank(judge: Manifest, dataset: Dataset) -> tuple[bool, bool, bool] | None:
    """(trained on these data, same size, same channels); None where it is no judge of these."""
    names = judge.config.get("class_names")
    known = {str(n) for n in names} if isinstance(names, list) else set()
    wanted = set(dataset.facts.classes)
    related = any(data.sha256 and data.sha256 == dataset.sha256 for data in judge.trained_on)
    if not related and not (len(wanted) >= 2 and wanted <= known):
        return None
    facts = dataset.facts
    same_size = judge.config.get("size") == facts.size
    return related, same_size, judge.config.get("channels") == facts.channels
