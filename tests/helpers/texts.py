"""Generated texts to train on: two kinds of sentences that even a tiny model can tell apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np

KINDS = ("notes", "tales")
TEXTS, SENTENCES = 6, 30
_BEGINS = {"notes": "Buy some", "tales": "There was a"}
_THINGS = {"notes": ("bread", "pears", "soap"), "tales": ("king", "fox", "lamp")}
_PLACES = ("by the sea", "in the town", "at the door")


def text(kind: str, number: int) -> str:
    """One text of a kind, a sentence a line; what it says follows from `number`."""
    random = np.random.default_rng([KINDS.index(kind), number])
    lines = (
        f"{_BEGINS[kind]} {random.choice(_THINGS[kind])} {random.choice(_PLACES)}."
        for _ in range(SENTENCES)
    )
    return "\n".join(lines) + "\n"


def write(folder: Path) -> Path:
    """A folder for each kind with a file for each text; returns `folder`."""
    for kind in KINDS:
        for number in range(TEXTS):
            path = folder / kind / f"{kind}-{number}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text(kind, number), encoding="utf-8")
    return folder
