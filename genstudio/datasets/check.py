"""The same look as `ingest.add`, without writing anything: the report before a drop is added."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from genstudio.core.errors import BadInput
from genstudio.core.events import Done, Event, Preview
from genstudio.core.stored import Json, to_name
from genstudio.datasets import documents
from genstudio.datasets.findings import Findings
from genstudio.datasets.gather import Gathered, Wishes, gather
from genstudio.datasets.items import HOLDOUT
from genstudio.datasets.sources import Source, open_sources, without_archive
from genstudio.media import image
from genstudio.media.reading import printable

EXAMPLES = 12
EXCERPT = 160
ROWS_KEPT = 20_000
SIDE = 96


def report(paths: Sequence[Path], wishes: Wishes = Wishes()) -> Iterator[Event]:  # noqa: B008
    """What `paths` would become: Progress, Logs, Previews of the first pictures, Done(report)."""
    findings, rows = Findings(), _FirstRows()
    with contextlib.closing(open_sources(paths)) as origin:
        data = yield from gather(origin, findings, _in_place, wishes, rows.take)
        excerpts = _excerpts(origin, data, rows)
        for place, picture in enumerate(_first_pictures(origin, data)):
            png = image.thumbnail(picture, SIDE)
            yield Preview(index=place, data=base64.b64encode(png).decode())
        size = sum(origin.size(name) for name in origin.names())
    name = suggested_name(paths)
    yield Done(
        data={
            **_facts(data),
            "examples": _examples(data, excerpts),
            "skipped": findings.skipped,
            "skipped_by": dict(findings.skipped_by),
            "near": findings.near,
            "findings": [finding.model_dump() for finding in findings.all()],
            "personal": dict(findings.personal),
            "known": data.known.title if data.known else "",
            "licence": data.licence,
            "attribution": data.attribution,
            "bytes": size,
            "suggested_name": name,
            "suggested_title": data.known.title if data.known else title_of(name),
        }
    )


def suggested_name(paths: Sequence[Path]) -> str:
    """A name for a dataset made of these paths: that of the file, or of the folder they share."""
    first = paths[0].expanduser().absolute()
    if len(paths) > 1:
        first = first.parent
    stem = first.name if first.is_dir() else without_archive(first.name).partition(".")[0]
    return to_name(printable(stem), "data")


def title_of(name: str) -> str:
    """`name` as a title: meine-bilder -> Meine bilder."""
    return name.replace("-", " ").replace("_", " ").strip().capitalize()


def _facts(data: Gathered) -> dict[str, Json]:
    return {
        "kind": data.kind,
        "count": data.count,
        "valid_count": data.valid_count(HOLDOUT),
        "test_count": data.test_count,
        "size": data.size,
        "channels": data.channels,
        "classes": list(data.class_names),
        "class_counts": dict(data.class_counts()),
        "captions": sum(map(bool, data.words)),
        "columns": list(data.columns),
        "column": data.column,
    }


class _FirstRows:
    """Beginnings of the first rows of a table; a table of millions must not fill the memory."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def take(self, line: bytes) -> None:
        """One line of documents.ROWS_FILE."""
        if len(self.kept) < ROWS_KEPT:
            self.kept.append(_short(str(json.loads(line))))

    def of(self, part: int) -> str:
        """The beginning of row `part`, "" where it was not kept."""
        return self.kept[part] if part < len(self.kept) else ""


def _excerpts(source: Source, data: Gathered, rows: _FirstRows) -> list[str]:
    """First words of the first texts; one that is gone again has none."""
    if data.kind != "text":
        return []
    found = []
    for item in data.items[:EXAMPLES]:
        words = rows.of(item.part) if item.part >= 0 else ""
        if item.part < 0:
            with contextlib.suppress(BadInput):
                read = documents.beginning(source.read(item.path), item.path, 4 * EXCERPT)
                words = _short(read)
        found.append(words)
    return found


def _short(words: str) -> str:
    return printable(" ".join(words[: 4 * EXCERPT].split())[:EXCERPT])


def _examples(data: Gathered, excerpts: Sequence[str]) -> list[Json]:
    labels = [-1] * len(data.tests) if data.labels is None else data.labels.tolist()
    words = data.words or [""] * len(data.tests)
    return [
        {
            "name": printable(data.name_of(n)),
            "caption": printable(words[n]),
            "class": data.class_names[labels[n]] if 0 <= labels[n] < len(data.class_names) else "",
            "excerpt": excerpts[n] if n < len(excerpts) else "",
        }
        for n in range(min(EXAMPLES, len(data.tests)))
    ]


def _first_pictures(source: Source, data: Gathered) -> Iterator[bytes]:
    """PNG or other bytes of the first pictures; one that is gone again is left out."""
    if data.images is not None:
        for pixels in data.images[:EXAMPLES]:
            yield image.png(pixels)
        return
    if data.kind == "image":
        for item in data.items[:EXAMPLES]:
            with contextlib.suppress(BadInput):
                yield source.read(item.path)


def _in_place(name: str, data: bytes) -> str:
    return name
