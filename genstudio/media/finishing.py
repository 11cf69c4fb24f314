"""What may be done to a picture on its way out: its background made clear, its pixels larger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from genstudio.core.errors import UsageError
from genstudio.media import cutout

Background = Literal["keep", "hard", "soft"]
SCALES = (1, 2, 4, 8, 16)
BACKGROUNDS: tuple[Background, ...] = ("keep", "hard", "soft")
CLEAR_SUFFIXES = (".png", ".webp")


@dataclass(frozen=True)
class Finish:
    """`enlarge` makes each pixel a block of that side; `background` see `cutout.cut_out`."""

    enlarge: int = 1
    background: Background = "keep"
    tolerance: int = cutout.TOLERANCE

    def check(self, suffix: str = "") -> Finish:
        """The same; raises UsageError where a value is unknown or `suffix` cannot hold it."""
        if self.enlarge not in SCALES:
            words = ", ".join(map(str, SCALES))
            raise UsageError(f"the scale must be one of {words}, not {self.enlarge}")
        if self.background not in BACKGROUNDS:
            words = ", ".join(BACKGROUNDS)
            raise UsageError(f"the background is one of {words}, not {self.background!r}")
        if not 0 <= self.tolerance <= 100:
            raise UsageError(f"the tolerance goes from 0 to 100, not {self.tolerance}")
        if self.background != "keep" and suffix and suffix.lower() not in CLEAR_SUFFIXES:
            raise UsageError(
                f"{suffix.lstrip('.').upper()} files have no transparency",
                next_step="Choose PNG or WebP, or keep the background.",
            )
        return self

    def applied(self, pixels: np.ndarray) -> np.ndarray:
        """uint8 (h, w, c), or frames (n, h, w, c) which keep their background, finished."""
        if self.background != "keep" and pixels.ndim == 3:
            pixels = cutout.cut_out(pixels, self.tolerance, self.background)
        if self.enlarge == 1:
            return pixels
        rows = pixels.ndim - 3
        return pixels.repeat(self.enlarge, axis=rows).repeat(self.enlarge, axis=rows + 1)
