"""All readers in the order in which they are asked: the surest sign first."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from genstudio.core.foreign import Foreign
from genstudio.media.foreign import comfyui, fooocus, invokeai, novelai, webui

Reader = Callable[[Mapping[str, str]], Foreign | None]
READERS: tuple[Reader, ...] = (
    fooocus.read,
    invokeai.read,
    novelai.read,
    webui.read,
    comfyui.read,
)


def read(texts: Mapping[str, str]) -> Foreign | None:
    """The settings that the texts of a picture hold (by keyword), or None where there are none."""
    return next((found for reader in READERS if (found := reader(texts)) is not None), None)
