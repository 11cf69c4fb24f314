"""A sketch of the picture, straight from the words: what the U-Net starts from at every step.

A network that only cleans noise learns slowly which word looks how: most of its lessons can be done
without reading. Here the words are also turned into a picture at once, by regression: the mean of
all pictures with such a caption. That is learnt many times faster, and the U-Net, which sees it
beside the noise, has only to make it sharp and one of many. (Whang et al. 2022, "Deblurring via
stochastic refinement", section 3: a first guess by regression, refined by diffusion. There the
network adds to the guess; here it reads it, so that it may also disagree.)

Some captions say everything and leave nothing to guess; others name one thing, and their pictures
differ in all the rest. The error of the second kind cannot be learnt away, and would drown what is
left to learn of the first: so each picture counts by the logarithm of its error (`surprise`).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

COARSE = 8
"""Cells a side from which the sketch is drawn, at most."""
SURE = 1e-3
"""Mean squared error at which a sketch is as good as right: below it nothing is pressed for."""
VAGUE = 0.1
"""Mean squared error of a caption that leaves much open; its pictures weigh as without all this."""


class Sketch(nn.Module):
    """context (b, n, text width) of the words -> a folded picture (b, folded, grid, grid).

    `width` channels at the coarse size. Each word becomes many numbers of its own before they are
    added up (Zaheer et al. 2017, "Deep sets", theorem 2): five things said at once stay apart.
    """

    def __init__(self, seen: int, width: int, folded: int, grid: int) -> None:
        super().__init__()
        self.grid, self.width = grid, width
        self.coarse = grid // 2 if grid % 2 == 0 and grid >= COARSE else grid
        wide, inner = 16 * width, 2 * width
        self.mix = nn.Linear(seen, wide, bias=False)  # an empty place, zeros, adds nothing
        self.lay = nn.Linear(wide, width * self.coarse**2)
        self.conv1 = nn.Conv2d(width, inner, 3, padding=1)
        self.conv2 = nn.Conv2d(inner, inner, 3, padding=1)
        self.conv3 = nn.Conv2d(inner, inner, 3, padding=1)
        self.conv4 = nn.Conv2d(inner, inner, 3, padding=1)
        self.leave = nn.Conv2d(inner, folded, 3, padding=1)

    def forward(self, context: Tensor) -> Tensor:
        """See the class."""
        h = F.silu(self.mix(context)).sum(dim=1) / context.shape[1] ** 0.5  # (b, wide)
        h = self.lay(h).reshape(-1, self.width, self.coarse, self.coarse)
        h = self.conv1(F.silu(h))
        h = h + self.conv2(F.silu(h))
        if self.coarse != self.grid:
            h = F.interpolate(h, scale_factor=2.0, mode="nearest")
        h = h + self.conv4(F.silu(self.conv3(F.silu(h))))
        found: Tensor = self.leave(F.silu(h))
        return found


def missed(sketch: Tensor, pictures: Tensor, patch: int) -> Tensor:
    """Mean squared error (b,) of sketches (b, folded, g, g) as pictures (b, c, s, s)."""
    wanted = F.pixel_unshuffle(pictures, patch)
    error: Tensor = (sketch.float() - wanted).square().mean(dim=(1, 2, 3))
    return error


def surprise(errors: Tensor) -> Tensor:
    """What is learnt from mean squared errors (b,): VAGUE · log(1 + error / SURE), at least 0.

    The negative log-likelihood of a picture under a normal distribution round its sketch, whose
    variance is not given but the likeliest one for this picture (Kendall, Gal 2017, "What
    uncertainties do we need in Bayesian deep learning for computer vision?", equation 5, with the
    variance solved for). Pictures have many pixels, so that errors of one caption are all about
    the same, and the best sketch is still their mean.
    """
    return VAGUE * torch.log1p(errors / SURE)
