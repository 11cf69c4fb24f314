"""A hand-made package whose generator is made of convolutions: what fast copies are made of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from onnx import helper

from tests.helpers.packages import LATENT, PIXELS, SIZE, Builder, basis, config

CHANNELS = 32


def gan(folder: Path, spread: float = 1.0, half: bool = True) -> Path:
    """image = tanh of four convolutions over z B."""
    random = np.random.default_rng(3)
    builder = Builder(half)
    weights = [
        builder.weight("generator.basis", basis() * 3),
        builder.weight("generator.enter", random.standard_normal((CHANNELS, 1, 3, 3)) / 3),
        builder.weight("generator.middle", _wide(random)),
        builder.weight("generator.before", _wide(random)),
        builder.weight(
            "generator.leave", random.standard_normal((1, CHANNELS, 3, 3)) * spread / 17
        ),
    ]
    nodes = [
        helper.make_node("MatMul", ["z", weights[0]], ["row"]),
        helper.make_node("Constant", [], ["shape"], value_ints=[-1, 1, SIZE, SIZE]),
        helper.make_node("Reshape", ["row", "shape"], ["h0"]),
        *_layer("h0", weights[1], "h1"),
        *_layer("h1", weights[2], "h2"),
        *_layer("h2", weights[3], "h3"),
        *_layer("h3", weights[4], "image"),
    ]
    assert SIZE * SIZE == PIXELS
    inputs, outputs = {"z": ("batch", LATENT)}, {"image": ("batch", 1, SIZE, SIZE)}
    builder.graph("generator", nodes, inputs, outputs, weights)
    return builder.write(folder, "gan", "image", config(class_names=[]), probe=False)


def _wide(random: np.random.Generator) -> np.ndarray:
    return random.standard_normal((CHANNELS, CHANNELS, 3, 3)) / (9 * CHANNELS) ** 0.5


def _layer(before: str, weight: str, after: str) -> list:
    conv = helper.make_node(
        "Conv", [before, weight], [f"{after}.sum"], name=f"conv.{after}", pads=[1, 1, 1, 1]
    )
    return [conv, helper.make_node("Tanh", [f"{after}.sum"], [after])]
