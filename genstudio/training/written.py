"""Live samples of models that write: kept as JSON, and one of them as a picture for the card."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from genstudio.media import image
from genstudio.training.feeding import Feed
from genstudio.training.objective import Networks, Objective, Written

SUFFIX = ".json"
COUNT = 4
"""Samples where the recipe asks for no prompts of its own."""
SIDE, MARGIN, LINE = 512, 32, 26  # pixels of a cover
_PAPER, _GIVEN, _INK = (250, 248, 243), (140, 134, 122), (32, 30, 28)
_MOST = 4000  # characters of a sample that are kept


def write(objective: Objective, networks: Networks, batches: Feed, seed: int) -> list[Written]:
    """What the networks write now from fixed prompts and noise; [] where they write nothing."""
    writes = getattr(objective, "writes", None)
    return [] if writes is None else list(writes(networks, batches.shown(COUNT), COUNT, seed))


def samples(objective: Objective, networks: Networks, batches: Feed, seed: int) -> bytes | None:
    """The same as JSON, {"samples": [{"prompt", "text"}]}; None where nothing is written."""
    found = write(objective, networks, batches, seed)
    return to_bytes(found) if found else None


def to_bytes(found: Sequence[Written]) -> bytes:
    """Samples as they lie in a run's folder."""
    told = [{"prompt": one.prompt[-_MOST:], "text": one.text[:_MOST]} for one in found]
    return (json.dumps({"samples": told}, ensure_ascii=False, indent=1) + "\n").encode()


def cover(objective: Objective, networks: Networks, batches: Feed, seed: int) -> bytes:
    """A PNG of a page with the first sample, or with a text of the data."""
    found = write(objective, networks, batches, seed)
    if found:
        return page(found[0].prompt, found[0].text)
    tokenizer = objective.tokenizer  # type: ignore[attr-defined]
    return page("", tokenizer.decode(batches.shown(1).tokens[0].tolist()))


def page(prompt: str, text: str) -> bytes:
    """A PNG of 512 x 512 pixels: `prompt` in grey, behind it `text` in black, as far as it fits."""
    paper = Image.new("RGB", (SIDE, SIDE), _PAPER)
    draw, font = ImageDraw.Draw(paper), ImageFont.load_default(18)
    left = len(prompt)
    for number, line in enumerate(_lines(prompt + text)[: (SIDE - 2 * MARGIN) // LINE]):
        y, given = MARGIN + number * LINE, line[: max(0, left)]
        draw.text((MARGIN, y), given, _GIVEN, font)
        draw.text((MARGIN + draw.textlength(given, font), y), line[len(given) :], _INK, font)
        left -= len(line) + 1
    return image.png(np.asarray(paper))


def _lines(text: str) -> list[str]:
    """Lines of about 46 characters: what fits beside each other on a cover."""
    found: list[str] = []
    for line in text[:_MOST].splitlines():
        found += textwrap.wrap(line, 46, drop_whitespace=False) or [""]
    return [line.rstrip() if not line.isspace() else "" for line in found]
