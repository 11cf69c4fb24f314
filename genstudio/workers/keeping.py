"""What every fast copy ends with: its record, and the files where it kept the bounds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from genstudio.core import fast
from genstudio.core.events import Done
from genstudio.core.manifest import FileEntry, Manifest
from genstudio.core.paths import Home
from genstudio.engine.device import cpu_name


def facts(manifest: Manifest, times: float) -> dict[str, Any]:
    """The fields of a record that do not depend on what the model makes."""
    return {
        "model": manifest.id,
        "key": fast.key(manifest),
        "times": round(times, 3),
        "created": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "machine": cpu_name(),
    }


def kept(
    home: Home, manifest: Manifest, record: fast.FastCopy, graphs: Mapping[str, bytes]
) -> Done:
    """Keep the record and, unless it was refused, its graphs; says so. Raises DiskFull."""
    record = record.model_copy(update={"files": () if record.refused else _entries(graphs)})
    fast.keep(home, manifest, record, {} if record.refused else dict(graphs))
    text = f"Not kept: {record.refused}" if record.refused else record.in_words()
    return Done(data={"fast": record.model_dump(mode="json"), "text": text, "model": manifest.id})


def _entries(graphs: Mapping[str, bytes]) -> tuple[FileEntry, ...]:
    return tuple(
        FileEntry(name=f"{name}.onnx", size=len(data), sha256=hashlib.sha256(data).hexdigest())
        for name, data in graphs.items()
    )
