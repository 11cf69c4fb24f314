"""What a VAE is trained for: one phase that moves encoder and decoder together.

Losses and their sources: losses.py. A share of the pictures comes in damaged and is compared
with the undamaged one, so that denoise, complete and anomaly work.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from genstudio.core.stored import Json
from genstudio.families.vae import losses, prior
from genstudio.families.vae.doctor import PosteriorCollapse
from genstudio.families.vae.network import VaeConfig, build
from genstudio.training.doctor import Detector
from genstudio.training.objective import Batch, Networks, Phase, StepInfo
from genstudio.training.tensors import fixed_normal, one_hot, to_pixels

FIELDS = ("size", "channels", "latent", "width", "hidden")
FITTED_ON = 20_000  # pictures; more hardly move means and covariances


def networks(config: Mapping[str, Any]) -> dict[str, nn.Module]:
    """Encoder and decoder of a manifest config, and the fitted prior where it has one."""
    fields = {name: config[name] for name in FIELDS}
    found = build(VaeConfig(classes=len(config["class_names"]), **fields))
    if config["prior_parts"]:
        found["prior"] = prior.Prior(config["prior_parts"], config["latent"])
    return found


class VaeObjective:
    """See `training.objective.Objective`. `options` are checked recipe options."""

    best = ("bound", "lower")
    ema = frozenset({"encoder", "decoder"})

    def __init__(self, config: Mapping[str, Json], options: Mapping[str, Json]) -> None:
        self.config: dict[str, Any] = dict(config)
        self.options: dict[str, Any] = dict(options)
        self.classes = len(self.config["class_names"])
        self.networks = networks(self.config)

    def phases(self) -> list[Phase]:
        return [Phase("bound", ("encoder", "decoder"))]

    def loss(self, phase: str, batch: Batch, step: StepInfo) -> tuple[Tensor, dict[str, Tensor]]:
        o = self.options
        shown = self._damaged(batch.images) if o["denoise"] else batch.images
        error, kl, _ = self._terms(self.networks, batch, shown, o["free_bits"], drawn=True)
        beta = losses.beta_at(step.step, o["beta"], round(o["warm_up"] * step.steps))
        return error + beta * kl, {"reconstruction": error, "kl": kl}

    def validate(self, networks: Networks, batch: Batch) -> dict[str, Tensor]:
        """Negative bound and its halves in nats per picture, at the posterior mean."""
        error, kl, _ = self._terms(networks, batch, batch.images, 0.0, drawn=False)
        return {"bound": error + self.options["beta"] * kl, "reconstruction": error, "kl": kl}

    def preview(self, networks: Networks, batch: Batch, count: int, seed: int) -> np.ndarray:
        """Half drawn from the prior, then a quarter originals and below them their copies."""
        quarter = count // 4
        few = Batch(
            batch.images[:quarter], None if batch.labels is None else batch.labels[:quarter]
        )
        _, _, decoded = self._terms(networks, few, few.images, 0.0, drawn=False)
        drawn = self._drawn(networks, batch, count - 2 * quarter, seed)
        return to_pixels(torch.cat([drawn, few.images, decoded]))

    def asked(self, batch: Batch, count: int) -> list[str]:
        """Nothing: half of the sheet are copies."""
        return []

    def samples(self, networks: Networks, batch: Batch, count: int, seed: int) -> np.ndarray:
        """Drawn from the prior, the classes in turn."""
        return to_pixels(self._drawn(networks, batch, count, seed))

    def detectors(self) -> list[Detector]:
        return [PosteriorCollapse()]

    def _drawn(self, networks: Networks, batch: Batch, count: int, seed: int) -> Tensor:
        """Pictures (count, c, h, w) at fixed noise."""
        z = fixed_normal(count, self.config["latent"], seed, batch.images.device)
        label = torch.arange(count, device=z.device) % max(1, self.classes)
        labels = [one_hot(label, self.classes)] if self.classes else []
        if "prior" in networks:
            parts = self.config["prior_parts"]
            even = torch.arange(count, device=z.device) % parts
            z = networks["prior"].blend(z, one_hot(even, parts))  # type: ignore[operator]
        drawn: Tensor = networks["decoder"](z, *labels)
        return drawn

    @torch.no_grad()
    def finish(self, networks: Networks, batches: Iterator[Batch], seed: int) -> None:
        """Fit the prior to the codes of training pictures."""
        if "prior" not in networks:
            return
        means, variances, groups = [], [], []
        count = 0
        for batch in batches:
            mean, logvar = networks["encoder"](batch.images, *self._labels(batch))
            means.append(mean.cpu())
            variances.append(logvar.exp().cpu())
            groups += [batch.labels.cpu()] if batch.labels is not None else []
            count += batch.size
            if count >= FITTED_ON:
                break
        codes, parts = torch.cat(means), self.config["prior_parts"]
        groups = torch.cat(groups) if self.classes else prior.clusters(codes, parts, seed)
        prior.fit(networks["prior"], codes, torch.cat(variances), groups)

    def _terms(
        self, networks: Networks, batch: Batch, shown: Tensor, free_bits: float, *, drawn: bool
    ) -> tuple[Tensor, Tensor, Tensor]:
        """(reconstruction error, KL, decoded pictures (b, c, h, w)) with `shown` as input."""
        labels = self._labels(batch)
        mean, logvar = networks["encoder"](shown, *labels)  # 2 x (b, latent)
        z = losses.reparameterise(mean, logvar, torch.randn_like(mean)) if drawn else mean
        decoded = networks["decoder"](z, *labels)
        error = losses.reconstruction(self.options["likelihood"], decoded, batch.images)
        return error, losses.kl_loss(mean, logvar, free_bits), decoded

    def _labels(self, batch: Batch) -> list[Tensor]:
        if not self.classes:
            return []
        assert batch.labels is not None
        return [one_hot(batch.labels, self.classes)]  # (b, classes)

    def _damaged(self, images: Tensor) -> Tensor:
        b, device = images.shape[0], images.device
        damaged = losses.corrupt(
            images,
            torch.rand(b, device=device),
            torch.randn_like(images),
            torch.rand(b, 4, device=device),
        )
        chosen = torch.rand(b, 1, 1, 1, device=device) < self.options["denoise"]
        return torch.where(chosen, damaged, images)


def make(config: Mapping[str, Json], options: Mapping[str, Json]) -> VaeObjective:
    """The objective of a recipe: `config` from the family, `options` checked."""
    return VaeObjective(config, options)
