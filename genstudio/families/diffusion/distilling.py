"""A student that makes a picture in few steps, taught by the model it starts from.

Salimans, Ho 2022, Progressive distillation (section 3, algorithm 2): one step of the student
must land where several DDIM steps of the teacher do. Here the teacher walks the whole stretch
between two steps of the student at once, and its guidance is learnt with it (Meng et al. 2023, On
distillation of guided diffusion models, section 3.1, with one fixed scale), so that the student
asks its network once per step. (Song et al. 2023, Consistency models, algorithm 2, let a student
agree with itself one step of the teacher further on instead. That walks less for each lesson, but
takes many more lessons until all the steps agree.)
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from genstudio.families.diffusion.guiding import Guide, encoded, guided
from genstudio.families.diffusion.noising import Noising
from genstudio.families.diffusion.saying import Sayings
from genstudio.training.objective import Networks

WALK = 4
"""DDIM steps of the teacher for one of the student."""


class Teacher:
    """Frozen copies of the networks of the model that training starts from."""

    def __init__(self, networks: Networks, noising: Noising, steps: int, guide: Guide) -> None:
        self.noising, self.guide = noising, guide
        self.grid = noising.grid(steps)
        self.walk = noising.grid(steps * WALK)
        self.copies = {f"teacher_{name}": name for name in networks}
        self.networks: dict[str, nn.Module] = {
            name: copy.deepcopy(networks[of]) for name, of in self.copies.items()
        }

    def loss(
        self, networks: Networks, x0: Tensor, tokens: Tensor | None, sayings: Sayings
    ) -> Tensor:
        """Squared error between where student and teacher land, as pictures.

        Steps that begin with little noise count by their signal to noise (section 4, "truncated
        SNR"): what they leave over stays in the picture.
        """
        b = len(x0)
        even = (torch.rand((), device=x0.device) + torch.arange(b, device=x0.device) / b) % 1
        place = (even * len(self.grid)).long()  # which step of the student
        return self.miss(networks, x0, torch.randn_like(x0), place, tokens, sayings)

    def miss(
        self, networks: Networks, x0: Tensor, noise: Tensor, place: Tensor,
        tokens: Tensor | None, sayings: Sayings,
    ) -> Tensor:  # fmt: skip
        """The loss where pictures x0 (b, c, s, s) are at the student's steps `place` (b,)."""
        n = self.noising
        t = torch.tensor(self.grid, device=x0.device)[place]
        to = torch.tensor([*self.grid[1:], -1], device=x0.device)[place]
        alpha, sigma = n.parts(t)
        x = alpha * x0 + sigma * noise
        landed = self._walked(networks, x, place, tokens, sayings)
        # The picture that takes one DDIM step to where the teacher landed (algorithm 2).
        ratio = n.step(torch.zeros_like(x), torch.ones_like(x), t, to)  # its weight on arrival
        still = n.step(x, torch.zeros_like(x), t, to)
        wanted = ((landed - still) / ratio).clamp(-1.5, 1.5)
        found = n.x0(x, networks["unet"](x, t, *encoded(networks, tokens)), t)
        weight = (alpha / sigma).square().clamp(min=1)
        return (weight * (found.float() - wanted).square()).mean()

    @torch.no_grad()
    def _walked(
        self, networks: Networks, x: Tensor, place: Tensor, tokens: Tensor | None,
        sayings: Sayings,
    ) -> Tensor:  # fmt: skip
        stops = torch.tensor([*self.walk, -1], device=x.device)
        for i in range(WALK):
            t, to = stops[place * WALK + i], stops[place * WALK + i + 1]
            x0 = guided(
                networks, self.noising, x, t, tokens, sayings, self.guide, prefix="teacher_"
            )
            x = self.noising.step(x, x0.clamp(-1, 1), t, to)
        return x
