"""Colours of a picture as the key and the tempo of a piece. Numpy only.

There is no right answer to what a picture sounds like; this is a fixed rule, so that the same
picture always says the same, and somebody can learn to play with it:

* Tonic: the picture's hue on the circle of fifths, as both are circles of twelve. Red is C, and
  every 30 degrees of hue is a fifth further: orange G, yellow D, green E, cyan F♯ and, written
  with flats from there on, blue A♭, magenta B♭. The hue is the mean of all pixels as vectors,
  weighed by how colourful they are. A picture without colour (grey) says C. (Scriabin's keyboard
  of colours goes by fifths too.)
* Mode: major where the picture is bright or warm, minor where it is dark or cold (people pair
  major with bright and warm colours: Palmer et al., "Music-color associations are mediated by
  emotion", PNAS 110, 2013). Score = brightness - 0.5 + 0.2 * warmth; from 0 on it is major.
* Tempo: 60 for a grey, even picture, up to 160 for a colourful, contrasting one, in steps of 2:
  60 + 100 * (0.6 * colourfulness + 0.4 * contrast). (The same study: faster music, more
  saturated colours.)

Brightness is the mean lightness L* (CIE 1976) and contrast twice its spread; colourfulness is
twice the mean chroma, because few pictures have half of what a pure colour has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genstudio.core.composing import MAJORS, MINORS, key_word
from genstudio.media.colour import check_pixels, convert

SIDE = 256
"""A picture may be made so small before it is read: nothing changes that one would notice."""
SLOWEST, FASTEST, STEP = 60, 160, 2
_COLOURLESS = 0.04
"""Mean colourfulness below which the hue says nothing."""
_WARM = 45.0
"""Degrees of the warmest hue (between red and yellow); the coldest lies opposite."""
_WORDS = (
    "red", "orange", "yellow", "yellow-green", "green", "sea green",
    "cyan", "sky blue", "blue", "violet", "magenta", "rose",
)  # fmt: skip
_FIFTHS = (0, 1, 2, 3, 4, 5, 6, -5, -4, -3, -2, -1)
"""Sharps (or minus flats) of the major key of each of the twelve hues."""
_WRITTEN = {"D♭": "C♯", "A♭": "G♯", "E♭": "D♯"}
"""Tonics of minor keys with fewer signs: D♭ minor would have eight flats."""


@dataclass(frozen=True)
class Reading:
    """What a picture's colours are: `hue` in degrees (None for grey), the others from 0 to 1,
    `warmth` from -1 (blue) to 1 (orange)."""

    hue: float | None
    brightness: float
    warmth: float
    colourful: float
    contrast: float

    @property
    def step(self) -> int:
        """Which of the twelve hues it is, 0 = red; 0 for grey."""
        return 0 if self.hue is None else round(self.hue / 30) % 12

    @property
    def minor(self) -> bool:
        """Whether it is darker and colder than it is bright and warm."""
        return self.brightness - 0.5 + 0.2 * self.warmth < 0

    @property
    def key(self) -> str:
        """The key, as the control of the same name has it."""
        tonic = MAJORS[_FIFTHS[self.step] + 7]
        if not self.minor:
            return key_word(_FIFTHS[self.step], False)
        return key_word(MINORS.index(_WRITTEN.get(tonic, tonic)) - 7, True)

    @property
    def tempo(self) -> int:
        """Quarters a minute, even."""
        share = 0.6 * self.colourful + 0.4 * self.contrast
        return SLOWEST + STEP * round((FASTEST - SLOWEST) / STEP * min(1.0, share))

    @property
    def sentence(self) -> str:
        """What was read and what it became."""
        light = "bright" if self.brightness >= 0.5 else "dark"
        if self.hue is None:
            look = f"grey and {light}"
        else:
            warm = "warm" if self.warmth > 0 else "cold"
            look = f"mostly {_WORDS[self.step]}, {light} and {warm}"
        lively = self.tempo > (SLOWEST + FASTEST) / 2
        pace = "strong" if lively else "gentle"
        return f"The picture is {look}: {self.key}. Its colours are {pace}: {self.tempo} bpm."


def read(pixels: np.ndarray) -> Reading:
    """The colours of a uint8 picture (h, w, c); what is see-through counts as white."""
    picture = convert(check_pixels(pixels), 3).reshape(-1, 3).astype(np.float64) / 255  # (n, 3)
    red, green, blue = picture.T
    # The plane of hue: chroma in two dimensions (Hanbury, "Constructing cylindrical coordinate
    # colour spaces", 2008).
    across = red - (green + blue) / 2
    up = np.sqrt(3) / 2 * (green - blue)
    chroma = np.hypot(across, up)
    colourful = float(chroma.mean())
    hue = np.degrees(np.arctan2(up.mean(), across.mean())) % 360
    grey = colourful < _COLOURLESS or float(np.hypot(up.mean(), across.mean())) < _COLOURLESS / 4
    light = _lightness(picture)
    towards = np.cos(np.radians(_WARM)) * across + np.sin(np.radians(_WARM)) * up
    warmth = 0.0 if grey else float(towards.mean() / max(colourful, 1e-9))
    return Reading(
        hue=None if grey else float(hue),
        brightness=float(light.mean()),
        warmth=min(1.0, max(-1.0, warmth)),
        colourful=min(1.0, 2 * colourful),
        contrast=min(1.0, float(light.std()) * 2),
    )


def _lightness(picture: np.ndarray) -> np.ndarray:
    """L* from 0 to 1 (n,) of sRGB from 0 to 1 (n, 3)."""
    linear = np.where(picture <= 0.04045, picture / 12.92, ((picture + 0.055) / 1.055) ** 2.4)
    much = linear @ np.array([0.2126, 0.7152, 0.0722])
    return np.where(much > 216 / 24389, 1.16 * np.cbrt(much) - 0.16, much * 24389 / 2700)
