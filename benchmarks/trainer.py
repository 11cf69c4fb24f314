"""What the Trainer costs over a bare hand-written loop of the same network and settings.

Both train the same objective from the same start on the same arrays, in one process, in turns.
The bare loop does what such a loop does: a batch, the loss, backward, a norm, the optimiser, the
moving average, and one look at the loss per step. The Trainer does its events, log, checks for
finite numbers, and notices of a stop besides; checkpoints and samples are beyond both. One thread
and the processor's time, not the clock's: other programs on the machine then count for nothing.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.rows import Row, interleaved
from genstudio import families
from genstudio.core.controls import check_values
from genstudio.core.dataset import DataFacts, Dataset
from genstudio.core.recipe import Recipe
from genstudio.studio import recipes

BATCH, SIZE, COUNT = 64, 28, 2048
STEPS = 5000  # of the training that is measured in part: the log gets a line every few steps
BAR = 5.0


def rows(quick: bool = False) -> Iterator[Row]:
    """One row per family."""
    steps, repeats = (10, 2) if quick else (40, 7)
    for name in families.names():
        pair = _Pair(name, steps)
        pair.bare(), pair.ours()
        found = interleaved({"bare": pair.bare, "ours": pair.ours}, repeats)
        over = (found["ours"] / found["bare"] - 1) * 100
        yield Row(
            f"trainer overhead, {name}",
            over,
            "%",
            BAR,
            note=f"{found['ours'] / steps * 1e3:.1f} against {found['bare'] / steps * 1e3:.1f} ms "
            f"a step, batch {BATCH}, default preset",
        )


class _Pair:
    """The two loops over the same data."""

    def __init__(self, family: str, steps: int) -> None:
        import numpy as np

        self.family, self.steps = family, steps
        random = np.random.default_rng(0)
        self.images = random.integers(0, 256, (COUNT, SIZE, SIZE, 1), dtype=np.uint8)
        self.labels = random.integers(0, 10, COUNT)
        self.classes = tuple(f"class {i}" for i in range(10))
        self.captions = tuple((f"noise {i % 10}",) for i in range(COUNT))
        self.recipe = self._recipe()

    def _recipe(self) -> Recipe:
        made = recipes.from_scratch(self.family, Dataset(name="noise", title="Noise"), "")
        changes = {
            "steps": STEPS,
            "batch": BATCH,
            "sample_every": 0,
            "validate_every": 0,
            "checkpoint_seconds": 1e9,
            "flip": False,
            "warmup": 0.0,
        }
        return made.model_copy(update={"settings": made.settings.model_copy(update=changes)})

    def objective(self) -> Any:
        """A new objective from the same start."""
        import torch

        kind = families.family(self.family)
        known = DataFacts(
            count=COUNT, size=SIZE, channels=1, classes=self.classes, captions=True
        )  # fmt: skip
        facts = {**known.model_dump(), "words": ["noise", "other"]}
        options = check_values(kind.options, self.recipe.options)
        torch.manual_seed(0)
        return families.part(self.family, "objective").make(kind.config(options, facts), options)

    def ours(self) -> float:
        """Seconds of `steps` rounds of the Trainer, between two lines of its log."""
        from genstudio.core.events import Metric
        from genstudio.training import device, trainer

        with tempfile.TemporaryDirectory() as folder:
            made = trainer.Trainer(
                self.recipe, self.objective(), self, None, Path(folder), device.choose("cpu", 1)
            )
            run = made.run()
            seen = []
            for event in run:
                if isinstance(event, Metric):
                    seen.append((event.step, time.process_time()))
                    if event.step > self.steps:
                        break
            run.close()
        (first, began), (last, ended) = seen[0], seen[-1]
        return (ended - began) * self.steps / (last - first)

    def bare(self) -> float:
        """Seconds of a hand-written loop."""
        import torch

        torch.set_num_threads(1)
        objective, settings = self.objective(), self.recipe.settings
        from genstudio.training.objective import Batch, StepInfo

        networks = objective.networks
        for network in networks.values():
            network.to(memory_format=torch.channels_last).train()
        optimisers = {
            phase.networks: torch.optim.AdamW(
                [p for name in phase.networks for p in networks[name].parameters()],
                lr=settings.learning_rate,
                betas=(settings.beta1, settings.beta2),
                fused=True,
            )
            for phase in objective.phases()
        }
        averaged = [p for n in objective.ema for p in networks[n].parameters()]
        average = [p.detach().clone() for p in averaged]
        images = torch.from_numpy(self.images).permute(0, 3, 1, 2)
        labels = torch.from_numpy(self.labels)
        began = time.process_time()
        for step in range(self.steps):
            for phase in objective.phases():
                if step % phase.every:
                    continue
                for name, network in networks.items():
                    network.requires_grad_(name in phase.networks)
                for _ in range(phase.repeats):
                    chosen = torch.randint(COUNT, (BATCH,))
                    said = tuple(self.captions[i] for i in chosen.tolist())
                    images_ = images[chosen].float().div_(127.5).sub_(1)
                    batch = Batch(images_, labels[chosen], said)
                    loss, _ = objective.loss(phase.name, batch, StepInfo(step, STEPS))
                    optimiser = optimisers[phase.networks]
                    optimiser.zero_grad()
                    loss.backward()
                    optimiser.step()
                    loss.item()
            with torch.no_grad():
                torch._foreach_lerp_(average, [p.detach() for p in averaged], 1 - settings.ema)
        return time.process_time() - began
