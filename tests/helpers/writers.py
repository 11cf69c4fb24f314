"""Models of text without a network: tables of chances behind the Stepper protocol."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
from onnx import helper

from genstudio.core.manifest import MANIFEST, TOKENIZER, Manifest
from genstudio.media import tokens
from tests.helpers import packages


class TableStepper:
    """What follows a token depends on the last two: logits (v, v, v) by the one before and it.

    `calls` counts what it was asked; `context` bounds what it holds, and reading more is an error.
    """

    def __init__(self, table: np.ndarray, context: int = 10_000) -> None:
        self.table, self.context = table, context
        self.calls = {"begin": 0, "step": 0, "pick": 0}
        self._rows = np.zeros((0, 0), np.int64)

    def begin(self, tokens: np.ndarray) -> np.ndarray:
        self.calls["begin"] += 1
        assert tokens.dtype == np.int64
        assert 1 <= tokens.shape[1] <= self.context
        self._rows = tokens
        before = np.concatenate([np.zeros_like(tokens[:, :1]), tokens[:, :-1]], axis=1)
        return self.table[before, tokens]

    def step(self, tokens: np.ndarray) -> np.ndarray:
        self.calls["step"] += 1
        assert len(tokens) == len(self._rows)
        assert self._rows.shape[1] < self.context
        before = self._rows[:, -1]
        self._rows = np.concatenate([self._rows, tokens[:, None]], axis=1)
        return self.table[before, tokens]

    def pick(self, rows: np.ndarray) -> None:
        self.calls["pick"] += 1
        self._rows = self._rows[rows]


def table(size: int, seed: int = 0, spread: float = 2.0) -> np.ndarray:
    """Random logits float32 (size, size, size)."""
    made = np.random.default_rng(seed).normal(0, spread, (size, size, size))
    return made.astype(np.float32)


def saying(tokenizer: tokens.Tokenizer, text: str, strength: float = 20.0) -> np.ndarray:
    """A table that says `text` and then ends; every pair of tokens in it must be different."""
    row = [0, *tokenizer.encode(text), 0]
    found = np.zeros((tokenizer.size,) * 3, np.float32)
    for one, two, three in zip([0, *row], row, row[1:]):
        found[one, two, three] = strength
    return found


def model(tokenizer: tokens.Tokenizer, **config: object) -> SimpleNamespace:
    """What decoding asks of an opened package."""
    return SimpleNamespace(
        tokenizer=tokenizer,
        config=config,
        kept={},
        manifest=SimpleNamespace(title="Table"),
        class_names=tuple(config.get("class_names", ())),
    )


def package(
    folder: Path, text: str, kind: tokens.Kind = "chars", name: str = "writer", **config: object
) -> Path:
    """A package of the LSTM family that says `text` over and over; no two characters of it may
    be the same. Its state is handed through untouched."""
    tokenizer = tokens.train(kind, [text], 300, tuple(config.get("class_names", ())))
    row = tokenizer.encode(text)
    table = np.zeros((tokenizer.size, tokenizer.size), np.float32)
    for one, two in zip(row, [*row[1:], row[0]], strict=True):
        table[one, two] = 12.0
    table[: len(tokenizer.specials), row[0]] = 12.0
    builder = packages.Builder()
    weight = builder.weight("table", table)
    nodes = [
        helper.make_node("Gather", [weight, "tokens"], ["logits"]),
        helper.make_node("Identity", ["h"], ["new_h"]),
        helper.make_node("Identity", ["c"], ["new_c"]),
    ]
    state = ("batch", 1, 2)
    ports = {"tokens": ("batch", "time"), "h": state, "c": state}
    outputs = {"logits": ("batch", "time", tokenizer.size), "new_h": state, "new_c": state}
    builder.graph("step", nodes, ports, outputs, [weight], whole=("tokens",))
    folder.mkdir(parents=True)
    (folder / TOKENIZER).write_bytes(tokenizer.to_bytes())
    sizes = {"vocabulary": tokenizer.size, "context": 64, "layers": 1, "width": 2}
    known = {**sizes, "tokenizer": kind, "fim": False, **config}
    builder.write(folder, "lstm", "text", known, probe=False)
    manifest = Manifest.read(folder / MANIFEST).model_copy(update={"id": name})
    (folder / MANIFEST).write_bytes(manifest.to_bytes())
    return folder
