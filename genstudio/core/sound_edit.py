"""What somebody changed about a sound before it leaves: the part that stays, and its loudness."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field, model_validator

from genstudio.core.stored import Plain


class SoundEdit(Plain):
    """`first` and `last` in seconds (`last` 0: to the end) stay; `normalise` brings the loudest
    sample to 0.98. The file in the gallery is left as it is."""

    first: Annotated[float, Field(ge=0)] = 0.0
    last: Annotated[float, Field(ge=0)] = 0.0
    normalise: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> SoundEdit:
        finite = math.isfinite(self.first) and math.isfinite(self.last)
        if not finite or (self.last and self.last <= self.first):
            raise ValueError("the part that stays ends before it begins")
        return self

    @property
    def changes(self) -> bool:
        """True where anything is done at all."""
        return bool(self.first or self.last or self.normalise)
