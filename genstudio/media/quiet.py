"""Keep a library's warnings about foreign files away from people and from `-W error`.

`warnings.catch_warnings` swaps global state; two threads that leave it in the wrong order would
silence the whole program for good. Here the first one in switches and the last one out restores.
"""

from __future__ import annotations

import contextlib
import threading
import warnings
from collections.abc import Iterator

from PIL import Image

_lock = threading.Lock()
_inside = 0
_saved = contextlib.ExitStack()


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """No warnings inside, but Pillow's one of decompression bombs is raised as an error."""
    global _inside
    with _lock:
        _inside += 1
        if _inside == 1:
            _saved.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0:
                _saved.close()
