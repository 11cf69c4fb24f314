"""PySide6 6.12.0 wore out True and None under Python 3.11; the one we ship must not.

It returned them from calls without counting the reference: after some thousand signals Python
aborted with "Fatal Python error: bool_dealloc". The pinned version is watched here.
"""

from __future__ import annotations

import subprocess
import sys

_MANY = """
from PySide6.QtCore import QObject, Signal

class Bell(QObject):
    rung = Signal(object)

bell = Bell()
for _ in range(50_000):
    bell.rung.emit(None)
    bell.setObjectName("bell")
print("alive")
"""


def test_fifty_thousand_signals_are_survived():
    done = subprocess.run(
        [sys.executable, "-c", _MANY], capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == "alive", done.stderr
