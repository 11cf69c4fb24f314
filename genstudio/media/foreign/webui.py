"""stable-diffusion-webui (A1111) and the many that write its `parameters` text (USERS.md 4.1)."""

from __future__ import annotations

from collections.abc import Mapping

from genstudio.core.foreign import Foreign
from genstudio.media import a1111
from genstudio.media.foreign.values import settings

_KNOWN = {
    "Prompt", "Negative prompt", "Seed", "Steps", "CFG scale", "Sampler", "Schedule type",
    "Scheduler", "Denoising strength", "Model", "Size-1", "Size-2", "Version", "Raw prompt",
    "Raw negative prompt",
}  # fmt: skip
_FILLED_IN = ("Clip skip", "RNG")


def read(texts: Mapping[str, str]) -> Foreign | None:
    """The settings of `parameters` or of a comment in its form."""
    text = texts.get("parameters") or texts.get("comment", "")
    pairs = a1111.parse(text)
    if pairs is None:
        return None
    version = pairs.get("Version", "")
    ours = version.startswith("GenStudio")
    return from_pairs(version if ours else f"A1111-style {version}".strip(), pairs, text)


def from_pairs(software: str, pairs: Mapping[str, str], text: str) -> Foreign:
    """The settings of parsed pairs; what the parser filled in and `text` lacks is left out."""
    last = text.strip().rsplit("\n", 1)[-1]
    hidden = {name for name in _FILLED_IN if f"{name}:" not in last} | _KNOWN
    return settings(
        software,
        prompt=pairs.get("Prompt"),
        negative=pairs.get("Negative prompt"),
        seed=pairs.get("Seed"),
        steps=pairs.get("Steps"),
        guidance=pairs.get("CFG scale"),
        sampler=pairs.get("Sampler"),
        scheduler=pairs.get("Schedule type") or pairs.get("Scheduler"),
        strength=pairs.get("Denoising strength"),
        model=pairs.get("Model"),
        size=(pairs.get("Size-1"), pairs.get("Size-2")),
        more=[(name, value) for name, value in pairs.items() if name not in hidden],
    )
