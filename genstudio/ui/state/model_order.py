"""In which order models stand to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genstudio.core.composing import voices
from genstudio.core.controls import Text

if TYPE_CHECKING:
    from genstudio.studio.library import Model


def in_order(models: list[Model], modalities: tuple[str, ...]) -> list[Model]:
    """Makers, then judges; of each the user's own first, the newest of them before all others.

    Cards beyond the first few are folded away: what somebody has just trained must not be there.
    Of the program's, those that add-ons lie on are the ones to begin with, and add-ons come last;
    of those for music, whoever writes the most voices is at a loss the least; of those for
    pictures, whoever can be told what to draw.
    """
    own = [model for model in models if not model.bundled]
    own.sort(key=lambda model: model.manifest.created, reverse=True)
    bundled = [model for model in models if model.bundled]
    under = [model.manifest.base.id for model in bundled if model.manifest.base]
    bundled.sort(
        key=lambda m: (
            m.manifest.base is not None,
            -under.count(m.id),
            -voices(m.manifest.config),
            not _worded(m),
        )
    )
    return sorted([*own, *bundled], key=lambda model: modalities.index(model.manifest.modality))


def _worded(model: Model) -> bool:
    """Whether what it makes first is asked for in words."""
    controls = model.tasks[0].controls if model.tasks else ()
    return any(isinstance(control, Text) and control.role == "prompt" for control in controls)
