"""What the reader is trained for: for each attribute the cross entropy of its values.

Pictures without a caption say nothing and count nowhere. Label smoothing: Szegedy et al. 2016
(section 7). Validation accuracy, the mean over attributes, chooses the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genstudio.core import attributes
from genstudio.core.attributes import Labels
from genstudio.core.errors import UsageError
from genstudio.core.stored import Json
from genstudio.families.attributes.network import ReaderConfig, build
from genstudio.training.doctor import Detector
from genstudio.training.objective import Batch, Networks, Phase, StepInfo

FIELDS = ("size", "channels", "width", "features", "dropout")
UNKNOWN = -100
"""Label of a picture without a caption; cross entropy leaves it out."""


def networks(config: Mapping[str, Any]) -> dict[str, nn.Module]:
    """The reader of a manifest config."""
    fields = {name: config[name] for name in FIELDS}
    return build(ReaderConfig(answers=attributes.size(attributes.of_config(config)), **fields))


class ReaderObjective:
    """See `training.objective.Objective`. `options` are checked recipe options."""

    best = ("accuracy", "higher")
    ema = frozenset({"reader"})

    def __init__(self, config: Mapping[str, Json], options: Mapping[str, Json]) -> None:
        self.config: dict[str, Any] = dict(config)
        self.options: dict[str, Any] = dict(options)
        self.networks = networks(self.config)
        self.slots = attributes.of_config(config)
        self._labels = Labels(self.slots)

    def phases(self) -> list[Phase]:
        return [Phase("reader", ("reader",))]

    def loss(self, phase: str, batch: Batch, step: StepInfo) -> tuple[Tensor, dict[str, Tensor]]:
        return self._judged(self.networks, batch, self.options["smoothing"])

    def validate(self, networks: Networks, batch: Batch) -> dict[str, Tensor]:
        """Accuracy (0 to 1) and cross entropy in nats, means over the attributes."""
        loss, more = self._judged(networks, batch, 0.0)
        return {"accuracy": more["accuracy"], "loss": loss}

    def finish(self, networks: Networks, batches: Iterator[Batch], seed: int) -> None:
        """Nothing is measured afterwards."""

    def preview(self, networks: Networks, batch: Batch, count: int, seed: int) -> None:
        """A judge makes no pictures."""
        return None

    def samples(self, networks: Networks, batch: Batch, count: int, seed: int) -> None:
        """Nor does it draw any."""
        return None

    def asked(self, batch: Batch, count: int) -> list[str]:
        """Nobody asks for anything."""
        return []

    def detectors(self) -> list[Detector]:
        """The general signs are all there is to see."""
        return []

    def labels(self, batch: Batch) -> Tensor:
        """What the captions say, int64 (b, slots); UNKNOWN without a caption. Raises UsageError."""
        if batch.captions is None:
            raise UsageError("an attribute reader needs pictures with captions")
        unknown = (UNKNOWN,) * len(self.slots)
        rows = [self._labels.of(said) if said else unknown for said in batch.captions]
        return torch.tensor(rows, device=batch.images.device)

    def _judged(
        self, networks: Networks, batch: Batch, smoothing: float
    ) -> tuple[Tensor, dict[str, Tensor]]:
        labels = self.labels(batch)  # (b, slots)
        _, logits = networks["reader"](batch.images)  # (b, answers)
        parts = logits.split([len(slot.values) + 1 for slot in self.slots], dim=1)
        known = (labels[:, 0] != UNKNOWN).sum().clamp(min=1)
        loss, right = logits.sum() * 0, torch.zeros((), device=logits.device)
        for part, label in zip(parts, labels.unbind(1), strict=True):
            entropy = F.cross_entropy(part, label, reduction="sum", label_smoothing=smoothing)
            loss = loss + entropy / known
            right = right + (part.argmax(dim=1) == label).sum() / known
        count = len(self.slots)
        return loss / count, {"accuracy": right / count}


def make(config: Mapping[str, Json], options: Mapping[str, Json]) -> ReaderObjective:
    """The objective of a recipe: `config` from the family, `options` checked."""
    return ReaderObjective(config, options)
