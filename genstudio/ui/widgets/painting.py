"""A paint event whose painter is ended whatever happens.

A painter that an exception leaves active (its traceback holds the frame) makes Qt crash at the
next paint; ending it here turns that into an ordinary report.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QPainter, QPaintEvent

Draw = Callable[[Any, Any], None]


def painting(draw: Draw, kind: type[QPainter] = QPainter) -> Callable[[Any, QPaintEvent], None]:
    """Turn `draw(self, painter)` into a `paintEvent`."""

    @functools.wraps(draw)
    def paint_event(self: Any, _event: QPaintEvent) -> None:
        painter = kind(self)
        try:
            draw(self, painter)
        finally:
            painter.end()

    return paint_event
