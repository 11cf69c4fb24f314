"""Shards of a batch job put together again, compared by hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from genstudio.core import files
from genstudio.core.errors import BadInput, GenStudioError, NotFound
from genstudio.core.events import Done, Event, Progress
from genstudio.studio.shard_lists import (
    PATTERN,
    Item,
    ShardList,
    check_free,
    read_list,
    total_hash,
)

RESULTS = "results.jsonl"
AT_ONCE = 64


def merge(folders: Iterable[Path], out: Path | None) -> Iterator[Event]:
    """Put the shards in `folders` together in `out` (None: only check them where they are).

    Each file is compared with its hash; an item that two shards made must be the same in both.
    Ends with Done(data={results, sha256}). Raises GenStudioError, NotFound naming what is missing.
    """
    lists = [read_list(p) for folder in folders for p in sorted(folder.glob(PATTERN))]
    if not lists:
        raise NotFound("There are no lists of shards (shard-0-of-2.jsonl …) in these folders")
    _check_complete(lists)
    found: dict[int, tuple[Path, Item]] = {}
    for part in lists:
        for item in (item for items in part.blocks.values() for item in items):
            other = found.setdefault(item.index, (part.folder, item))[1]
            if (other.sha256, other.name) != (item.sha256, item.name):
                raise GenStudioError(
                    f"Two shards made result {item.index} differently",
                    file=part.folder / item.name,
                    next_step="They ran with other versions or on other devices: make one again.",
                )
    ordered = [found[index] for index in sorted(found)]
    for start in range(0, len(ordered), AT_ONCE):
        yield Progress(done=start, total=len(ordered), text="comparing files")
        _copy(ordered[start : start + AT_ONCE], out)
    items = [item for _, item in ordered]
    if out is not None:
        lines = "".join(item.model_dump_json() + "\n" for item in items)
        files.write_text(out / RESULTS, lines)
    yield Progress(done=len(ordered), total=len(ordered))
    yield Done(data={"results": len(items), "sha256": total_hash(items)})


def _check_complete(lists: list[ShardList]) -> None:
    """Raise where lists belong to several jobs, or where blocks of the job are in none."""
    head = lists[0].head
    for part in lists:
        if (part.head.job, part.head.blocks) != (head.job, head.blocks):
            raise GenStudioError(
                "These folders hold shards of different jobs",
                file=part.folder,
                next_step="Merge the folders of one job file.",
            )
    known = set().union(*(part.blocks for part in lists))
    missing = sorted(set(range(head.blocks)) - known)
    if missing:
        of = head.shard.of
        shards = sorted({block % of for block in missing})
        words = ", ".join(f"{number}/{of}" for number in shards[:8])
        raise GenStudioError(
            f"{len(missing)} of {head.blocks} blocks are missing; shards not finished: {words}",
            next_step="Run these shards (again); they go on where they were.",
        )


def _copy(parts: list[tuple[Path, Item]], out: Path | None) -> None:
    """Compare some files with their hashes and write them to `out`."""
    from genstudio.media.documents import sidecar_of

    writes = []
    for folder, item in parts:
        path = folder / item.name
        try:
            data = path.read_bytes()
        except OSError as error:
            raise NotFound(f"{item.name} is gone", file=path) from error
        if hashlib.sha256(data).hexdigest() != item.sha256:
            raise BadInput(
                f"{item.name} has changed since it was made",
                file=path,
                next_step="Remove it and run its shard again.",
            )
        if out is None or (out / item.name).absolute() == path.absolute():
            continue
        check_free(out / item.name, item)
        writes.append((out / item.name, data))
        beside = sidecar_of(path)
        if beside.is_file():
            writes.append((sidecar_of(out / item.name), beside.read_bytes()))
    files.commit([], writes)
