"""Diffusion packages written by hand: their network is perfect for data that is known.

Pictures of a word or class are its pattern plus normal noise of deviation `WIDTH`; a prompt's
pattern is the sum of its words' patterns. The best guess of x0 is p + k (x − α p) with
k = α WIDTH² / (α² WIDTH² + σ²), and the graph answers v = (α x − x0) / σ, at whole times only.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper

from genstudio.numerics import schedules
from tests.helpers.packages import NAMES, PIXELS, SIZE, Builder, config, patterns

WIDTH = 0.2
LENGTH = 4
WORDS = ("alpha", "beta", "gamma")
STRENGTH = 0.6
STEPS = 1000


def table(condition: str) -> np.ndarray:
    """(tokens, pixels): what each token adds to the pattern."""
    shown = patterns() * STRENGTH
    silent = np.zeros((2 if condition == "text" else 1, PIXELS), np.float32)
    return np.concatenate([silent, shown])


def package(folder: Path, condition: str = "text", **more) -> Path:
    """A package; `condition` text, classes or none. `more` goes into the config."""
    builder = Builder()
    if condition != "none":
        _text(builder, condition)
    _unet(builder, condition)
    settings = config(
        condition=condition,
        class_names=list(NAMES) if condition == "classes" else [],
        words=list(WORDS) if condition == "text" else [],
        length=LENGTH if condition == "text" else 1,
        prediction="v",
        schedule="cosine",
        noise_steps=STEPS,
        guidance=1.0,
        distilled=0,
    )
    return builder.write(folder, "diffusion", "image", {**settings, **more}, probe=False)


def _text(builder: Builder, condition: str) -> None:
    length = LENGTH if condition == "text" else 1
    weight = builder.weight("text.table", table(condition))
    nodes = [
        helper.make_node("Constant", [], ["axis"], value_ints=[1]),
        helper.make_node("Gather", [weight, "tokens"], ["each"]),  # (b, length, pixels)
        helper.make_node("ReduceSum", ["each", "axis"], ["pooled"], keepdims=0),
    ]
    outputs: dict = {"pooled": ("batch", PIXELS)}
    if condition == "text":
        nodes.append(helper.make_node("Identity", ["each"], ["context"]))
        outputs["context"] = ("batch", length, PIXELS)
    inputs = {"tokens": ("batch", length)}
    builder.graph("text", nodes, inputs, outputs, [weight], whole=("tokens",))


def _unet(builder: Builder, condition: str) -> None:
    known = schedules.schedule("cosine", STEPS)
    alpha, sigma = known.alphas[:, None], known.sigmas[:, None]
    gain = alpha * WIDTH**2 / (alpha**2 * WIDTH**2 + sigma**2)
    columns = {"alpha": alpha, "sigma": sigma, "gain": gain}
    weights = [builder.weight(f"unet.{name}", value) for name, value in columns.items()]
    nodes = [
        helper.make_node("Flatten", ["x"], ["flat"]),
        helper.make_node("Cast", ["t"], ["place"], to=TensorProto.INT64),
        *(helper.make_node("Gather", [f"unet.{name}", "place"], [name]) for name in columns),
    ]
    inputs: dict = {"x": ("batch", 1, SIZE, SIZE), "t": ("batch",)}
    rest = "flat"
    if condition != "none":
        inputs["pooled"] = ("batch", PIXELS)
        nodes.append(helper.make_node("Mul", ["alpha", "pooled"], ["faint"]))
        nodes.append(helper.make_node("Sub", ["flat", "faint"], ["left"]))
        rest = "left"
    if condition == "text":
        inputs["context"] = ("batch", LENGTH, PIXELS)
    nodes.append(helper.make_node("Mul", ["gain", rest], ["guess" if rest == "left" else "x0"]))
    if condition != "none":
        nodes.append(helper.make_node("Add", ["guess", "pooled"], ["x0"]))
    nodes += [
        helper.make_node("Mul", ["alpha", "flat"], ["share"]),
        helper.make_node("Sub", ["share", "x0"], ["difference"]),
        helper.make_node("Div", ["difference", "sigma"], ["v"]),
        helper.make_node("Constant", [], ["shape"], value_ints=[-1, 1, SIZE, SIZE]),
        helper.make_node("Reshape", ["v", "shape"], ["out"]),
    ]
    builder.graph("unet", nodes, inputs, {"out": ("batch", 1, SIZE, SIZE)}, weights)


def drawn(shown: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """What the exact way makes of noise (b, 1, s, s) for patterns (b, pixels): float (b, 1, s, s).

    The probability flow keeps every number's place in its distribution.
    """
    return shown.reshape(-1, 1, SIZE, SIZE) + WIDTH * noise


def shown(*words: str) -> np.ndarray:
    """(pixels,) the pattern of these words."""
    return sum((patterns()[WORDS.index(word)] for word in words), np.zeros(PIXELS)) * STRENGTH
