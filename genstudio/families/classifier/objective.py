"""What the classifier is trained for: cross entropy; validation accuracy chooses the model.

Label smoothing: Szegedy et al. 2016 (section 7).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from torch import Tensor, nn
from torch.nn import functional as F

from genstudio.core.stored import Json
from genstudio.families.classifier.network import ClassifierConfig, build
from genstudio.training.doctor import Detector
from genstudio.training.objective import Batch, Networks, Phase, StepInfo

FIELDS = ("size", "channels", "width", "features", "dropout")


def networks(config: Mapping[str, Any]) -> dict[str, nn.Module]:
    """The classifier of a manifest config."""
    fields = {name: config[name] for name in FIELDS}
    return build(ClassifierConfig(classes=len(config["class_names"]), **fields))


class ClassifierObjective:
    """See `training.objective.Objective`. `options` are checked recipe options."""

    best = ("accuracy", "higher")
    ema = frozenset({"classifier"})

    def __init__(self, config: Mapping[str, Json], options: Mapping[str, Json]) -> None:
        self.config: dict[str, Any] = dict(config)
        self.options: dict[str, Any] = dict(options)
        self.networks = networks(self.config)

    def phases(self) -> list[Phase]:
        return [Phase("classifier", ("classifier",))]

    def loss(self, phase: str, batch: Batch, step: StepInfo) -> tuple[Tensor, dict[str, Tensor]]:
        assert batch.labels is not None
        _, logits = self.networks["classifier"](batch.images)  # (b, classes)
        loss = F.cross_entropy(logits, batch.labels, label_smoothing=self.options["smoothing"])
        return loss, {"accuracy": _accuracy(logits, batch.labels)}

    def validate(self, networks: Networks, batch: Batch) -> dict[str, Tensor]:
        """Accuracy (0 to 1) and cross entropy in nats."""
        assert batch.labels is not None
        _, logits = networks["classifier"](batch.images)
        loss = F.cross_entropy(logits, batch.labels)
        return {"accuracy": _accuracy(logits, batch.labels), "loss": loss}

    def finish(self, networks: Networks, batches: Iterator[Batch], seed: int) -> None:
        """Nothing is measured afterwards."""

    def preview(self, networks: Networks, batch: Batch, count: int, seed: int) -> None:
        """A judge makes no pictures."""
        return None

    def asked(self, batch: Batch, count: int) -> list[str]:
        """Nothing is asked for."""
        return []

    def samples(self, networks: Networks, batch: Batch, count: int, seed: int) -> None:
        """Nor does it draw any."""
        return None

    def detectors(self) -> list[Detector]:
        """The general signs are all there is to see."""
        return []


def make(config: Mapping[str, Json], options: Mapping[str, Json]) -> ClassifierObjective:
    """The objective of a recipe: `config` from the family, `options` checked."""
    return ClassifierObjective(config, options)


def _accuracy(logits: Tensor, labels: Tensor) -> Tensor:
    return (logits.argmax(dim=1) == labels).float().mean()
