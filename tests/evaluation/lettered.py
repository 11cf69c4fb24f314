"""A model of text whose every probability is known: the next letter depends on the last one."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np

from genstudio.engine.device import Device
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.logits import Settings
from genstudio.evaluation import word_lists
from genstudio.evaluation.text_material import TextMaterial
from genstudio.evaluation.text_pieces import Passage
from genstudio.media import tokens

TALE = (
    "Once there was a king who had a daughter, and she was so kind that the birds sat on her hand. "
    "Every morning she went down to the well and let the golden bucket sink into the dark water. "
)
STORM = (
    "The ship rolled heavily while the captain shouted at the terrified crew below the mast. "
    "Black waves rose out of the night and the cold spray struck their faces like thrown sand. "
)


class Letters:
    """A Stepper: p(next | last) from counts of `text` by `tokenizer`, with one of each added."""

    def __init__(self, tokenizer: tokens.Tokenizer, text: str, context: int = 64) -> None:
        self.context = context
        counts = np.ones((tokenizer.size, tokenizer.size))
        ids = tokenizer.encode(text)
        np.add.at(counts, (ids[:-1], ids[1:]), 50)
        self.table = np.log(counts / counts.sum(axis=1, keepdims=True)).astype(np.float32)
        self.begun = 0
        self.sizes: list[tuple[int, int]] = []
        self._rows = 0

    def begin(self, tokens: np.ndarray) -> np.ndarray:
        assert 1 <= tokens.shape[1] <= self.context
        self.begun = tokens.shape[1]
        self._rows = len(tokens)
        self.sizes.append(tokens.shape)
        return self.table[tokens]

    def step(self, tokens: np.ndarray) -> np.ndarray:
        assert tokens.shape == (self._rows,)
        self.begun += 1
        assert self.begun <= self.context
        return self.table[tokens]

    def pick(self, rows: np.ndarray) -> None:
        self._rows = len(rows)


def passages(kind: str, count: int, seed: int) -> list[Passage]:
    """Texts of shuffled words of one kind."""
    source = {"tales": TALE, "storms": STORM}[kind].split()
    rng = np.random.default_rng([seed, len(kind)])
    return [
        Passage(" ".join(rng.choice(source, 260)) + "\n", kind, f"{kind} {number}")
        for number in range(count)
    ]


def model(
    tokenizer: tokens.Tokenizer, folder: Path = Path("letters"), sha256: str = ""
) -> LoadedModel:
    """What evaluation asks an opened model for; trained on the data with this hash."""
    trained = (SimpleNamespace(sha256=sha256),) if sha256 else ()
    manifest = SimpleNamespace(
        title="Letters",
        modality="text",
        family="letters",
        id="letters",
        trained_on=trained,
        base=None,
    )
    found = SimpleNamespace(
        manifest=manifest, device=Device("CPU", "", 1), folder=folder, tokenizer=tokenizer
    )
    return cast("LoadedModel", found)


def material(stepper: bool = True, context: int = 64, count: int = 12) -> TextMaterial:
    """Both kinds of text, a letter tokenizer that knows them, a model that counts letters."""
    train = passages("tales", 6, 1) + passages("storms", 6, 1)
    test = passages("tales", 4, 2) + passages("storms", 4, 2)
    every = "".join(one.text for one in train + test)
    tokenizer = tokens.train("chars", [every], 200, ("tales", "storms"))
    return TextMaterial(
        model=model(tokenizer),
        stepper=Letters(tokenizer, every, context) if stepper else None,
        tokenizer=tokenizer,
        train=train,
        test=test,
        count=count,
        seed=3,
        length=120,
        settings=Settings(temperature=0.8),
        lists=word_lists.read(),
        data={"data": "made-up", "split": "test", "data_sha256": "0" * 64},
    )
