"""Asking the network with and without its condition (torch side)."""

from __future__ import annotations

import torch
from torch import Tensor

from genstudio.families.diffusion.noising import Noising
from genstudio.families.diffusion.saying import Sayings
from genstudio.training.objective import Networks


def encoded(networks: Networks, tokens: Tensor | None, prefix: str = "") -> tuple[Tensor, ...]:
    """(pooled[, context]) of tokens (b, length), as the U-Net takes them; () without tokens."""
    if tokens is None:
        return ()
    found = networks[f"{prefix}text"](tokens)
    return (found[1], found[0]) if isinstance(found, tuple) else (found,)


def guided(
    networks: Networks, noising: Noising, x: Tensor, t: Tensor, tokens: Tensor | None,
    sayings: Sayings, guidance: float, prefix: str = "",
) -> Tensor:  # fmt: skip
    """The picture that x means, moved away from the unconditional one `guidance` times.

    Ho, Salimans 2021, equation 6 with 1 + w = guidance.
    """
    unet = networks[f"{prefix}unet"]
    if tokens is None or guidance == 1:
        return noising.x0(x, unet(x, t, *encoded(networks, tokens, prefix)), t)
    both = torch.cat([tokens, sayings.nothing(len(x), x.device)])
    x2, t2 = torch.cat([x, x]), torch.cat([t, t])
    with_, without = unet(x2, t2, *encoded(networks, both, prefix)).chunk(2)
    return noising.x0(x, without + guidance * (with_ - without), t)
