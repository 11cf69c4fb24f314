"""The smallest thing a Trainer can train: two networks, three phases, every kind of state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from genstudio.core.controls import Int
from genstudio.core.family import Family, Preset, Task
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.training.device import Device
from genstudio.training.doctor import Detector
from genstudio.training.objective import Batch, Networks, Phase, StepInfo
from genstudio.training.to_onnx import GraphSpec
from genstudio.training.trainer import Trainer

CPU = Device("cpu", "CPU", "", 1)
SIDE = 4


class Maker(nn.Module):
    """z (b, 3) -> pictures (b, 1, 4, 4); has batch norm, dropout and a convolution."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = nn.Linear(3, 2 * SIDE * SIDE)
        self.norm = nn.BatchNorm2d(2)
        self.drop = nn.Dropout(0.2)
        self.last = nn.Conv2d(2, 1, 3, padding=1)

    def forward(self, z: Tensor) -> Tensor:
        x = self.dense(z).view(-1, 2, SIDE, SIDE)
        return torch.tanh(self.last(self.drop(torch.relu(self.norm(x)))))


class Judge(nn.Module):
    """Pictures -> score (b,)."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = nn.Linear(SIDE * SIDE, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.dense(x.flatten(1))[:, 0]


class Toy:
    """An objective with two optimisers, one phase repeated and one only now and then."""

    best: tuple[str, str] | None = ("error", "lower")
    ema = frozenset({"maker"})

    def __init__(self) -> None:
        torch.manual_seed(3)
        self.networks: dict[str, nn.Module] = {"maker": Maker(), "judge": Judge()}
        self.seen: list[int] = []
        self.finished = 0

    def phases(self) -> list[Phase]:
        return [
            Phase("judge", ("judge",), repeats=2),
            Phase("slope", ("judge",), every=3),
            Phase("maker", ("maker",), lr_scale=0.5),
        ]

    def loss(self, phase: str, batch: Batch, step: StepInfo) -> tuple[Tensor, dict[str, Tensor]]:
        self.seen.append(batch.size)
        if phase == "slope":
            return self.networks["judge"].dense.weight.square().mean(), {}
        made = self.networks["maker"](torch.randn(batch.size, 3))
        if phase == "maker":
            return -self.networks["judge"](made).mean() + made.square().mean(), {}
        real = self.networks["judge"](batch.images)
        loss = (self.networks["judge"](made.detach()) - real).mean() + real.square().mean()
        return loss, {"score": real.mean()}

    def validate(self, networks: Networks, batch: Batch) -> dict[str, Tensor]:
        z = torch.linspace(-1, 1, 3 * batch.size).view(-1, 3)
        return {"error": (networks["maker"](z) - batch.images).square().mean()}

    def preview(self, networks: Networks, batch: Batch, count: int, seed: int) -> np.ndarray:
        z = torch.linspace(-1, 1, 3 * count).view(-1, 3)
        made = (networks["maker"](z) + 1) * 127.5
        return made.to(torch.uint8).permute(0, 2, 3, 1).numpy()

    def asked(self, batch: Batch, count: int) -> list[str]:
        return [f"picture {place}" for place in range(count)]

    def samples(self, networks: Networks, batch: Batch, count: int, seed: int) -> None:
        return None

    def detectors(self) -> list[Detector]:
        return []

    def finish(self, networks: Networks, batches: Iterator[Batch], seed: int) -> None:
        self.finished = next(batches).size


@dataclass
class Pictures:
    """Pixels made up here."""

    images: np.ndarray
    labels: np.ndarray | None
    captions: tuple[tuple[str, ...], ...] | None = None


def pictures(count: int = 50, seed: int = 0) -> Pictures:
    """Noise of 4 x 4 pixels with three classes."""
    numbers = np.random.default_rng(seed)
    images = numbers.integers(0, 256, (count, SIDE, SIDE, 1), dtype=np.uint8)
    return Pictures(images, numbers.integers(0, 3, count))


def recipe(**settings: Any) -> Recipe:
    """12 steps of 8 pictures (an epoch is six draws), everything switched on."""
    chosen = {
        "steps": 12, "batch": 8, "learning_rate": 0.01, "ema": 0.9, "flip": True, "clip": 1.0,
        "sample_every": 5, "validate_every": 4, "weight_decay": 0.1, "threads": 1,
        "checkpoint_seconds": 1000.0,
    }  # fmt: skip
    return Recipe(
        family="toy",
        model="toy",
        data="toys",
        seed=7,
        settings=TrainerSettings(**chosen | settings),
    )


def trainer(folder: Path, objective: Toy | None = None, **settings: Any) -> Trainer:
    """A Trainer on one thread."""
    torch.set_num_threads(1)
    return Trainer(
        recipe(**settings), objective or Toy(), pictures(), pictures(9, seed=1), folder, CPU
    )


def _config(options: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"size": SIDE, "channels": 1, "class_names": list(facts["classes"]), **options}


FAMILY = Family(
    name="toy",
    title="Toy",
    summary="",
    modality="image",
    tasks=lambda config: (Task(name="sample", title="", verb=""),),
    config=_config,
    options=(Int(name="fun", label="Fun", default=3, low=1, high=5, help="How much."),),
    presets=(Preset(name="tiny", title="", settings={"steps": 4, "batch": 5}),),
)


def graphs(networks: Networks, config: Mapping[str, Any]) -> list[GraphSpec]:
    """The maker's graph."""
    return [
        GraphSpec("maker", networks["maker"], lambda n: {"z": torch.randn(n, 3)}, ("image",)),
    ]


def part(family: str, module: str) -> Any:
    """What `families.part` is to the real families."""
    assert family == "toy"
    parts = {
        "family": SimpleNamespace(FAMILY=FAMILY),
        "objective": SimpleNamespace(make=lambda config, options: Toy()),
        "to_onnx": SimpleNamespace(graphs=graphs),
    }
    return parts[module]
