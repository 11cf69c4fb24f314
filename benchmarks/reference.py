"""The reference library's own network in a package of ours: the same numbers on both sides.

The network is the U-Net of LIBRARIES.md section 6, like that of DDPM (Ho et al. 2020): 29.8 million
parameters, 64 x 64 pixels, about 29 GFLOP a step. It has random weights, which cost as much as
trained ones.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from genstudio.core.manifest import Manifest
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.training import package
from genstudio.training.to_onnx import GraphSpec

GRAPH, STEPS = "unet", 20
FULL = (64, (96, 192, 256, 256), 2)
SMALL = (8, (32, 64), 1)
"""(size, channels by level, blocks a level): what is measured, and one for trying it out."""


class Plain(nn.Module):
    """The reference network with plain tensors in and out."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        """x (b, 3, s, s), t (b,) -> noise (b, 3, s, s)."""
        found: Tensor = self.net(x, t, return_dict=False)[0]
        return found


@dataclass(frozen=True)
class Reference:
    """`network` as the reference library runs it and `folder`, the package that holds the same."""

    network: Plain
    folder: Path
    size: int

    def eager(self, x: Tensor, t: Tensor) -> Tensor:
        """One step in eager torch."""
        with torch.inference_mode():
            found: Tensor = self.network(x, t)
        return found

    def flops(self) -> float:
        """Multiplications and additions of one step on one picture, as torch counts them."""
        from torch.utils.flop_counter import FlopCounterMode

        with FlopCounterMode(display=False) as counter, torch.inference_mode():
            self.network(*self.inputs(1))
        return float(counter.get_total_flops())

    def inputs(self, count: int) -> tuple[Tensor, Tensor]:
        """Noise and a time for `count` pictures."""
        noise = torch.randn(count, 3, self.size, self.size, generator=torch.Generator())
        return noise, torch.full((count,), 500.0)

    def pipeline(self) -> Any:
        """The reference library's DDIM pipeline around the same network, without its bar."""
        from diffusers import DDIMPipeline, DDIMScheduler

        scheduler = DDIMScheduler(1000, beta_schedule="linear", timestep_spacing="trailing")
        pipeline = DDIMPipeline(unet=self.network.net, scheduler=scheduler)
        pipeline.set_progress_bar_config(disable=True)
        return pipeline


def build(folder: Path, quick: bool = False, family: str = "diffusion") -> Reference:
    """The network, and the package `folder` with its fp32 weights, made by the usual export."""
    size, channels, blocks = SMALL if quick else FULL
    with _quiet():
        from diffusers import UNet2DModel

        torch.manual_seed(0)
        plain = len(channels) - 1
        net = UNet2DModel(
            sample_size=size,
            layers_per_block=blocks,
            block_out_channels=channels,
            down_block_types=("DownBlock2D",) * plain + ("AttnDownBlock2D",),
            up_block_types=("AttnUpBlock2D",) + ("UpBlock2D",) * plain,
        ).eval()
    network = Plain(net).eval()
    networks = {GRAPH: network}
    # Both halves of the package must say what samplers of the family read of a config.
    config: dict[str, Any] = {
        "size": size, "channels": 3, "condition": "none", "prediction": "epsilon",
        "schedule": "linear", "noise_steps": 1000, "guidance": 1.0, "distilled": 0,
        "class_names": [], "words": [], "length": 1, "width": channels[0],
    }  # fmt: skip
    settings = TrainerSettings(precision="fp32")
    recipe = Recipe(family=family, model="reference", data="none", settings=settings)

    def specs(nets: Mapping[str, nn.Module]) -> list[GraphSpec]:
        return [GraphSpec(GRAPH, nets[GRAPH], _example(size), ("out",))]

    def describe(**found: Any) -> Manifest:
        return Manifest(
            id="reference", title="Reference network", family=family, modality="image",
            config=config, **found,
        )  # fmt: skip

    package.build(folder, networks, specs, describe, recipe, b"")
    return Reference(network, folder, size)


def _example(size: int) -> Any:
    return lambda n: {"x": torch.randn(n, 3, size, size), "t": torch.rand(n) * 999}


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Importing the reference library warns of things of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
