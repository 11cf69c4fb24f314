"""A labelled sheet: pictures in columns and rows with the values of both axes beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from genstudio.core import paths
from genstudio.core.errors import BadInput
from genstudio.media import colour
from genstudio.media.reading import MAX_PIXELS
from genstudio.media.resizing import from_pillow, to_pillow, upscale

LEAST = 128
"""Pictures smaller than this are enlarged by whole factors, so that labels find room."""
GAP, MARGIN, LINE = 8, 24, 1.35
PAPER, INK, DIM, EMPTY = (255, 255, 255), (27, 29, 34), (95, 102, 114), (240, 241, 244)
_LINES = 3


@dataclass(frozen=True)
class Labels:
    """What stands on a sheet; `rows` () where there is one axis only."""

    title: str
    x: str
    columns: tuple[str, ...]
    y: str = ""
    rows: tuple[str, ...] = ()
    foot: str = ""


def draw(pictures: Sequence[np.ndarray | None], labels: Labels) -> np.ndarray:
    """The sheet as uint8 (h, w, 3): `pictures` row by row, uint8 (h, w, c) of any sizes.

    None leaves a place empty. Raises BadInput where it would be too large or nothing is there.
    """
    columns, rows = len(labels.columns), max(1, len(labels.rows))
    if len(pictures) != columns * rows or all(picture is None for picture in pictures):
        raise BadInput("There are no pictures for the sheet")
    sizes = [_size(picture) for picture in pictures if picture is not None]
    page = _Page(labels, max(width for _, width in sizes), max(height for height, _ in sizes))
    if page.size[0] * page.size[1] > MAX_PIXELS:
        raise BadInput("The sheet would have too many pixels; sweep fewer values")
    return page.draw(pictures)


class _Page:
    """Measures of a sheet whose places are `width` × `height` pixels."""

    def __init__(self, labels: Labels, width: int, height: int) -> None:
        self.labels, self.width, self.height = labels, width, height
        self.text = max(14, min(width, height) // 12)
        self.small, self.bold = _font(self.text), _font(self.text, bold=True)
        self.heads = [_wrapped(word, self.small, width) for word in labels.columns]
        widest = max((self.small.getlength(word) for word in labels.rows), default=0.0)
        side = min(math.ceil(widest) + 1, max(width, 160)) if labels.rows else 0
        self.sides = [_wrapped(word, self.small, side) for word in labels.rows]
        step = round(self.text * LINE)
        self.step = step
        self.left = MARGIN + (side + 2 * GAP if labels.rows else 0)
        lines = max(len(head) for head in self.heads)
        self.titles = _wrapped(labels.title, self.bold, self._body())
        self.top = MARGIN + step * (len(self.titles) + 1 + lines) + 2 * GAP
        self.feet = _wrapped(labels.foot, self.small, self._body()) if labels.foot else []
        rows = max(1, len(labels.rows))
        bottom = self.top + rows * (height + GAP) - GAP
        self.bottom = bottom
        self.size = (
            self.left + len(labels.columns) * (width + GAP) - GAP + MARGIN,
            bottom + (GAP + step * len(self.feet) if self.feet else 0) + MARGIN,
        )

    def _body(self) -> int:
        across = len(self.labels.columns) * (self.width + GAP) - GAP
        return self.left - MARGIN + across

    def draw(self, pictures: Sequence[np.ndarray | None]) -> np.ndarray:
        """Paper, words, pictures."""
        page = Image.new("RGB", self.size, PAPER)
        pen = ImageDraw.Draw(page)
        self._words(pen)
        columns = len(self.labels.columns)
        for place, picture in enumerate(pictures):
            left = self.left + place % columns * (self.width + GAP)
            top = self.top + place // columns * (self.height + GAP)
            if picture is None:
                box = (left, top, left + self.width - 1, top + self.height - 1)
                pen.rectangle(box, fill=EMPTY)
                continue
            picture = upscale(colour.convert(picture, 3), LEAST)
            dx = (self.width - picture.shape[1]) // 2
            dy = (self.height - picture.shape[0]) // 2
            page.paste(to_pillow(picture), (left + dx, top + dy))
        return from_pillow(page)

    def _words(self, pen: ImageDraw.ImageDraw) -> None:
        labels, top = self.labels, MARGIN
        for line in self.titles:
            pen.text((MARGIN, top), line, fill=INK, font=self.bold)
            top += self.step
        top += GAP
        pen.text((self.left, top), labels.x, fill=DIM, font=self.small)
        if labels.rows:
            foot = self.top - GAP // 2 - self.step
            pen.text((MARGIN, foot), labels.y, fill=DIM, font=self.small)
        for column, head in enumerate(self.heads):
            middle = self.left + column * (self.width + GAP) + self.width // 2
            first = self.top - GAP // 2 - self.step * len(head)
            self._lines(pen, head, middle, first, "ma")
        for row, side in enumerate(self.sides):
            middle = self.top + row * (self.height + GAP) + self.height // 2
            first = middle - self.step * len(side) // 2
            self._lines(pen, side, self.left - 2 * GAP, first, "ra")
        self._lines(pen, self.feet, MARGIN, self.bottom + GAP, "la", DIM)

    def _lines(
        self,
        pen: ImageDraw.ImageDraw,
        lines: Sequence[str],
        x: int,
        top: int,
        anchor: str,
        ink: tuple[int, int, int] = INK,
    ) -> None:
        for number, line in enumerate(lines):
            pen.text((x, top + number * self.step), line, fill=ink, font=self.small, anchor=anchor)


def _size(pixels: np.ndarray) -> tuple[int, int]:
    """(height, width) of a picture as it will stand there."""
    height, width = pixels.shape[:2]
    factor = max(1, -(-LEAST // min(height, width)))
    return height * factor, width * factor


def _wrapped(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """At most three lines of `width` pixels; what is left over ends in an ellipsis."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < _LINES:
        line = words.pop(0)
        while words and face.getlength(f"{line} {words[0]}") <= width:
            line += f" {words.pop(0)}"
        if len(lines) == _LINES - 1 and words:
            line, words = f"{line} {' '.join(words)}", []
        lines.append(_cut(line, face, width))
    return lines or [""]


def _cut(line: str, face: ImageFont.FreeTypeFont, width: int) -> str:
    if face.getlength(line) <= width:
        return line
    while line and face.getlength(f"{line}…") > width:
        line = line[:-1]
    return f"{line.rstrip()}…"


@lru_cache(maxsize=8)
def _font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Inter as it ships with the program; Pillow's own where it is missing."""
    name = "Inter-SemiBold.otf" if bold else "Inter-Regular.otf"
    try:
        return ImageFont.truetype(str(paths.resources() / "fonts" / name), size)
    except OSError:
        found = ImageFont.load_default(size)
        assert isinstance(found, ImageFont.FreeTypeFont)
        return found
