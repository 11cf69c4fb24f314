"""All pictures of idx, npz and npy files as one array, with hashes, labels, splits, captions."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

import numpy as np

from genstudio.core.errors import BadInput
from genstudio.core.events import Event, Progress
from genstudio.datasets import arrays, captions, near
from genstudio.datasets.findings import NEAR, TYPE, Findings
from genstudio.datasets.pictures import NearPolicy
from genstudio.datasets.sources import Source

_CHUNK = 2048


@dataclass
class ArraySet:
    """images uint8 (n, h, w, c) and what belongs to them, as they stand in the files."""

    images: np.ndarray
    labels: np.ndarray | None
    hashes: list[str]
    tests: list[bool]
    captions: list[str] = field(default_factory=list)
    classes: tuple[str, ...] = ()

    def only(self, places: Sequence[int]) -> ArraySet:
        """The pictures at these places."""
        return ArraySet(
            self.images[places],
            None if self.labels is None else self.labels[places],
            [self.hashes[place] for place in places],
            [self.tests[place] for place in places],
            [self.captions[place] for place in places] if self.captions else [],
            self.classes,
        )


def read_arrays(
    source: Source, wanted: Sequence[str], findings: Findings, near_policy: NearPolicy
) -> Generator[Event, None, ArraySet]:
    """Yield Progress and Logs, return the pictures; raises BadInput."""
    yield Progress(done=0, total=4, text="reading arrays")
    parts = yield from _parts(source, wanted, findings)
    shape = parts[0].images.shape[1:]
    for part in parts[1:]:
        if part.images.shape[1:] != shape:
            raise BadInput(f"{part.file}: pictures of {part.images.shape[1:]} beside {shape}")
    yield Progress(done=1, total=4, text="hashing pictures")
    images = np.concatenate([part.images for part in parts])
    tests = np.concatenate([np.full(len(part.images), part.test) for part in parts]).tolist()
    hashes = [hashlib.sha256(picture).hexdigest() for picture in images]
    copies = len(hashes) - len(set(hashes))
    if copies:
        yield findings.note(f"{copies:,} pictures are exact copies of others and stay in")
    yield Progress(done=2, total=4, text="comparing pictures")
    words, notes = captions.for_rows(source, len(images))
    for note in notes:
        yield findings.note(note)
    labels = _joined(parts)
    names: tuple[str, ...] = ()
    if labels is None:
        labels, names = captions.classes_for_rows(source, len(images))
        if names:
            yield findings.note("classes come from the list of captions")
    data = ArraySet(images, labels, hashes, tests, words, names)
    data = yield from _without_near(data, findings, near_policy)
    yield Progress(done=4, total=4, text="sorting pictures")
    return data


def _parts(
    source: Source, wanted: Sequence[str], findings: Findings
) -> Generator[Event, None, list[arrays.Part]]:
    names = list(wanted)
    if not any(map(arrays.is_idx_name, names)) and len(names) > 1:
        together = arrays.belong_together(sorted(names, key=source.size, reverse=True))
        for name in names:
            if name not in together:
                yield findings.skip(name, "holds other arrays: add it by itself", TYPE)
        names = [name for name in names if name in together]
    parts = [part for part in arrays.parts_of(source, names) if len(part.images)]
    if not parts:
        raise BadInput(
            "no usable pictures were found in the arrays",
            next_step="An npz holds pictures as (count, height, width[, channels]).",
        )
    return parts


def _without_near(
    data: ArraySet, findings: Findings, policy: NearPolicy
) -> Generator[Event, None, ArraySet]:
    """Count pictures that look like an earlier one (exact copies apart); perhaps drop them."""
    alike, seen, stay = near.Neighbours(), set(), []
    for start in range(0, len(data.images), _CHUNK):
        looks = near.hashes(data.images[start : start + _CHUNK])
        for place, value in enumerate(looks, start):
            twin = alike.find(value) if data.hashes[place] not in seen else None
            seen.add(data.hashes[place])
            if twin is None:
                alike.add(value, str(place))
                stay.append(place)
            else:
                findings.near += 1
        done = 2 + 2 * min(1.0, (start + _CHUNK) / len(data.images))
        yield Progress(done=done, total=4, text="comparing pictures")
    if not findings.near:
        return data
    if policy == "skip":
        findings.skipped += findings.near
        findings.skipped_by[NEAR] += findings.near
        yield findings.note(f"{findings.near:,} pictures look nearly like others: left out", NEAR)
        return data.only(stay)
    yield findings.note(f"{findings.near:,} pictures look nearly like others and stay in", NEAR)
    return data


def _joined(parts: list[arrays.Part]) -> np.ndarray | None:
    """Labels of all parts, or None where any part has none."""
    if any(part.labels is None for part in parts):
        return None
    return np.concatenate([part.labels for part in parts if part.labels is not None])
