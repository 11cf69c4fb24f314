"""The `parameters` text of stable-diffusion-webui, de facto standard for image settings.

Order, quoting and the parser's pattern follow its source (USERS.md 4.1); the pattern's parts are
bounded here so that hostile text costs linear time.
"""

from __future__ import annotations

import json
import re

from genstudio.core.artifact import UNFINISHED, Provenance
from genstudio.core.stored import Json

MAX_TEXT = 256 * 1024
SHORT_HASH = 10
# Original: \s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)
_PAIR = re.compile(r'(\w[\w \-/]{1,60}):[ \t]{0,8}("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')
_SIZE = re.compile(r"(\d{1,6})x(\d{1,6})")
_LEAST_PAIRS = 3
# Our control names -> their words, in their order. Seed, Size and Model stand between them.
_BEFORE = {
    "steps": "Steps",
    "sampler": "Sampler",
    "guidance": "CFG scale",
    "cfg_scale": "CFG scale",
}
_AFTER = {
    "variation_seed": "Variation seed",
    "variation": "Variation seed strength",
    "strength": "Denoising strength",
}
_PROMPTS = ("prompt", "negative_prompt")


def write(provenance: Provenance, size: tuple[int, int] | None = None) -> str:
    """The text for one result; `size` is (width, height) of its pixels."""
    request, values = provenance.request, dict(provenance.request.values)
    if not values.get("variation"):
        # Without strength there is no variation, and its other settings say nothing.
        values = {k: value for k, value in values.items() if not k.startswith("variation")}
    pairs: dict[str, Json] = {_BEFORE[k]: values[k] for k in _BEFORE if k in values}
    pairs["Seed"] = request.seed
    if size:
        pairs["Size"] = f"{size[0]}x{size[1]}"
    pairs["Model hash"] = provenance.model_sha256[:SHORT_HASH] or None
    pairs["Model"] = request.model
    pairs |= {_AFTER[k]: values[k] for k in _AFTER if k in values}
    pairs |= {"Task": request.task, "Index": provenance.index}
    known = {*_BEFORE, *_AFTER, *_PROMPTS, "count"}
    for name, value in values.items():
        if name not in known and isinstance(value, (str, int, float)):
            pairs[name.replace("_", " ").capitalize()] = value
    pairs["Unfinished"] = provenance.facts.get(UNFINISHED)
    pairs["Version"] = provenance.app or None
    line = ", ".join(_pair(key, value) for key, value in pairs.items() if value is not None)
    negative = _text(values.get("negative_prompt"))
    lines = [_text(values.get("prompt")), f"Negative prompt: {negative}" if negative else "", line]
    return "\n".join(part for part in lines if part)


def parse(text: str) -> dict[str, str] | None:
    """Prompt, Negative prompt and all settings as text, or None where it is no such text."""
    *above, last = text[:MAX_TEXT].strip().split("\n")
    pairs = _PAIR.findall(last)
    if len(pairs) < _LEAST_PAIRS:
        return None
    prompt: list[str] = []
    negative: list[str] = []
    target = None
    for line in above:
        if target is None and line.strip().startswith("Negative prompt:"):
            target, line = negative, line.strip().removeprefix("Negative prompt:").strip()
        (prompt if target is None else target).append(line.strip())
    found = {"Prompt": "\n".join(prompt), "Negative prompt": "\n".join(negative)}
    for key, value in pairs:
        _put(found, key.strip(), _unquoted(value.strip()))
    # What an absent entry meant when the text was written.
    return {"Clip skip": "1", "RNG": "GPU"} | found


def _put(found: dict[str, str], key: str, value: str) -> None:
    size = _SIZE.fullmatch(value)
    if size:
        found[f"{key}-1"], found[f"{key}-2"] = size.groups()
    else:
        found[key] = value


def _pair(key: str, value: Json) -> str:
    text = str(value)
    return key if key == text else f"{key}: {_quoted(text)}"


def _quoted(text: str) -> str:
    if "," in text or ":" in text or "\n" in text or text.startswith('"'):
        return json.dumps(text, ensure_ascii=False)
    return text


def _unquoted(text: str) -> str:
    if len(text) < 2 or not (text[0] == text[-1] == '"'):
        return text
    try:
        return str(json.loads(text))
    except ValueError:
        return text


def _text(value: Json) -> str:
    return value.strip() if isinstance(value, str) else ""
