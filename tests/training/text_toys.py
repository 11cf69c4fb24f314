"""The smallest model of text: which token follows which, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn

from genstudio.core.controls import Float, Int, Switch, Text
from genstudio.core.family import Family, Preset, Task
from genstudio.core.picture_options import class_names
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.training.objective import Networks, Phase, Sequences, StepInfo, Written
from genstudio.training.to_onnx import GraphSpec

BOOK = "the cat sat on the mat. the dog sat on the log.\n" * 40


class Pairs:
    """An objective of one table (vocabulary, vocabulary)."""

    best = ("loss", "lower")
    ema = frozenset({"table"})

    def __init__(self, config: Mapping[str, Any]) -> None:
        torch.manual_seed(0)
        size = config["vocabulary"]
        self.networks: dict[str, nn.Module] = {"table": nn.Embedding(size, size)}
        self.tokenizer: Any = None

    def phases(self) -> list[Phase]:
        return [Phase("text", ("table",))]

    def _loss(self, networks: Networks, batch: Sequences) -> Tensor:
        logits = networks["table"](batch.tokens[:, :-1])
        return nn.functional.cross_entropy(logits.flatten(0, 1), batch.tokens[:, 1:].flatten())

    def loss(self, phase: str, batch: Sequences, step: StepInfo) -> tuple[Tensor, dict]:
        return self._loss(self.networks, batch), {}

    def validate(self, networks: Networks, batch: Sequences) -> dict[str, Tensor]:
        return {"loss": self._loss(networks, batch)}

    def writes(self, networks: Networks, batch: Sequences, count: int, seed: int) -> list[Written]:
        best = networks["table"].weight.argmax(dim=1)
        found = []
        for row in batch.tokens[:count]:
            token, made = row[3], []
            for _ in range(10):
                token = best[token]
                made.append(int(token))
            words = [self.tokenizer.decode(ids) for ids in (row[:4].tolist(), made)]
            found.append(Written(*words))
        return found

    def preview(self, *_: object) -> None:
        return None

    samples = preview

    def asked(self, *_: object) -> list[str]:
        return []

    def detectors(self) -> list:
        return []

    def finish(self, networks: Networks, batches: Iterator[Sequences], seed: int) -> None:
        next(batches)


def config(options: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    found = facts.get("tokenizer") or {"size": 0, "kind": "chars"}
    names = class_names(facts) if options["conditional"] else ()
    return {
        "vocabulary": found["size"], "context": options["context"], "class_names": list(names),
    }  # fmt: skip


FAMILY = Family(
    name="pairs",
    title="Pairs",
    summary="",
    modality="text",
    data_kind="text",
    tasks=lambda config: (Task(name="sample", title="", verb=""),),
    config=config,
    options=(
        Text(name="tokenizer", label="", default="auto", help=""),
        Int(name="vocabulary", label="", default=0, low=0, high=9999, help=""),
        Int(name="context", label="", default=16, low=1, high=999, help=""),
        Switch(name="conditional", label="", default=True, help=""),
        Switch(name="fim", label="", default=False, help=""),
        Float(name="drop", label="", default=0.0, low=0.0, high=1.0, help=""),
        Text(name="answer", label="", default="", help=""),
    ),
    presets=(Preset(name="tiny", title=""),),
)


def graphs(networks: Networks, config: Mapping[str, Any]) -> list[GraphSpec]:
    def example(count: int) -> dict[str, Tensor]:
        return {"tokens": torch.zeros(count, dtype=torch.int64)}

    return [GraphSpec("step", networks["table"], example, ("logits",))]


def part(family: str, module: str) -> Any:
    """What `families.part` is to the real families."""
    assert family == "pairs"
    parts = {
        "family": SimpleNamespace(FAMILY=FAMILY),
        "objective": SimpleNamespace(make=lambda config, options: Pairs(config)),
        "to_onnx": SimpleNamespace(graphs=graphs),
    }
    return parts[module]


def recipe(data: str = "book", **settings: Any) -> Recipe:
    """30 steps of 8 windows of 16 characters."""
    chosen = {
        "steps": 30, "batch": 8, "learning_rate": 0.1, "ema": 0.9, "holdout": 0.1, "threads": 1,
        "sample_every": 15, "validate_every": 15, "checkpoint_seconds": 1000.0,
    }  # fmt: skip
    return Recipe(
        family="pairs", model="pairs", data=data, seed=7,
        settings=TrainerSettings(**chosen | settings),
    )  # fmt: skip
