"""Looking at a model while it is trained: validation, the sheet of samples, finite weights."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import torch
from torch import nn

from genstudio.core.errors import GenStudioError
from genstudio.media import image
from genstudio.training.batches import Batches
from genstudio.training.ema import Ema
from genstudio.training.objective import Networks, Objective

SHOWN = 40
COLUMNS = 10


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


def validate(objective: Objective, networks: Networks, batches: Batches) -> dict[str, float]:
    """The objective's numbers over all held-out pictures, as "valid/<name>"; may be empty."""
    sums: dict[str, float] = {}
    count = 0
    for batch in batches.held_out():
        for name, value in objective.validate(networks, batch).items():
            sums[name] = sums.get(name, 0.0) + float(value) * batch.size
        count += batch.size
    return {f"valid/{name}": value / count for name, value in sums.items()}


def sheet(objective: Objective, networks: Networks, batches: Batches, seed: int) -> bytes | None:
    """A PNG of samples at fixed noise, or None where the objective has nothing to show."""
    pixels = objective.preview(networks, batches.shown(SHOWN), SHOWN, seed)
    return None if pixels is None else image.png(image.grid(list(pixels), COLUMNS))


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
