"""Keeps True, False and None alive under Python 3.11, where Qt's bindings wear them out.

PySide6 6.12 returns True from every `Signal.emit` without counting the reference (measured:
50 emits take 50 references away; None goes the same way for QVariant arguments). Python 3.12
made these objects immortal; 3.11 aborts with "bool_dealloc: deallocating True or False" after
some thousand signals. Here they get a count that no program can use up.
"""

from __future__ import annotations

import ctypes
import sys

_PLENTY = 1 << 40


def spare_singletons() -> bool:
    """Raise the three counts, once; False where the Python in use does not need it."""
    if sys.implementation.name != "cpython" or sys.version_info >= (3, 12):
        return False
    for value in (True, False, None):
        count = ctypes.c_ssize_t.from_address(id(value))
        # The count is the first field of an object, but not in every special build of Python.
        if abs(count.value - sys.getrefcount(value)) < 16 and count.value < _PLENTY // 2:
            count.value += _PLENTY
    return True
