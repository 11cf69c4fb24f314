"""Callbacks that may come and go while others are being called."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)


class Listeners:
    """A list of callbacks; a fault in one is logged and the others are still called."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._callbacks: list[Callable[..., None]] = []

    def add(self, callback: Callable[..., None]) -> Callable[[], None]:
        """Call `callback` from now on; returns the function that ends it."""
        with self._lock:
            self._callbacks.append(callback)
        return lambda: self._remove(callback)

    def _remove(self, callback: Callable[..., None]) -> None:
        with self._lock:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

    def __call__(self, *values: Any) -> None:
        """Call all of them with `values`."""
        with self._lock:
            callbacks = list(self._callbacks)
        for callback in callbacks:
            try:
                callback(*values)
            except Exception:
                log.exception("a listener failed")
