"""The labelled sheet of a sweep: its pictures put together, with provenance like any other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import genstudio
from genstudio.core import files
from genstudio.core.artifact import MetadataLevel, Provenance
from genstudio.core.errors import UsageError
from genstudio.core.series import Series
from genstudio.core.stored import Json
from genstudio.studio.exporting import shareable


def encoded(
    series: Series,
    pictures: Sequence[Path | None],
    like: Provenance | None,
    ext: str = ".png",
    level: MetadataLevel = "full",
) -> bytes:
    """Bytes of the sheet of a sweep; `pictures` are its results by place, None = not there.

    `like` is the provenance of one of them: model, licence and data are the same.
    """
    from genstudio.media import image, sheet

    if series.x is None:
        raise UsageError("Only a sweep has a labelled sheet")
    labels = sheet.Labels(
        title=series.title,
        x=series.x.label,
        columns=series.x.labels,
        y=series.y.label if series.y else "",
        rows=series.y.labels if series.y else (),
        foot=settings_of(series),
    )
    drawn = sheet.draw([None if path is None else _pixels(path) for path in pictures], labels)
    return image.encode(drawn, ext, provenance_of(series, like), level)


def provenance_of(series: Series, like: Provenance | None) -> Provenance:
    """What is written into the sheet: the common request, and both axes among the facts."""
    facts: dict[str, Json] = {
        axis: {"setting": found.name, "find": found.find, "values": list(found.values)}
        for axis, found in (("sweep_x", series.x), ("sweep_y", series.y))
        if found is not None
    }
    change = {
        "app": f"GenStudio {genstudio.__version__}",
        "created": datetime.now().astimezone().isoformat(timespec="seconds"),
        "request": series.base,
        "index": series.base.first,
        "output": "image",
        "facts": facts,
        "group": series.group(0).model_copy(update={"name": "sheet"}),
    }
    if like is None:
        return shareable(Provenance(**change))  # type: ignore[arg-type]
    return shareable(like.model_copy(update=change))


def settings_of(series: Series) -> str:
    """What all cells have in common, in one line."""
    swept = {axis.name for axis in (series.x, series.y) if axis and not axis.find}
    words = [
        f"{name.replace('_', ' ')} {value:g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in series.base.values.items()
        if name not in swept
        and name != "count"
        and not isinstance(value, bool)
        and isinstance(value, (int, float, str))
        and value not in ("", -1)
        and not (name.startswith("variation") and not series.base.values.get("variation"))
    ]
    seed = [] if "seed" in swept else [f"seed {series.base.seed}"]
    return " · ".join([series.base.model, *seed, *words])


def write(
    series: Series,
    pictures: Sequence[Path | None],
    like: Provenance | None,
    target: Path,
    level: MetadataLevel = "full",
) -> Path:
    """Write the sheet into folder `target` under a free name (PNG); returns the path."""
    data = encoded(series, pictures, like, ".png", level)
    return files.write_new(target / f"{series.base.model}-{series.base.seed}-sweep.png", data)


def _pixels(path: Path):  # type: ignore[no-untyped-def]
    """A result's picture: the first frame of an animation."""
    from genstudio.media import image

    if path.suffix.lower() in (".gif", ".mp4"):
        from genstudio.media import animation

        return animation.read(path)[0][0]
    return image.read(path)
