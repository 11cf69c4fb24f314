"""Values from foreign text: bounded, finite, printable, or not there at all."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping

from genstudio.core.foreign import MAX_MORE, MAX_PROMPT, MAX_SEED, Foreign
from genstudio.core.stored import Json

MAX_JSON = 1024 * 1024
MAX_DEPTH = 64
_SHORT = 400
_DIGITS = 20


def load_json(text: str) -> Json:
    """The value of a JSON text, or None where it is none, is too large, too deep or not finite."""
    if len(text) > MAX_JSON or not text.lstrip().startswith(("{", "[")):
        return None
    try:
        value: Json = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        return None
    return value if _is_flat(value) else None


def load_object(text: str) -> dict[str, Json]:
    """The object of a JSON text; {} for anything else."""
    value = load_json(text)
    return value if isinstance(value, dict) else {}


def whole(value: Json, low: int = 0, high: int = MAX_SEED) -> int | None:
    """A whole number from `low` to `high`, written as number or text."""
    if isinstance(value, str) and len(value.strip()) <= _DIGITS:
        try:
            value = int(value.strip())
        except ValueError:
            return None
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        value = int(value)
    good = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
    return value if good else None  # type: ignore[return-value]


def number(value: Json, high: float = 1e6) -> float | None:
    """A finite number of at most `high` in size, written as number or text."""
    if isinstance(value, str) and len(value.strip()) <= _DIGITS:
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if abs(value) <= high and math.isfinite(value) else None


def words(value: Json, longest: int = _SHORT) -> str:
    """Text or a number as printable text of at most `longest` characters; "" for anything else."""
    if isinstance(value, bool) or value is None or isinstance(value, (dict, list)):
        return ""
    text = (value if isinstance(value, str) else f"{value:g}").strip()
    if isinstance(value, int):
        text = str(value) if abs(value) < 10**_DIGITS else ""
    text = text[: longest + 1].encode("utf-8", "replace").decode()
    text = "".join(c if c.isprintable() or c in "\n\t" else " " for c in text)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def settings(
    software: str,
    *,
    prompt: Json = "",
    negative: Json = "",
    seed: Json = None,
    steps: Json = None,
    guidance: Json = None,
    sampler: Json = "",
    scheduler: Json = "",
    strength: Json = None,
    model: Json = "",
    size: tuple[Json, Json] = (None, None),
    more: Iterable[tuple[str, Json]] = (),
    notes: Iterable[str] = (),
) -> Foreign:
    """A Foreign from values as found; those that make no sense are left out."""
    named = [(words(label, 60), words(value)) for label, value in more]
    asked = number(strength)
    return Foreign(
        software=words(software) or "another program",
        prompt=words(prompt, MAX_PROMPT),
        negative=words(negative, MAX_PROMPT),
        seed=whole(seed),
        steps=whole(steps, 0, 100_000),
        guidance=number(guidance),
        sampler=words(sampler),
        scheduler=words(scheduler),
        strength=asked if asked is not None and 0 <= asked <= 1 else None,
        model=stem(words(model)),
        width=whole(size[0], 1, 1_000_000),
        height=whole(size[1], 1, 1_000_000),
        more=tuple((label, text) for label, text in named if label and text)[:MAX_MORE],
        notes=tuple(words(note) for note in notes),
    )


def stem(name: str) -> str:
    """The name of a model's file without folders and ending."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    for ending in (".safetensors", ".ckpt", ".gguf", ".pt", ".pth", ".onnx"):
        if last.lower().endswith(ending):
            return last[: -len(ending)]
    return last


def inner(value: Mapping[str, Json], key: str) -> dict[str, Json]:
    """The object at `key`; {} where there is none."""
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def items(value: Json, most: int = 100) -> list[Json]:
    """The first entries of a list; [] for anything else."""
    return value[:most] if isinstance(value, list) else []


def _refuse(name: str) -> Json:
    raise ValueError(f"{name} is no JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:20]} is too large")
    return value


def _is_flat(value: Json) -> bool:
    """True where nothing lies deeper than MAX_DEPTH: deeper values break those who check them."""
    level: list[Json] = [value]
    for _ in range(MAX_DEPTH):
        deeper: list[Json] = []
        for item in level:
            if isinstance(item, dict):
                deeper += item.values()
            elif isinstance(item, list):
                deeper += item
        if not deeper:
            return True
        level = deeper
    return False
