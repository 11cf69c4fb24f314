"""Look at each picture of a source: an item, or skipped with the reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from genstudio.core.errors import BadInput
from genstudio.core.events import Event, Progress
from genstudio.datasets import near, personal
from genstudio.datasets.findings import COPY, EMPTY, NEAR, SMALL, Findings, Unfit
from genstudio.datasets.items import Item
from genstudio.datasets.sources import Source
from genstudio.media import exif, image
from genstudio.media.reading import printable

MIN_SIDE = 16
Keep = Callable[[str, bytes], str]
"""(name, bytes) -> the path under which the file is found later, copied there if need be."""
NearPolicy = Literal["note", "skip"]


@dataclass
class _Seen:
    """What the pictures so far looked like."""

    copies: dict[str, str]
    alike: near.Neighbours


def examine(
    source: Source,
    wanted: Sequence[str],
    findings: Findings,
    keep: Keep,
    near_policy: NearPolicy = "note",
) -> Iterator[Event | Item]:
    """Yield an Item for each usable picture, Progress and Logs between; never stops at a bad one.

    Pictures that look like an earlier one are counted, and left out where `near_policy` says so.
    """
    seen = _Seen({}, near.Neighbours())
    every = max(1, len(wanted) // 200)
    for place, name in enumerate(wanted):
        if place % every == 0:
            yield Progress(done=place, total=len(wanted), text="looking at pictures")
        try:
            data = source.read(name)
            item = _look(name, data, seen, findings, near_policy)
        except BadInput as error:
            yield findings.leave_out(name, error)
            continue
        yield from findings.suspect(name, personal.in_file_name(name))
        if exif.has_location(data):
            yield from findings.suspect(name, [(personal.PLACE, "")])
        path = keep(name, data)
        yield replace(item, path=path, name="" if path == name else name)
    yield Progress(done=len(wanted), total=len(wanted), text="looking at pictures")
    if findings.near and near_policy == "note":
        yield findings.note(f"{findings.near:,} pictures look nearly like others and stay in", NEAR)


def _look(name: str, data: bytes, seen: _Seen, findings: Findings, policy: NearPolicy) -> Item:
    if not data:
        raise Unfit("is empty (0 bytes)", EMPTY)
    digest = hashlib.sha256(data).hexdigest()
    if digest in seen.copies:
        raise Unfit(f"is an exact copy of {printable(seen.copies[digest])}", COPY)
    pixels = image.read(data)
    height, width = pixels.shape[:2]
    if min(width, height) < MIN_SIDE:
        raise Unfit(f"is too small ({width}×{height}; the least side is {MIN_SIDE})", SMALL)
    looks = near.hash_of(image.flatten(pixels) if pixels.shape[2] == 4 else pixels)
    twin = seen.alike.find(looks)
    if twin is not None:
        findings.near += 1
        if policy == "skip":
            raise Unfit(f"looks nearly like {printable(twin)}", NEAR)
    seen.copies[digest] = name
    seen.alike.add(looks, name)
    channels = 1 if image.is_grey(pixels) else pixels.shape[2]
    return Item(path=name, sha256=digest, width=width, height=height, channels=channels)


def why_not(name: str, kind: str, faults: dict[str, str]) -> str:
    """Why a file of another sort is no part of a dataset of `kind`."""
    if name in faults:
        return f"is an archive that was not opened: {faults[name]}"
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    if suffix in (".npz", ".npy", ".gz", ".7z", ".rar"):
        return "is an archive: add it by itself"
    if suffix in (".heic", ".heif"):
        return "is a HEIC picture, which is not read here: save it as JPEG or PNG"
    words = {"image": "picture", "sound": "sound", "music": "piece of music", "text": "text"}
    return f"is not a {words[kind]} in a format known here ({suffix})"
