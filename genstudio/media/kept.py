"""A store of things that can be made again, held to a number of bytes; safe between threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The things used last, `limit` bytes of them; at least the last one stays."""

    def __init__(self, limit: int, size: Callable[[T], int]) -> None:
        self._limit, self._size = limit, size
        self._lock = threading.Lock()
        self._things: OrderedDict[Hashable, T] = OrderedDict()
        self._held = 0

    def get(self, key: Hashable) -> T | None:
        """What was put under `key`, if it is still there."""
        with self._lock:
            if key not in self._things:
                return None
            self._things.move_to_end(key)
            return self._things[key]

    def put(self, key: Hashable, thing: T) -> None:
        """Keep `thing`; what was not used for longest gives way."""
        with self._lock:
            if key in self._things:
                self._held -= self._size(self._things.pop(key))
            self._things[key] = thing
            self._held += self._size(thing)
            while self._held > self._limit and len(self._things) > 1:
                self._held -= self._size(self._things.popitem(last=False)[1])

    def __len__(self) -> int:
        return len(self._things)
