"""Sessions: the models a worker keeps open, the least recently used one closed first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

from genstudio.core.errors import BadInput
from genstudio.core.manifest import MANIFEST
from genstudio.engine.device import Device
from genstudio.engine.loaded_model import LoadedModel

MOST_MODELS = 4
MOST_BYTES = 2 * 1024**3

_Key = tuple[str, int, int]


class Sessions:
    """Opened models by folder; a package that changed on disk is opened anew."""

    def __init__(self, device: Device, memory_mb: int = 0) -> None:
        self.device = device
        self.memory_mb = memory_mb
        self._models: OrderedDict[_Key, LoadedModel] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, folder: Path) -> LoadedModel:
        """The model in `folder`, ready to work (an earlier stop is forgotten)."""
        key = _key(folder)
        with self._lock:
            model = self._models.get(key)
            if model is None:
                self._drop(key[0])
                model = LoadedModel.open(folder, self.device, self.memory_mb)
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

    def _drop(self, folder: str) -> None:
        for key in [key for key in self._models if key[0] == folder]:
            self._models.pop(key).close()

    def _trim(self) -> None:
        limit = self.memory_mb * 1024**2 // 2 if self.memory_mb else MOST_BYTES
        while len(self._models) > 1 and (len(self._models) > MOST_MODELS or self._bytes() > limit):
            _, model = self._models.popitem(last=False)
            model.close()

    def _bytes(self) -> int:
        return sum(e.size for model in self._models.values() for e in model.manifest.files)


def _key(folder: Path) -> _Key:
    try:
        facts = (folder / MANIFEST).stat()
    except OSError as error:
        raise BadInput(f"{folder.name} holds no {MANIFEST}", file=folder) from error
    return str(folder.resolve()), facts.st_mtime_ns, facts.st_size
