"""InvokeAI: `invokeai_metadata` (3 and later), `sd-metadata` (2), `Dream` (1) (USERS.md 4.3).

In the older two the negative prompt stands in square brackets within the prompt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from genstudio.core.foreign import Foreign
from genstudio.core.stored import Json
from genstudio.media.foreign.values import inner, items, load_object, settings, words

NAME = "InvokeAI"
MAX_DREAM = 64 * 1024
_NEGATIVE = re.compile(r"\[([^\[\]]*)\]")
_FLAG = re.compile(r"(?:^|\s)-([sSWHCAf])[ =]?([^\s\-]\S{0,40})")


def read(texts: Mapping[str, str]) -> Foreign | None:
    """The newest of the three forms that is there."""
    if any(key.startswith("invokeai_") for key in texts):
        return _newest(load_object(texts.get("invokeai_metadata", "")))
    if "sd-metadata" in texts:
        return _second(load_object(texts["sd-metadata"]))
    return _first(texts["Dream"][:MAX_DREAM]) if "Dream" in texts else None


def _newest(found: Mapping[str, Json]) -> Foreign:
    version = words(found.get("app_version"))
    loras = [_lora(entry) for entry in items(found.get("loras")) if isinstance(entry, dict)]
    return settings(
        f"{NAME} {version}".strip(),
        prompt=found.get("positive_prompt"),
        negative=found.get("negative_prompt"),
        seed=found.get("seed"),
        steps=found.get("steps"),
        guidance=found.get("cfg_scale") if "cfg_scale" in found else found.get("guidance"),
        sampler=found.get("scheduler"),
        strength=found.get("strength"),
        model=_model(found.get("model")),
        size=(found.get("width"), found.get("height")),
        more=[
            ("Mode", found.get("generation_mode")),
            ("Style prompt", found.get("positive_style_prompt")),
            ("Negative style prompt", found.get("negative_style_prompt")),
            ("Guidance rescale", found.get("cfg_rescale_multiplier")),
            *loras,
        ],
    )


def _model(value: Json) -> Json:
    """The name of a model field: plain text in some versions, an object in others."""
    if not isinstance(value, dict):
        return value
    return value.get("name") or value.get("model_name") or _model(value.get("model"))


def _lora(entry: Mapping[str, Json]) -> tuple[str, Json]:
    name = words(_model(entry.get("model") or entry.get("lora")))
    return "LoRA", f"{name} {words(entry.get('weight'))}".strip()


def _second(found: Mapping[str, Json]) -> Foreign:
    image = inner(found, "image")
    prompt = image.get("prompt")
    if isinstance(prompt, list):
        texts = [words(part.get("prompt"), 4000) for part in prompt[:20] if isinstance(part, dict)]
        prompt = ", ".join(text for text in texts if text)
    positive, negative = _apart(prompt if isinstance(prompt, str) else "")
    version = words(found.get("app_version"))
    return settings(
        f"{NAME} {version}".strip(),
        prompt=positive,
        negative=negative,
        seed=image.get("seed"),
        steps=image.get("steps"),
        guidance=image.get("cfg_scale"),
        sampler=image.get("sampler"),
        strength=image.get("strength"),
        model=found.get("model_weights") or found.get("model"),
        size=(image.get("width"), image.get("height")),
        more=[
            ("Model hash", found.get("model_hash")),
            ("Mode", image.get("type")),
            ("Threshold", image.get("threshold")),
            ("Perlin", image.get("perlin")),
        ],
    )


def _first(text: str) -> Foreign:
    """`"a cat [dog]" -s 50 -S 42 -W 512 -H 512 -C 7.5 -A k_lms`; flags may touch their values."""
    prompt, quote, rest = text.strip().rpartition('"')
    if not quote:
        prompt, _, rest = text.partition(" -")
        rest = f" -{rest}"
    flags = dict(_FLAG.findall(rest))
    positive, negative = _apart(prompt.removeprefix('"'))
    return settings(
        NAME,
        prompt=positive,
        negative=negative,
        seed=flags.get("S"),
        steps=flags.get("s"),
        guidance=flags.get("C"),
        sampler=flags.get("A"),
        strength=flags.get("f"),
        size=(flags.get("W"), flags.get("H")),
    )


def _apart(prompt: str) -> tuple[str, str]:
    """(prompt, negative prompt) of a text with the negative parts in square brackets."""
    negative = ", ".join(part.strip() for part in _NEGATIVE.findall(prompt) if part.strip())
    return " ".join(_NEGATIVE.sub(" ", prompt).split()), negative
