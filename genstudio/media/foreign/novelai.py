"""NovelAI: `Software` is its name, `Description` the prompt, `Comment` a JSON object."""

from __future__ import annotations

from collections.abc import Mapping

from genstudio.core.foreign import Foreign
from genstudio.core.stored import Json
from genstudio.media.foreign.values import inner, items, load_object, settings, words

NAME = "NovelAI"


def read(texts: Mapping[str, str]) -> Foreign | None:
    """The settings, where the picture says that NovelAI made it."""
    if texts.get("Software", "").strip() != NAME:
        return None
    found = load_object(texts.get("Comment", ""))
    caption = inner(inner(found, "v4_prompt"), "caption")
    return settings(
        NAME,
        prompt=caption.get("base_caption") or found.get("prompt") or texts.get("Description"),
        negative=found.get("uc"),
        seed=found.get("seed"),
        steps=found.get("steps"),
        guidance=found.get("scale"),
        sampler=found.get("sampler"),
        scheduler=found.get("noise_schedule"),
        strength=found.get("strength"),
        model=texts.get("Source"),
        size=(found.get("width"), found.get("height")),
        more=[
            ("Noise", found.get("noise")),
            ("Guidance rescale", found.get("cfg_rescale")),
            *_characters(caption),
        ],
    )


def _characters(caption: Mapping[str, Json]) -> list[tuple[str, Json]]:
    entries = [item for item in items(caption.get("char_captions"), 8) if isinstance(item, dict)]
    return [("Character", words(entry.get("char_caption"))) for entry in entries]
