"""What a diffusion model is trained for: to find the noise in a noisy picture.

- Ho et al. 2020 (section 3.4, algorithm 1): the plain squared error.
- Salimans, Ho 2022: velocity in place of noise. Hang et al. 2023: Min-SNR weights.
- Kingma et al. 2021, Variational diffusion models (appendix I.1): noise levels spread evenly
  over a batch, which makes the loss less noisy.
- Ho, Salimans 2021, Classifier-free guidance (algorithm 1): the condition is now and then hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from genstudio.core.errors import UsageError
from genstudio.core.stored import Json
from genstudio.families.diffusion.distilling import Teacher
from genstudio.families.diffusion.doctor import AverageLags, WordsIgnored
from genstudio.families.diffusion.guiding import Guide, encoded, guided
from genstudio.families.diffusion.network import DiffusionConfig, UNet, build, places_of
from genstudio.families.diffusion.noising import Noising
from genstudio.families.diffusion.saying import Sayings
from genstudio.families.diffusion.sketching import missed, surprise
from genstudio.training.doctor import Detector
from genstudio.training.objective import Batch, Networks, Phase, StepInfo
from genstudio.training.tensors import to_pixels

FIELDS = ("size", "channels", "width", "patch", "levels", "depth", "length", "text_width")
SHOWN_STEPS = 12
"""Steps of a picture in the sample sheet: enough to judge it, cheap enough to be drawn often."""
LEVELS = 4
"""Noise levels at which a held-out picture is measured."""
NOISY = (2, 3)
"""Those of them at which words matter, because little of the picture is left."""
Encoded = tuple[Tensor, ...]
"""What the U-Net takes beside x and t, as `guiding.encoded` gives it."""
ASKED = 48
"""Pictures of a validation batch that the doctor asks about."""


def networks(config: Mapping[str, Any]) -> dict[str, nn.Module]:
    """The networks of a manifest config."""
    kind = config["condition"]
    places = {"none": 0, "classes": len(config["class_names"]) + 1}.get(kind, 0)
    if kind == "text":
        places = places_of(len(config["words"]))
    fields = {name: config[name] for name in FIELDS}
    # Older models read each word by itself and know no sketch.
    more: dict[str, Any] = {"reach": config.get("reach", 1), "sketch": config.get("sketch", 0)}
    more["over"] = bool(more["sketch"]) and config.get("prediction") == "sample"
    return build(DiffusionConfig(places=places, text=kind == "text", **more, **fields))


class DiffusionObjective:
    """See `training.objective.Objective`. `options` are checked recipe options."""

    best: tuple[str, str] | None = ("error", "lower")

    def __init__(self, config: Mapping[str, Json], options: Mapping[str, Json]) -> None:
        self.config: dict[str, Any] = dict(config)
        self.options: dict[str, Any] = dict(options)
        c = self.config
        self.noising = Noising(c["schedule"], c["noise_steps"], c["prediction"])
        self.sayings = Sayings(c, self.options)
        self.networks = networks(c)
        self.moving = tuple(self.networks)
        self.ema = frozenset(self.moving)
        self._sketching = False
        if c.get("sketch"):
            self.best = ("total", "lower")  # while the sketch learns alone, only its error falls
        self.teacher: Teacher | None = None
        self.copies: dict[str, str] = {}
        if c["distilled"]:
            guide = Guide.of({**c, "distilled": 0})
            self.teacher = Teacher(self.networks, self.noising, c["distilled"], guide)
            self.networks |= self.teacher.networks
            self.copies = self.teacher.copies
            self.best = ("miss", "lower")  # its error as a denoiser says little of its few steps

    def begun(self, parent: Mapping[str, Json]) -> list[str]:
        """Sentences about what changes in the weights of a model of config `parent`: where it
        answered something else, the U-Net's last layer begins again near zero.

        Raises UsageError where a distilled model would have to imitate such a parent.
        """
        was = parent.get("prediction", self.config["prediction"])
        if was == self.config["prediction"]:
            return []
        if self.teacher is not None:
            raise UsageError(
                "A distilled model answers as its teacher does",
                next_step=f"Set “Prediction” to that of the teacher ({was}).",
            )
        unet = self.networks["unet"]
        assert isinstance(unet, UNet)
        unet.answer_anew()
        return ["It answered something else before: the last layer of the U-Net starts anew."]

    def phases(self) -> list[Phase]:
        return [Phase("denoise", self.moving)]

    def loss(self, phase: str, batch: Batch, step: StepInfo) -> tuple[Tensor, dict[str, Tensor]]:
        if self.teacher is not None:
            tokens = self.sayings.training(batch, 0.0)
            return self.teacher.loss(self.networks, batch.images, tokens, self.sayings), {}
        b, device = batch.size, batch.images.device
        tokens = self.sayings.training(batch, self.options["drop"])
        said = encoded(self.networks, tokens)
        total, parts = self._sketched(batch.images, said)
        self._sketching = bool(parts) and step.share < self.options["sketch_first"]
        if self._sketching:
            return total, parts
        even = (torch.rand((), device=device) + torch.arange(b, device=device) / b) % 1
        t = (even * self.noising.steps).long()
        noise = torch.randn_like(batch.images)
        errors = self._errors(self.networks, batch.images, noise, t, said)
        early = step.share < self.options["min_snr_until"]
        weights = self.noising.weight(t, self.options["min_snr"] if early else 0.0)
        return total + (weights * errors).mean(), {"error": errors.mean(), **parts}

    def _sketched(self, x0: Tensor, said: Encoded) -> tuple[Tensor, dict[str, Tensor]]:
        """What sketches learn from the pictures; how far they are off, as a number to be shown."""
        if not self.config.get("sketch"):
            return x0.new_zeros(()), {}
        errors = missed(said[2], x0, self.config["patch"])
        return surprise(errors).mean(), {"sketch": errors.mean()}

    def _errors(
        self, networks: Networks, x0: Tensor, noise: Tensor, t: Tensor, said: Encoded
    ) -> Tensor:
        """Mean squared error of each picture's answer, (b,)."""
        alpha, sigma = self.noising.parts(t)
        out = networks["unet"](alpha * x0 + sigma * noise, t, *said)
        wanted = self.noising.target(x0, noise, t)
        return (out.float() - wanted).square().mean(dim=(1, 2, 3))

    def validate(self, networks: Networks, batch: Batch) -> dict[str, Tensor]:
        """The error over noise levels, at fixed noise and with the first caption, and that of the
        sketch; for the doctor what the right words gain, and how far the averaged weights lag, as
        shares of the error."""
        tokens = self.sayings.plain(batch)
        if self.teacher is not None:
            return {"miss": self._missed(self.teacher, networks, batch, tokens)}
        said = encoded(networks, tokens)
        levels = [self._at_level(networks, batch, said, level) for level in range(LEVELS)]
        error = torch.stack(levels).mean()
        _, parts = self._sketched(batch.images, said)
        found = {"error": error, **parts, **({"total": error + parts["sketch"]} if parts else {})}
        # A U-Net that has not learnt yet has nothing to tell the doctor.
        return found if self._sketching else found | self._for_doctor(networks, batch, tokens)

    def _at_level(self, networks: Networks, batch: Batch, said: Encoded, level: int) -> Tensor:
        """Mean error at a noise level (from 0), the noise being the same every time."""
        device = batch.images.device
        noise = fixed(tuple(batch.images.shape), level, device)
        step = int((level + 0.5) / LEVELS * self.noising.steps)
        t = torch.full((batch.size,), step, device=device)
        return self._errors(networks, batch.images, noise, t, said).mean()

    def _missed(
        self, teacher: Teacher, networks: Networks, batch: Batch, tokens: Tensor | None
    ) -> Tensor:
        """How far a student lands from its teacher, at the same noise every time."""
        x0 = batch.images[:ASKED]
        noise = fixed(tuple(x0.shape), 0, x0.device)
        place = torch.arange(len(x0), device=x0.device) % len(teacher.grid)
        own = None if tokens is None else tokens[:ASKED]
        return teacher.miss(networks, x0, noise, place, own, self.sayings)

    def _for_doctor(
        self, networks: Networks, batch: Batch, tokens: Tensor | None
    ) -> dict[str, Tensor]:
        few = Batch(batch.images[:ASKED])
        own = None if tokens is None else tokens[:ASKED]

        def error(nets: Networks, asked: Tensor | None) -> Tensor:
            said = encoded(nets, asked)
            return torch.stack([self._at_level(nets, few, said, level) for level in NOISY]).mean()

        right = error(networks, own)
        found = {"lag": right / error(self.networks, own) - 1}
        if own is not None:
            found["words"] = error(networks, own.roll(1, 0)) / right - 1
        return found

    def preview(self, networks: Networks, batch: Batch, count: int, seed: int) -> np.ndarray:
        """Pictures at fixed noise for the recipe's prompts, or for captions of the batch."""
        return self.samples(networks, batch, count, seed)

    def asked(self, batch: Batch, count: int) -> list[str]:
        """The recipe's prompts or the batch's captions, or the classes."""
        return self.sayings.asked(batch, count)

    def samples(self, networks: Networks, batch: Batch, count: int, seed: int) -> np.ndarray:
        """The same as the preview, drawn once for both."""
        mark = (id(networks["unet"]), seed, count, _sum(networks["unet"]))
        if getattr(self, "_mark", None) != mark:
            self._pixels, self._mark = self._drawn(networks, batch, count, seed), mark
        return self._pixels

    @torch.no_grad()
    def _drawn(self, networks: Networks, batch: Batch, count: int, seed: int) -> np.ndarray:
        device, c = batch.images.device, self.config
        x = fixed((count, c["channels"], c["size"], c["size"]), seed, device)
        tokens = self.sayings.shown(batch, count)
        grid = [*self.noising.grid(c["distilled"] or SHOWN_STEPS), -1]
        for t, to in pairwise(grid):
            at = torch.full((count,), t, device=device)
            x0 = guided(networks, self.noising, x, at, tokens, self.sayings, Guide.of(c))
            x = self.noising.step(x, x0.clamp(-1, 1), at, torch.full_like(at, to))
        return to_pixels(x)

    def detectors(self) -> list[Detector]:
        return [WordsIgnored(), AverageLags()]

    def finish(self, networks: Networks, batches: Iterator[Batch], seed: int) -> None:
        """The teacher of a distilled model stays behind."""
        if self.teacher is not None and isinstance(networks, dict):
            for name in self.teacher.networks:
                networks.pop(name, None)


def fixed(shape: tuple[int, ...], seed: int, device: torch.device) -> Tensor:
    """Standard normal numbers that depend on `seed` alone, whatever the device."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).to(device)


def _sum(network: nn.Module) -> float:
    """A number that changes when the network learns."""
    return float(sum(p.detach().double().sum() for p in network.parameters()))


def make(config: Mapping[str, Json], options: Mapping[str, Json]) -> DiffusionObjective:
    """The objective of a recipe: `config` from the family, `options` checked."""
    return DiffusionObjective(config, options)
