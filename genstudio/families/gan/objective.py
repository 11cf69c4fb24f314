"""What a GAN is trained for: a critic phase, an optional lazy R1 phase and a generator phase.

Losses and their sources: losses.py. Labels of made pictures are drawn evenly over the classes
(Odena, Olah, Shlens 2017); the class heads learn from real pictures only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from genstudio.core.stored import Json
from genstudio.families.gan import distance, losses
from genstudio.families.gan.augment import augment
from genstudio.families.gan.doctor import CriticWins, ModeCollapse
from genstudio.families.gan.network import GanConfig, build
from genstudio.training.doctor import Detector
from genstudio.training.objective import Batch, Networks, Phase, StepInfo
from genstudio.training.tensors import fixed_normal, one_hot, to_pixels

LEAST = 64  # made pictures per validation batch
VALID_SEED = 4  # of their noise: the same at every validation
FIELDS = ("size", "channels", "latent", "width", "critic_width", "embedding", "spectral")


def networks(config: Mapping[str, Any]) -> dict[str, nn.Module]:
    """Generator and critic of a manifest config."""
    fields = {name: config[name] for name in FIELDS}
    return build(GanConfig(classes=len(config["class_names"]), **fields))


class GanObjective:
    """See `training.objective.Objective`. `options` are checked recipe options."""

    best = ("distance", "lower")
    ema = frozenset({"generator"})

    def __init__(self, config: Mapping[str, Json], options: Mapping[str, Json]) -> None:
        self.config: dict[str, Any] = dict(config)
        self.options: dict[str, Any] = dict(options)
        self.classes = len(self.config["class_names"])
        self.networks = networks(self.config)
        self.loss_kind: str = self.options["loss"]
        self.policy: str = self.config.get("augment", "off")
        self.features = distance.random_features(self.config["channels"])

    def phases(self) -> list[Phase]:
        o = self.options
        critic = Phase("critic", ("critic",), repeats=o["critic_steps"], lr_scale=o["critic_rate"])
        generator = Phase("generator", ("generator",))
        if not o["r1"] or self.loss_kind == "wgan-gp":
            return [critic, generator]
        lazy = Phase("penalty", ("critic",), every=o["r1_every"], lr_scale=o["critic_rate"])
        return [critic, lazy, generator]

    def loss(self, phase: str, batch: Batch, step: StepInfo) -> tuple[Tensor, dict[str, Tensor]]:
        if phase == "critic":
            return self._critic(batch)
        if phase == "penalty":
            o = self.options
            return losses.r1_penalty(self._score(batch), batch.images, o["r1"], o["r1_every"]), {}
        return self._generator(batch)

    def _critic(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        real = batch.images  # (b, c, h, w)
        z, label = self._noise(batch)
        with torch.no_grad():
            fake = self.networks["generator"](*_present(z, label))  # (b, c, h, w)
        both = None if label is None else torch.cat([self._labels(batch), label])
        seen = augment(torch.cat([real, fake]), self.policy)
        scores, logits = self.networks["critic"](*_present(seen, both))
        of_real, of_fake = scores.chunk(2)  # 2 x (b,)
        loss = losses.critic_loss(self.loss_kind, of_real, of_fake)
        more = {"score/real": of_real.mean(), "score/made": of_fake.mean()}
        if label is not None:
            named = losses.class_loss(logits[: batch.size], self._labels(batch))
            loss = loss + self.options["critic_class"] * named
            more["class/real"] = named
        if self.loss_kind == "wgan-gp":
            mix = torch.rand(batch.size, device=real.device)
            weight = self.options["penalty"]
            loss = loss + losses.gradient_penalty(self._score(batch), real, fake, mix, weight)
        return loss, more

    def _generator(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        z, label = self._noise(batch)
        fake = self.networks["generator"](*_present(z, label))  # (b, c, h, w)
        seen = augment(fake, self.policy)
        scores, logits = self.networks["critic"](*_present(seen, label))
        loss = losses.generator_loss(self.loss_kind, scores)
        if label is None:
            return loss, {}
        named = losses.class_loss(logits, label)
        return loss + self.options["generator_class"] * named, {"class/made": named}

    def validate(self, networks: Networks, batch: Batch) -> dict[str, Tensor]:
        """Kernel distance of as many made pictures, of the same classes, to the real ones."""
        device = batch.images.device
        network = distance.on(self.features, device)
        many = -(-LEAST // batch.size) if batch.size < LEAST else 1
        z = fixed_normal(many * batch.size, self.config["latent"], VALID_SEED, device)
        label = self._labels(batch).repeat(many, 1) if self.classes else None
        made = networks["generator"](*_present(z, label))  # (n, c, h, w)
        return {"distance": distance.kernel_distance(network(batch.images), network(made))}

    def finish(self, networks: Networks, batches: Iterator[Batch], seed: int) -> None:
        """Nothing is measured afterwards."""

    def preview(self, networks: Networks, batch: Batch, count: int, seed: int) -> np.ndarray:
        """One column per class where there are ten."""
        return self.samples(networks, batch, count, seed)

    def asked(self, batch: Batch, count: int) -> list[str]:
        """Their classes."""
        names = self.config["class_names"]
        return [names[place % self.classes] for place in range(count)] if self.classes else []

    def samples(self, networks: Networks, batch: Batch, count: int, seed: int) -> np.ndarray:
        """The classes in turn."""
        device = batch.images.device
        z = fixed_normal(count, self.config["latent"], seed, device)
        label = one_hot(torch.arange(count, device=device) % self.classes, self.classes) \
            if self.classes else None  # fmt: skip
        return to_pixels(networks["generator"](*_present(z, label)))

    def detectors(self) -> list[Detector]:
        return [CriticWins(), ModeCollapse()]

    def _noise(self, batch: Batch) -> tuple[Tensor, Tensor | None]:
        """Latent vectors (b, latent) and labels (b, classes) for as many pictures as in `batch`."""
        device = batch.images.device
        z = torch.randn(batch.size, self.config["latent"], device=device)
        if not self.classes:
            return z, None
        return z, one_hot(torch.randint(self.classes, (batch.size,), device=device), self.classes)

    def _labels(self, batch: Batch) -> Tensor:
        assert batch.labels is not None
        return one_hot(batch.labels, self.classes)  # (b, classes)

    def _score(self, batch: Batch) -> Any:
        """The critic as a function of pictures, with the labels of `batch`."""
        label = self._labels(batch) if self.classes else None
        critic = self.networks["critic"]
        return lambda x: critic(*_present(augment(x, self.policy), label))[0]


def make(config: Mapping[str, Json], options: Mapping[str, Json]) -> GanObjective:
    """The objective of a recipe: `config` from the family, `options` checked."""
    return GanObjective(config, options)


def _present(*values: Tensor | None) -> tuple[Tensor, ...]:
    return tuple(value for value in values if value is not None)
