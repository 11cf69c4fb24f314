"""card.md: what a model was made of, how good it is and what it cannot do, for people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from genstudio.core import files
from genstudio.core.manifest import CARD, MANIFEST, FileEntry, Manifest, Score


def text(manifest: Manifest) -> str:
    """The whole card, from the manifest alone."""
    title = [f"# {manifest.title}", "", manifest.description or "No description was given."]
    parts = [
        title,
        ["## Scores", "", *_scores(manifest.scores)],
        ["## Data", "", *_data(manifest)],
        ["## Training", "", *_training(manifest)],
        ["## Limits", "", manifest.limits or "None are known; that does not mean none exist."],
        ["## Licence", "", manifest.licence or "Not stated."],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def with_scores(folder: Path, scores: Sequence[Score]) -> Manifest:
    """Put `scores` into the package at `folder`: card first, then the manifest, each at once.

    A score of the same metric is replaced. A reader between the two writes sees a card that the
    manifest does not vouch for yet, and says so; the next try repairs it.
    """
    manifest = Manifest.read(folder / MANIFEST)
    fresh = {score.metric: score for score in (*manifest.scores, *scores)}
    manifest = manifest.model_copy(update={"scores": tuple(fresh.values())})
    files.write_text(folder / CARD, text(manifest))
    entry = FileEntry(
        name=CARD,
        size=(folder / CARD).stat().st_size,
        sha256=files.sha256_of(folder / CARD),
    )
    others = tuple(e for e in manifest.files if e.name != CARD)
    kept = tuple(sorted((*others, entry), key=lambda e: e.name))
    manifest = manifest.model_copy(update={"files": kept})
    files.write_bytes(folder / MANIFEST, manifest.to_bytes())
    return manifest


def duration(seconds: float) -> str:
    """ "45 s", "12 min" or "3 h 20 min"."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def _scores(scores: Sequence[Score]) -> list[str]:
    if not scores:
        return ["Not measured yet: `genstudio evaluate` does it."]
    rows = ["| Measure | Value | 95 % interval | Real against real | Better | Samples |"]
    rows.append("|---|---|---|---|---|---|")
    for s in scores:
        span = f"{s.low:.4g} to {s.high:.4g}" if s.low is not None and s.high is not None else ""
        floor = f"{s.floor:.4g}" if s.floor is not None else ""
        unit = f" {s.unit}" if s.unit else ""
        better = s.better and f"{s.better} is better" if s.better != "near" else "near the real"
        count = f"{s.samples:,}" if s.samples else ""
        rows.append(f"| {s.metric} | {s.value:.4g}{unit} | {span} | {floor} | {better} | {count} |")
    notes = [f"- {s.metric}: {s.help}" for s in scores if s.help]
    return [*rows, "", *notes] if notes else rows


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
