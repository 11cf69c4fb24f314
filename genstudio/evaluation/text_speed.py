"""How fast a model writes: its first token behind a beginning, then tokens a second."""

from __future__ import annotations

import time

import numpy as np

from genstudio.core.manifest import Score
from genstudio.engine.device import cpu_name
from genstudio.evaluation import intervals
from genstudio.evaluation.registry import metric
from genstudio.evaluation.text_material import TextMaterial

PROMPT, TOKENS = 32, 64
REPEATS = 5


def _timed(material: TextMaterial) -> tuple[np.ndarray, np.ndarray]:
    """(seconds to the first token, tokens a second after it), (r,) each; the first run warms."""
    stepper = material.needed_stepper()
    source = [token for piece in material.pieces for token in piece.tokens]
    room = max(1, min(stepper.context - 1, PROMPT))
    prompt = np.array([source[:room]], np.int64)
    count = max(1, min(TOKENS, stepper.context - prompt.shape[1]))
    firsts, rates = [], []
    for _ in range(REPEATS + 1):
        start = time.perf_counter()
        token = stepper.begin(prompt)[:, -1].argmax(axis=1)
        first = time.perf_counter()
        for _ in range(count):
            token = stepper.step(token).argmax(axis=1)
        firsts.append(first - start)
        rates.append(count / (time.perf_counter() - first))
    return np.array(firsts[1:]), np.array(rates[1:])


@metric(
    "first_token",
    "First token",
    "Milliseconds to the first token behind a beginning of 32 tokens.",
    "unseen text",
)
def first_token(material: TextMaterial) -> list[Score]:
    """Mean of a few beginnings read by the open model."""
    found = 1000 * material.cached("timed", lambda: _timed(material))[0]
    text = f"Milliseconds to read {PROMPT} tokens and give the first, the model being open"
    return [_score(material, "first_token", found, "ms", text)]


@metric(
    "writing_speed",
    "Writing speed",
    "Tokens a second of one draft, on the machine of the measurement.",
    "unseen text",
)
def writing_speed(material: TextMaterial) -> list[Score]:
    """Tokens a second, one after another."""
    found = material.cached("timed", lambda: _timed(material))[1]
    text = "Tokens a second of one draft on the machine of the evaluation, while others may use it"
    return [_score(material, "writing_speed", found, "tokens/s", text)]


def _score(material: TextMaterial, name: str, values: np.ndarray, unit: str, text: str) -> Score:
    device = material.model.device
    low, high = intervals.of_few(values)
    return material.score(
        name,
        float(values.mean()),
        len(values),
        low=max(0.0, low),
        high=high,
        unit=unit,
        better="lower" if unit == "ms" else "higher",
        counted="repeats",
        wrote=False,
        help=text,
        settings={
            "device": device.name,
            "threads": device.threads,
            "machine": cpu_name() or "unknown",
        },
    )
