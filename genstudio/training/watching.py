"""Looking at a model while it is trained: validation, samples, finite weights."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genstudio.core.errors import GenStudioError
from genstudio.media import image
from genstudio.training import composed, heard, written
from genstudio.training.answer_batches import AnswerBatches
from genstudio.training.batches import Batches
from genstudio.training.ema import Ema
from genstudio.training.feeding import Feed
from genstudio.training.objective import Networks, Objective
from genstudio.training.token_batches import TokenBatches

SHOWN = 40
COLUMNS = 10
WATCHED = 2000
"""Training pictures that samples are compared with."""
BASELINE = 200
_MOST_NATS = 50.0  # a loss beyond it would make a perplexity that no number holds
SIDE = 28  # pixels to which pictures are shrunk before they are compared


@contextlib.contextmanager
def quiet(objective: Objective, ema: Ema) -> Iterator[dict[str, nn.Module]]:
    """The averaged networks, not training and without gradients; afterwards all train again."""
    networks = ema.over(objective.networks)
    for network in networks.values():
        network.eval()
    with torch.no_grad():
        yield networks
    for network in objective.networks.values():
        network.train()


def validate(objective: Objective, networks: Networks, batches: Feed) -> dict[str, float]:
    """The objective's numbers over all held-out pictures, as "valid/<name>"; may be empty."""
    sums: dict[str, float] = {}
    count = 0
    for batch in batches.held_out():
        for name, value in objective.validate(networks, batch).items():
            sums[name] = sums.get(name, 0.0) + float(value) * batch.size
        count += batch.size
    values = {f"valid/{name}": value / count for name, value in sums.items()}
    if isinstance(batches, TokenBatches | AnswerBatches) and "valid/loss" in values:
        values["valid/perplexity"] = math.exp(min(values["valid/loss"], _MOST_NATS))
    return values


@dataclass(frozen=True)
class Seen:
    """What a model makes now: a file of samples called *`suffix` (None: nothing can be seen),
    what each was asked for, numbers for the log, and `more` files beside it by suffix."""

    data: bytes | None
    suffix: str = ".png"
    asked: list[str] = field(default_factory=list)
    values: dict[str, float] = field(default_factory=dict)
    more: dict[str, bytes] = field(default_factory=dict)


def watch(objective: Objective, batches: Feed, seed: int) -> Callable[[Networks], Seen]:
    """What looks at the networks of `objective` now and then, always with the same noise."""
    if heard.makes(objective):
        return lambda networks: _sounded(objective, networks, batches, seed)
    if composed.makes(objective):
        return lambda networks: _composed(objective, networks, batches, seed)
    if not isinstance(batches, Batches):
        return lambda networks: Seen(
            written.samples(objective, networks, batches, seed), written.SUFFIX
        )
    watcher = Watcher(batches)

    def look(networks: Networks) -> Seen:
        png = sheet(objective, networks, batches, seed)
        made = objective.samples(networks, batches.shown(1), SHOWN, seed)
        values = watcher.measure(made)
        return Seen(png, asked=asked(objective, batches) if png else [], values=values)

    return look


def _sounded(objective: Objective, networks: Networks, batches: Feed, seed: int) -> Seen:
    data, more, told = heard.samples(objective, networks, batches, seed)
    return Seen(data, asked=told, more=more)


def _composed(objective: Objective, networks: Networks, batches: Feed, seed: int) -> Seen:
    data, more = composed.samples(objective, networks, batches, seed)
    return Seen(data, more=more)


def sheet(objective: Objective, networks: Networks, batches: Feed, seed: int) -> bytes | None:
    """A PNG of samples at fixed noise, or None where the objective has nothing to show."""
    pixels = objective.preview(networks, batches.shown(SHOWN), SHOWN, seed)
    return None if pixels is None else image.png(image.grid(list(pixels), COLUMNS))


def asked(objective: Objective, batches: Feed) -> list[str]:
    """What each picture of the sheet was asked for; [] where nothing was."""
    return objective.asked(batches.shown(SHOWN), SHOWN)


class Watcher:
    """Measures the samples at fixed noise against the data.

    - watch/diversity: mean distance between samples, divided by that between real pictures.
    - watch/nearest: median distance of a sample to its nearest training picture, divided by the
      same of held-out pictures (without any: of training pictures to their nearest other one).
      About 1 is new, near 0 is copied.
    """

    def __init__(self, batches: Batches) -> None:
        self._batches = batches
        self._real: Tensor | None = None  # (n, k) float32
        self._usual = (0.0, 0.0)

    def measure(self, pixels: np.ndarray | None) -> dict[str, float]:
        """The two numbers for samples (n, h, w, c) uint8; {} where they mean nothing."""
        if pixels is None or len(pixels) < 2:
            return {}
        made = _shrunk(pixels)
        if self._real is None:
            self._real = self._look()
        spread, nearest = self._usual
        if not spread or not nearest:
            return {}
        away = torch.cdist(made, self._real).min(dim=1).values.median()
        return {
            "watch/diversity": float(torch.pdist(made).mean()) / spread,
            "watch/nearest": float(away) / nearest,
        }

    def _look(self) -> Tensor:
        data, held = self._batches.data, self._batches.held
        real = _shrunk(_some(data.images, WATCHED))
        few = real[:: max(1, len(real) // BASELINE)][:BASELINE]
        if len(few) < 2:
            return real
        if held is not None:
            nearest = torch.cdist(_shrunk(_some(held.images, BASELINE)), real).min(dim=1).values
        else:
            nearest = torch.cdist(few, real).topk(2, dim=1, largest=False).values[:, 1]
        self._usual = float(torch.pdist(few).mean()), float(nearest.median())
        return real


def _some(images: np.ndarray, count: int) -> np.ndarray:
    """Up to `count` pictures, evenly spread over all."""
    chosen = np.unique(np.linspace(0, len(images) - 1, min(count, len(images))).astype(np.int64))
    return np.ascontiguousarray(images[chosen])


def _shrunk(pixels: np.ndarray) -> Tensor:
    """(n, h, w, c) uint8 -> (n, k) float32 in [0, 1], at most 28 pixels a side."""
    parts = []
    for start in range(0, len(pixels), 250):
        part = torch.from_numpy(pixels[start : start + 250]).permute(0, 3, 1, 2)  # (b, c, h, w)
        size = (min(SIDE, part.shape[2]), min(SIDE, part.shape[3]))
        parts.append(F.adaptive_avg_pool2d(part.to(torch.float32) / 255, size).flatten(1))
    return torch.cat(parts)


def cover(objective: Objective, networks: Networks, batches: Feed, seed: int) -> bytes:
    """A PNG that shows what the model makes, or what it looks at where it makes nothing."""
    if heard.makes(objective):
        return heard.cover(objective, networks, batches, seed)
    if composed.makes(objective):
        return composed.cover(objective, networks, batches, seed)
    if not isinstance(batches, Batches):
        return written.cover(objective, networks, batches, seed)
    return sheet(objective, networks, batches, seed) or data_sheet(batches)


def data_sheet(batches: Batches) -> bytes:
    """A PNG of the pictures that a model without samples of its own looks at."""
    return image.png(image.grid(list(batches.pixels(SHOWN)), COLUMNS))


def check_finite(networks: list[nn.Module]) -> None:
    """Raise GenStudioError where a weight or buffer is NaN or infinite."""
    tensors = [
        value
        for network in networks
        for value in network.state_dict().values()
        if value.is_floating_point()
    ]
    if tensors and not torch.isfinite(torch.nn.utils.get_total_norm(tensors)):
        raise GenStudioError("The weights hold numbers that are not finite; nothing was saved")
