"""card.md: what a model was made of and what it cannot do, for people.

The evaluation puts its table in place of what the section "Scores" says here.
"""

from __future__ import annotations

from genstudio.core.manifest import Manifest


def text(manifest: Manifest) -> str:
    """The card of a package that was just trained."""
    title = [f"# {manifest.title}", "", manifest.description or "No description was given."]
    parts = [
        title,
        ["## Scores", "", "Not measured yet: `genstudio evaluate` does it."],
        ["## Data", "", *_data(manifest)],
        ["## Training", "", *_training(manifest)],
        ["## Limits", "", manifest.limits or "None are known; that does not mean none exist."],
        ["## Licence", "", manifest.licence or "Not stated."],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def duration(seconds: float) -> str:
    """ "45 s", "12 min" or "3 h 20 min"."""
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def _data(manifest: Manifest) -> list[str]:
    lines = []
    for data in manifest.trained_on:
        lines.append(f"- {data.name}: {data.count:,} pictures")
        lines.append(f"- Licence of the data: {data.licence or 'not stated'}")
        if data.attribution:
            lines.append(f"- Attribution: {data.attribution}")
        if data.source:
            lines.append(f"- Source: {data.source}")
    return lines or ["Not stated."]


def _training(manifest: Manifest) -> list[str]:
    t = manifest.training
    lines = [
        f"- Family: {manifest.family}; weights stored as {manifest.precision}",
        f"- {t.steps:,} steps of {t.batch} pictures in {duration(t.seconds)}",
        f"- On {t.device}: {t.machine}",
        f"- With {t.software}",
    ]
    if t.parent:
        lines.append(f"- Continued from: {t.parent}")
    return [*lines, "- Train it again: `genstudio train recipe.json`"]
