"""Sessions: the models a worker keeps open, the least recently used one closed first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path

from genstudio.core.errors import BadInput
from genstudio.core.manifest import MANIFEST
from genstudio.engine.device import Device
from genstudio.engine.loaded_model import LoadedModel

MOST_MODELS = 4
MOST_BYTES = 2 * 1024**3

_Key = tuple[str, int, int, str]
Copies = Callable[[], Mapping[str, bytes]]
"""Reads the graphs that run in place of the package's own (`LoadedModel.copies`)."""


class Sessions:
    """Opened models by folder; a package that changed on disk is opened anew."""

    def __init__(self, device: Device, memory_mb: int = 0) -> None:
        self.device = device
        self.memory_mb = memory_mb
        self._models: OrderedDict[_Key, LoadedModel] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, folder: Path, variant: str = "", copies: Copies | None = None) -> LoadedModel:
        """The model in `folder`, ready to work (an earlier stop is forgotten).

        A `variant` of the same package lives beside it; `copies` is asked when it is opened.
        """
        key = (*_stamp(folder), variant)
        with self._lock:
            model = self._models.get(key)
            if model is None:
                self._drop(key)
                more = copies() if copies else None
                model = LoadedModel.open(folder, self.device, self.memory_mb, more)
                self._models[key] = model
            self._models.move_to_end(key)
            self._trim()
        model.begin()
        return model

    def stop(self) -> None:
        """End whatever call or load is running, from any thread."""
        with self._lock:
            models = list(self._models.values())
        for model in models:
            model.stop()

    def close(self) -> None:
        """Close all models and give their memory back."""
        with self._lock:
            for model in self._models.values():
                model.close()
            self._models.clear()

    def __len__(self) -> int:
        return len(self._models)

    def _drop(self, wanted: _Key) -> None:
        """Close what was opened of this folder before it changed."""
        for key in [key for key in self._models if key[0] == wanted[0] and key[:3] != wanted[:3]]:
            self._models.pop(key).close()

    def _trim(self) -> None:
        limit = self.memory_mb * 1024**2 // 2 if self.memory_mb else MOST_BYTES
        while len(self._models) > 1 and (len(self._models) > MOST_MODELS or self._bytes() > limit):
            _, model = self._models.popitem(last=False)
            model.close()

    def _bytes(self) -> int:
        return sum(e.size for model in self._models.values() for e in model.manifest.files)


def _stamp(folder: Path) -> tuple[str, int, int]:
    try:
        facts = (folder / MANIFEST).stat()
    except OSError as error:
        raise BadInput(f"{folder.name} holds no {MANIFEST}", file=folder) from error
    return str(folder.resolve()), facts.st_mtime_ns, facts.st_size
