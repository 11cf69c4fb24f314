"""Folders, zips and arrays that the tests of datasets share."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from genstudio.core.errors import BadInput
from genstudio.core.events import Done, Event, Log
from genstudio.core.paths import Home
from genstudio.datasets import ingest
from genstudio.datasets.gather import Wishes
from genstudio.media import image
from tests.helpers.making import picture


def png(seed: int, side: int = 20, channels: int = 3) -> bytes:
    """A small picture that no other seed makes."""
    return image.png(picture(side, side, channels, seed))


def fill(folder: Path, contents: Mapping[str, bytes]) -> Path:
    """Write files below `folder`; returns it."""
    for name, data in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def class_folders(folder: Path, counts: Mapping[str, int], channels: int = 3) -> Path:
    """`counts` pictures in each class folder."""
    seed = iter(range(100_000))
    return fill(
        folder,
        {
            f"{name}/{number:04d}.png": png(next(seed), channels=channels)
            for name, count in counts.items()
            for number in range(count)
        },
    )


def zipped(entries: Mapping[str, bytes], packing: int = zipfile.ZIP_STORED) -> bytes:
    """A zip file with entries of any name, even those a writer would not make."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        for name, data in entries.items():
            entry = zipfile.ZipInfo(name)
            # The constructor cleans names; villains do not.
            entry.filename = name
            entry.compress_type = packing
            archive.writestr(entry, data)
    return buffer.getvalue()


def idx(array: np.ndarray, packed: bool = True) -> bytes:
    """An idx file of unsigned bytes."""
    head = b"\x00\x00\x08" + bytes([array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    data = head + array.astype(np.uint8).tobytes()
    return gzip.compress(data, 1) if packed else data


def npz(**arrays: np.ndarray) -> bytes:
    """A compressed npz file."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def add(home: Home, source: Path, name: str = "set", **options: object) -> list[Event]:
    """All events of adding a dataset; classes, column and near are wishes."""
    wished = {key: options.pop(key) for key in ("classes", "column", "near") if key in options}
    wishes = Wishes(**wished)  # type: ignore[arg-type]
    return list(ingest.add(home, source, name, wishes=wishes, **options))  # type: ignore[arg-type]


def facts(events: list[Event]) -> dict:
    """The data of Done, which comes last."""
    assert isinstance(events[-1], Done)
    return events[-1].data


def said(events: list[Event]) -> str:
    """All log lines."""
    return "\n".join(event.text for event in events if isinstance(event, Log))


class MemorySource:
    """A Source without a disk."""

    root = Path("/nowhere")
    is_folder = True

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._contents = contents
        self.faults: dict[str, str] = {}

    def names(self) -> list[str]:
        """See Source."""
        return sorted(self._contents)

    def read(self, name: str) -> bytes:
        """See Source."""
        if name not in self._contents:
            raise BadInput(f"{name} is gone")
        return self._contents[name]

    def size(self, name: str) -> int:
        """See Source."""
        return len(self._contents.get(name, b""))

    def has(self, name: str) -> bool:
        """See Source."""
        return name in self._contents

    @contextmanager
    def place(self, name: str) -> Iterator[bytes]:
        """See Source."""
        yield self._contents[name]

    def close(self) -> None:
        """See Source."""
