"""Fooocus: `parameters` as JSON or in A1111's form, `fooocus_scheme` says which.

After its `modules/meta_parser.py` (v2.5); that one evaluates texts such as "(1024, 1024)" as
Python, here only their digits are read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from genstudio.core.foreign import Foreign
from genstudio.core.stored import Json
from genstudio.media import a1111
from genstudio.media.foreign import webui
from genstudio.media.foreign.values import load_object, settings

NAME = "Fooocus"
_SIZE = re.compile(r"(\d{1,6})\D{1,8}(\d{1,6})")
_OWN = {"base_model", "guidance_scale", "performance", "metadata_scheme"}
_MORE = (
    ("Styles", "styles"),
    ("Performance", "performance"),
    ("Sharpness", "sharpness"),
    ("Model hash", "base_model_hash"),
    ("Refiner", "refiner_model"),
    ("Refiner switch", "refiner_switch"),
)


def read(texts: Mapping[str, str]) -> Foreign | None:
    """The settings, told by the scheme or by the names in the JSON."""
    text = texts.get("parameters") or texts.get("comment", "")
    scheme = texts.get("fooocus_scheme", "")
    found = {key.lower().replace(" ", "_"): value for key, value in load_object(text).items()}
    if found and (scheme or len(_OWN & found.keys()) >= 2):
        return _from_json(found)
    if not scheme:
        return None
    pairs = a1111.parse(text)
    if pairs is None:
        return settings(NAME, notes=["the settings of Fooocus are damaged"])
    raw = {"Prompt": "Raw prompt", "Negative prompt": "Raw negative prompt"}
    typed = {name: pairs[source] for name, source in raw.items() if pairs.get(source)}
    return webui.from_pairs(_named(pairs.get("Version")), {**pairs, **typed}, text)


def _from_json(found: Mapping[str, Json]) -> Foreign:
    size = _SIZE.search(str(found.get("resolution", "")))
    loras = [
        ("LoRA", value)
        for key, value in found.items()
        if key.startswith(("lora_combined", "lora_"))
    ]
    named = [*((label, found.get(key)) for label, key in _MORE), *loras]
    return settings(
        _named(found.get("version")),
        prompt=found.get("prompt"),
        negative=found.get("negative_prompt"),
        seed=found.get("seed"),
        steps=found.get("steps"),
        guidance=found.get("guidance_scale"),
        sampler=found.get("sampler"),
        scheduler=found.get("scheduler"),
        model=found.get("base_model"),
        size=(size[1], size[2]) if size else (None, None),
        more=[pair for pair in named if pair[1] != "None"],
    )


def _named(version: Json) -> str:
    """`Fooocus v2.5.3`, whether or not the version says the name."""
    text = str(version or "").strip()
    return text if text.startswith(NAME) else f"{NAME} {text}".strip()
