"""Asking the network with and without its condition (torch side)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from genstudio.families.diffusion.noising import Noising
from genstudio.families.diffusion.saying import Sayings
from genstudio.training.objective import Networks


@dataclass(frozen=True)
class Guide:
    """How strongly to keep to what is said (1: as the network has learnt), and from where on.

    `first` is the share of the way, 0 to 1, that is gone without guidance: in the noisiest part it
    makes all pictures of a kind alike (Kynkäänniemi et al. 2024, "Applying guidance in a limited
    interval improves sample and distribution quality").
    """

    scale: float = 1.0
    first: float = 0.0

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Guide:
        """That of a model; a distilled one has learnt it. Old models guide all the way."""
        if config["distilled"]:
            return cls()
        return cls(config["guidance"], config.get("guidance_from", 0.0))

    def holds(self, t: Tensor, steps: int) -> Tensor:
        """At which of the steps t (b,), from `steps` - 1 down to 0, it counts: bool (b,)."""
        share = 1 - (t.double() + 1) / steps
        return (share >= self.first) & (self.scale != 1)


def encoded(networks: Networks, tokens: Tensor | None, prefix: str = "") -> tuple[Tensor, ...]:
    """(pooled[, context[, sketch]]) of tokens (b, length), as the U-Net takes them; () without
    tokens."""
    if tokens is None:
        return ()
    found = networks[f"{prefix}text"](tokens)
    return (found[1], found[0], *found[2:]) if isinstance(found, tuple) else (found,)


def guided(
    networks: Networks, noising: Noising, x: Tensor, t: Tensor, tokens: Tensor | None,
    sayings: Sayings, guide: Guide, prefix: str = "",
) -> Tensor:  # fmt: skip
    """The picture that x means, moved away from the unconditional one as far as `guide` says.

    Ho, Salimans 2021, equation 6 with 1 + w = `guide.scale`. Only pictures at steps where guidance
    holds are asked for twice.
    """
    unet = networks[f"{prefix}unet"]
    some = guide.holds(t, noising.steps).nonzero()[:, 0]
    if tokens is None or len(some) == 0:
        return noising.x0(x, unet(x, t, *encoded(networks, tokens, prefix)), t)
    said = torch.cat([tokens, sayings.nothing(len(some), x.device)])
    both = unet(torch.cat([x, x[some]]), torch.cat([t, t[some]]), *encoded(networks, said, prefix))
    asked, plain = both[: len(x)], both[len(x) :]
    out = asked.index_copy(0, some, plain + guide.scale * (asked[some] - plain))
    return noising.x0(x, out, t)
