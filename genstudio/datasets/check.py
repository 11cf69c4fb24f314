"""The same look as `ingest.add`, without writing anything."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from genstudio.core.events import Done, Event
from genstudio.datasets.gather import gather
from genstudio.datasets.items import HOLDOUT
from genstudio.datasets.pictures import Findings
from genstudio.datasets.sources import open_source


def report(source: Path, classes: Sequence[str] = ()) -> Iterator[Event]:
    """What `source` would become: Progress, Logs, Done(data=facts and findings)."""
    findings = Findings()
    with contextlib.closing(open_source(source)) as origin:
        data = yield from gather(origin, findings, _in_place, classes)
    yield Done(
        data={
            "count": data.count,
            "valid_count": data.valid_count(HOLDOUT),
            "test_count": data.test_count,
            "size": data.size,
            "channels": data.channels,
            "classes": list(data.class_names),
            "skipped": findings.skipped,
            "findings": [finding.model_dump() for finding in findings.all()],
            "known": data.known.title if data.known else "",
            "licence": data.known.licence if data.known else "",
        }
    )


def _in_place(name: str, data: bytes) -> str:
    return name
