"""What sort of data a drop is: what most of its files are; arrays where most of its bytes are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from genstudio.core.dataset import DataKind
from genstudio.datasets import arrays
from genstudio.datasets.packed import plain_name, suffix_of
from genstudio.datasets.sources import Source, is_archive_name
from genstudio.media import image, rich_text

TEXT = frozenset({".txt", ".md", ".csv", ".tsv", ".jsonl"}) | rich_text.SUFFIXES
TABLES = frozenset({".csv", ".tsv", ".jsonl"})
MUSIC = frozenset({".mid", ".midi", ".musicxml", ".mxl", ".xml"})
SOUND = frozenset({".wav", ".flac", ".ogg", ".oga"})
_ABOUT = {"readme", "license", "licence", "copying", "copyright", "class", "classes", "labels",
          "attribution", "metadata", "captions", "sources", "notice"}  # fmt: skip
_ABOUT_SUFFIXES = TEXT | {"", ".json", ".xml", ".yaml", ".yml"}
_PREVIEWS = ("preview", "thumbnail", "cover", "contact-sheet", "contact_sheet")


@dataclass(frozen=True)
class Sorting:
    """`wanted` are the files to look at, `strays` those of another sort, `asides` files that
    describe or show the data and are no part of it."""

    kind: DataKind
    arrays: bool
    wanted: list[str]
    strays: list[str]
    asides: list[str]


def sort_out(source: Source) -> Sorting:
    """Judge all files by their names (and, for arrays, sizes)."""
    names = source.names()
    kinds = {name: _kind_by_name(name) for name in names}
    stems = _stems(name for name, kind in kinds.items() if not _may_describe(name, kind))
    asides = {
        name
        for name in names
        if is_aside(name) or (_may_describe(name, kinds[name]) and _beside(name, stems))
    }
    counts = Counter(kind for name, kind in kinds.items() if name not in asides)
    kind = _most(counts)
    listed = [name for name in names if kinds[name] == "array"]
    of_arrays = bool(listed) and _hold_most(source, listed, names, asides)
    if of_arrays:
        kind, mine = "image", set(listed)
    else:
        mine = {name for name in names if kinds[name] == kind}
        if kind == "image":  # cameras leave suffixes out; LICENSE and the like are asides
            mine |= {name for name in names if kinds[name] == "bare"}
    mine -= asides
    mine, previews = _without_previews(mine, names, of_arrays)
    asides |= previews
    return Sorting(
        kind=kind,  # type: ignore[arg-type]
        arrays=of_arrays,
        wanted=[name for name in names if name in mine],
        strays=[name for name in names if name not in mine and name not in asides],
        asides=sorted(asides),
    )


def is_aside(name: str) -> bool:
    """Read-me files, licences, lists of labels and captions belong to a dataset, as no item."""
    path = PurePosixPath(plain_name(name))
    first = re.split(r"[^a-z]", path.stem.lower(), maxsplit=1)[0]
    return path.suffix.lower() in _ABOUT_SUFFIXES and first in _ABOUT


def is_picture_name(name: str) -> bool:
    """True for the suffixes of known formats."""
    return PurePosixPath(name).suffix.lower() in image.SUFFIXES


def stem_of(name: str) -> str:
    """The name without its suffix, folder included: what a picture and its caption share."""
    return str(PurePosixPath(name).with_suffix(""))


def _kind_by_name(name: str) -> str:
    suffix = PurePosixPath(name).suffix.lower()
    if arrays.is_array_name(name):
        return "array"
    if suffix in image.SUFFIXES:
        return "image"
    if suffix in MUSIC:
        return "music"
    if suffix in SOUND:
        return "sound"
    if suffix_of(name) in TEXT:
        return "text"
    return "" if suffix else "bare"


def _may_describe(name: str, kind: str) -> bool:
    """True for what can be the caption or annotation of another file; .xml may be music too."""
    return kind in ("", "text") or name.lower().endswith(".xml")


def _stems(names: Iterable[str]) -> set[str]:
    return {stem_of(name) for name in names}


def _beside(name: str, stems: set[str]) -> bool:
    """True for a caption (a.txt or a.png.txt beside a.png) and other facts about one file."""
    stem = stem_of(name)
    suffix = PurePosixPath(name).suffix.lower()
    return suffix in _ABOUT_SUFFIXES and suffix != "" and (stem in stems or stem_of(stem) in stems)


def _most(counts: Counter[str]) -> str:
    order = ("image", "music", "sound", "text")
    best = max(order, key=lambda kind: (counts[kind], -order.index(kind)))
    return best if counts[best] else "image"


def _hold_most(source: Source, listed: list[str], names: list[str], asides: set[str]) -> bool:
    """True where the arrays outweigh all other data beside them."""
    others = [n for n in names if n not in asides and n not in listed and not is_archive_name(n)]
    if not others:
        return True
    return sum(map(source.size, listed)) > sum(map(source.size, others))


def _without_previews(
    mine: set[str], names: list[str], of_arrays: bool
) -> tuple[set[str], set[str]]:
    """A preview.png at the top, beside an archive or arrays, shows the set and is none of it."""
    packed = of_arrays or any(is_archive_name(part) for n in names for part in n.split("/")[:1])
    if not packed:
        return mine, set()
    found = {
        name
        for name in names
        if "/" not in name
        and is_picture_name(name)
        and PurePosixPath(name).stem.lower() in _PREVIEWS
    }
    return mine - found, found
