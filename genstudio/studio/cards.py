"""A model's card as a file that stands alone: HTML for people, Markdown for repositories."""

from __future__ import annotations

from pathlib import Path

from genstudio.core import card, evaluations, files
from genstudio.core.errors import BadInput, GenStudioError
from genstudio.core.paths import Home
from genstudio.core.stored import read_limited
from genstudio.studio.library import Model

SUFFIXES = (".html", ".md")
MAX_PICTURE_BYTES = 8 * 1024**2


def export(
    home: Home, model: Model, target: Path, replace: bool = False, pairs: bool = False
) -> Path:
    """Write the card of `model` to `target` (".html" or ".md"); returns where it lies.

    The scores are those of the newest evaluation on this computer. `pairs` puts samples beside
    their nearest training pictures into the HTML: it shows some of the training data.
    Raises BadInput for other suffixes, GenStudioError where the file is there already.
    """
    target = Path(target).absolute()
    kind = target.suffix.lower()
    if kind not in SUFFIXES:
        raise BadInput(
            f"A card is written as HTML or Markdown, not as {kind or 'a file without an ending'}",
            file=target,
            next_step="Name the file something.html or something.md.",
        )
    if target.exists() and not replace:
        raise GenStudioError(
            f"{target.name} is there already", file=target, next_step="Choose another name."
        )
    scores = evaluations.scores(home, model.manifest)
    manifest = model.manifest.model_copy(update={"scores": scores})
    if kind == ".md":
        files.write_text(target, card.to_markdown(manifest))
        return target
    sheet = evaluations.nearest(home, model.manifest) if pairs else None
    sources = {"preview": model.preview, "nearest": sheet}
    images = {
        name: read_limited(path, MAX_PICTURE_BYTES)
        for name, path in sources.items()
        if path is not None and path.is_file()
    }
    files.write_text(target, card.to_html(manifest, images))
    return target
