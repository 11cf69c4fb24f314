"""Scores into a package: the table of card.md and the list in model.json, all or nothing.

The package is copied with the two files renewed and takes the old one's place (files.new_folder),
so a reader never finds a card that does not fit its manifest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from genstudio.core import files
from genstudio.core.errors import BadInput
from genstudio.core.manifest import CARD, MANIFEST, FileEntry, Manifest, Score
from genstudio.core.stored import Json, read_limited
from genstudio.engine import package_folder

START, END = "<!-- scores -->", "<!-- /scores -->"
HEADING = "## Scores"
MAX_CARD_BYTES = 1024**2


def write_scores(
    folder: Path, scores: Sequence[Score], config: Mapping[str, Json] | None = None
) -> Manifest:
    """Put `scores` into the package (same names replaced, others kept); returns its manifest.

    `config` holds values to add to the manifest's config. Raises BadInput, ReadOnly, DiskFull.
    """
    manifest = package_folder.read_manifest(folder)
    known = {score.metric: score for score in manifest.scores}
    known.update({score.metric: score for score in scores})
    merged = tuple(known.values())
    card = with_table(_card(folder, manifest), merged).encode()
    entry = FileEntry(name=CARD, size=len(card), sha256=hashlib.sha256(card).hexdigest())
    listed = (*(e for e in manifest.files if e.name != CARD), entry)
    renewed = Manifest.model_validate(
        {
            **manifest.model_dump(),
            "scores": merged,
            "files": listed,
            "config": {**manifest.config, **(config or {})},
        }
    )
    with files.new_folder(folder, replace=True) as target:
        for old in manifest.files:
            if old.name != CARD:
                files.copy_file(package_folder.place(folder, old.name), target / old.name)
        files.write_bytes(target / CARD, card)
        files.write_bytes(target / MANIFEST, renewed.to_bytes())
    return renewed


def with_table(text: str, scores: Iterable[Score]) -> str:
    """The card's text with the score table between its two marks.

    Without marks it takes the place of the section "Scores", or is appended.
    """
    block = f"{START}\n{table(scores)}\n{END}"
    if START in text and END in text:
        head, _, rest = text.partition(START)
        _, _, tail = rest.partition(END)
        return head + block + tail
    head, found, rest = text.partition(f"{HEADING}\n")
    if not found:
        return f"{text.rstrip()}\n\n{HEADING}\n\n{block}\n"
    _, following, tail = rest.partition("\n## ")
    return f"{head}{HEADING}\n\n{block}\n{following}{tail}"


def table(scores: Iterable[Score]) -> str:
    """A Markdown table of scores, each explained below it, and how they were measured."""
    rows = list(scores)
    lines = [
        "| Score | Value | 95 % interval | Real pictures | Better | Samples |",
        "|---|---|---|---|---|---|",
    ]
    for s in rows:
        between = "" if s.low is None or s.high is None else f"{number(s.low)} to {number(s.high)}"
        floor = "" if s.floor is None else number(s.floor)
        value = f"{number(s.value)} {s.unit}".strip()
        lines.append(f"| {s.metric} | {value} | {between} | {floor} | {s.better} | {s.samples:,} |")
    lines.append("")
    lines += [f"- **{s.metric}**: {s.help}{_detail(s)}." for s in rows]
    return "\n".join([*lines, *_measured(rows)])


def _measured(rows: Sequence[Score]) -> list[str]:
    """One sentence for each way the scores were measured: data, judge, seed."""
    ways: dict[str, None] = {}
    for score in rows:
        known = score.settings
        if "data" in known:
            words = f"the {known.get('split', 'test')} pictures of {known['data']}"
            ways[f"{words}, seed {known.get('seed', 0)}"] = None
    judges = {
        f"{s.settings['extractor']} ({str(s.settings.get('extractor_sha256', ''))[:10]})": None
        for s in rows
        if "extractor" in s.settings
    }
    lines = [f"Measured on {'; '.join(ways)}."] if ways else []
    if judges:
        lines.append(f"Features and recognition by the judge {', '.join(judges)}.")
    return ["", " ".join(lines)] if lines else []


def number(value: float) -> str:
    """Four significant digits, no exponent where it can be helped."""
    if value and abs(value) < 1e-3:
        return f"{value:.2e}"
    digits = 0 if abs(value) >= 1000 else 4
    return f"{value:,.0f}" if not digits else f"{value:.{digits}g}"


def _detail(score: Score) -> str:
    """What the settings of this score add that a reader needs."""
    words = []
    for key, text in (
        ("psnr_db", "{} dB PSNR"),
        ("first_result_ms", "first picture after {} ms"),
        ("machine", "{}"),
        ("identical", "{} identical to a training picture"),
    ):
        if score.settings.get(key) not in (None, ""):
            words.append(text.format(score.settings[key]))
    by_class = score.settings.get("by_class")
    if isinstance(by_class, dict) and by_class:
        words.append(
            "by class: " + ", ".join(f"{name} {value}" for name, value in by_class.items())
        )
    return f" ({'; '.join(words)})" if words else ""


def _card(folder: Path, manifest: Manifest) -> str:
    if not any(entry.name == CARD for entry in manifest.files):
        return f"# {manifest.title}\n"
    path = package_folder.place(folder, CARD)
    try:
        return read_limited(path, MAX_CARD_BYTES).decode()
    except UnicodeDecodeError as error:
        raise BadInput(f"{CARD} is not text", file=path) from error
