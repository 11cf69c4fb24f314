"""Signals wear out True under Python 3.11; a program with a million of them must live."""

from __future__ import annotations

import subprocess
import sys

import pytest

from genstudio.ui.immortal import spare_singletons

_MANY = """
import sys
if sys.argv[1] == "spared":
    from genstudio.ui.immortal import spare_singletons
    spare_singletons()
from PySide6.QtCore import QObject, Signal

class Bell(QObject):
    rung = Signal(object)

bell = Bell()
for _ in range(200_000):
    bell.rung.emit(None)
print("alive")
"""


def test_two_hundred_thousand_signals_are_survived():
    done = subprocess.run(
        [sys.executable, "-c", _MANY, "spared"], capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == "alive", done.stderr


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="these objects are immortal from 3.12 on")
def test_it_may_be_called_twice():
    assert spare_singletons()
    before = sys.getrefcount(True)
    assert spare_singletons()
    assert abs(sys.getrefcount(True) - before) < 1000
    assert sys.getrefcount(None) > 1 << 39
