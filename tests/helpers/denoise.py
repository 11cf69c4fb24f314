"""A small text-conditional diffusion objective and captioned pictures to train it on."""

import torch

from genstudio.core.controls import check_values
from genstudio.families.diffusion import family
from genstudio.families.diffusion.objective import DiffusionObjective
from genstudio.training.objective import Batch, StepInfo

OPTIONS = {
    "size": "28", "width": 8, "patch": "4", "text_width": 16, "length": 4, "channels": "1",
    "sketch": "8", "sketch_first": 0.0,
}  # fmt: skip
FACTS = {"size": 28, "channels": 1, "captions": True, "words": ["dark", "bright"]}


def objective(facts=None, **options):
    """An objective with weights from a fixed seed."""
    chosen = check_values(family.OPTIONS, {**OPTIONS, **options})
    torch.manual_seed(3)
    return DiffusionObjective(family.config(chosen, facts or FACTS), chosen)


def dark_and_bright():
    """Sixteen pictures, half dark and half bright, as their captions say."""
    level = torch.tensor([-0.8, 0.8]).repeat(8)
    images = level[:, None, None, None].expand(16, 1, 28, 28).contiguous()
    return Batch(images, torch.arange(16) % 2, (("dark",), ("bright",)) * 8)


def train(made, batch, steps, rate=3e-3):
    """Plain training of what moves; the losses."""
    moving = [p for name in made.moving for p in made.networks[name].parameters()]
    optimiser = torch.optim.AdamW(moving, lr=rate, betas=(0.9, 0.99), weight_decay=0.0)
    torch.manual_seed(0)
    losses = []
    for step in range(steps):
        loss, _ = made.loss("denoise", batch, StepInfo(step, steps))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    return losses
