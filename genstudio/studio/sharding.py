"""A batch job carried out shard by shard; a shard that was killed goes on where it was."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path

from genstudio.core import files
from genstudio.core.batch import BatchJob, Shard
from genstudio.core.errors import GenStudioError
from genstudio.core.events import Done, Event, Log, Preview, Progress, Result, Words
from genstudio.core.stored import Json
from genstudio.studio.shard_lists import (
    END,
    Block,
    Head,
    Item,
    ShardList,
    check_free,
    path_of,
    read_list,
    total_hash,
)

Work = Callable[[dict[str, Json], Path], Iterator[Event]]
"""Events of one generation: its body and the folder for its results."""


def carry_out(
    job: BatchJob, base: Path, shard: Shard, out: Path, work: Work
) -> Generator[Event, None, None]:
    """Make the results of a shard in `out`; `base` is the folder of the job file.

    Blocks that its list names already are skipped. Ends with Done(data={results, sha256, ...}).
    Raises GenStudioError where `out` holds something else under a result's name.
    """
    done = _begin(job, shard, out)
    mine = shard.blocks(job)
    total = sum(job.size(block) for block in mine)
    made = sum(len(found) for found in done.blocks.values())
    if made:
        yield Log(text=f"{made:,} of {total:,} results are there already.")
    yield Progress(done=made, total=total)
    for block in mine:
        if block in done.blocks:
            continue
        with tempfile.TemporaryDirectory(prefix="genstudio-shard-") as spool:
            found = yield from _block(job, base, block, Path(spool), work, made, total)
            items = _keep(job, found, out)
        line = Block(block=block, files=items).model_dump_json()
        files.append_line(path_of(out, shard), line)
        done.blocks[block] = items
        made += len(items)
        for result, item in zip(found, items, strict=True):
            yield result.model_copy(update={"path": str(out / item.name), "index": item.index})
        yield Progress(done=made, total=total)
    if not done.complete:
        files.append_line(path_of(out, shard), END.decode())
    kept = [item for found in done.blocks.values() for item in found]
    yield Done(data={"results": len(kept), "sha256": total_hash(kept), "shard": str(shard.number)})


def _block(
    job: BatchJob, base: Path, block: int, spool: Path, work: Work, made: int, total: int
) -> Generator[Event, None, list[Result]]:
    """Generate one block into `spool`; its results by index."""
    request = job.request(block)
    inputs = {name: str((base / path).absolute()) for name, path in request.inputs.items()}
    body: dict[str, Json] = {
        "request": request.model_copy(update={"inputs": inputs}).model_dump(mode="json"),
        "level": job.level,
        "created": job.created,
        **({"ext": job.ext} if job.ext else {}),
    }
    results: list[Result] = []
    with contextlib.closing(_closable(work(body, spool))) as stream:
        for event in stream:
            if isinstance(event, Result):
                results.append(event)
            elif isinstance(event, Progress):
                share = event.done / event.total if event.total else 0.0
                yield Progress(done=made + share * job.size(block), total=total, text=event.text)
            elif not isinstance(event, Done | Preview | Words):
                yield event
    results.sort(key=lambda result: result.index)
    return [r.model_copy(update={"index": request.first + r.index}) for r in results]


def _closable(stream: Iterator[Event]) -> Generator[Event, None, None]:
    yield from stream


def _keep(job: BatchJob, results: list[Result], out: Path) -> tuple[Item, ...]:
    """Move results from the spool to `out`, safely on the disk when this returns."""
    from genstudio.media.documents import sidecar_of

    digits = len(str(job.first + job.count - 1))
    items, moves = [], []
    for result in results:
        made = Path(result.path)
        name = f"{job.model}-{job.seed}-{result.index:0{digits}}{made.suffix}"
        item = Item(
            index=result.index,
            name=name,
            sha256=files.sha256_of(made),
            size=made.stat().st_size,
        )
        check_free(out / name, item)
        items.append(item)
        moves.append((made, out / name))
        beside = sidecar_of(made)
        if beside.is_file():
            moves.append((beside, sidecar_of(out / name)))
    files.commit(moves, [])
    return tuple(items)


def _begin(job: BatchJob, shard: Shard, out: Path) -> ShardList:
    """The shard's list, begun or gone on with."""
    path = path_of(out, shard)
    head = Head(job=job.sha256, shard=shard, blocks=job.blocks, count=job.count)
    if not path.is_file():
        files.write_text(path, head.model_dump_json() + "\n")
        return ShardList(out, head)
    found = read_list(path)
    if found.head != head:
        raise GenStudioError(
            f"{path.name} belongs to another job",
            file=path,
            next_step="Choose an empty folder with --out.",
        )
    # Written anew, without a torn last line and without blocks whose files are gone.
    found.blocks = {b: items for b, items in found.blocks.items() if _there(out, items)}
    found.complete = False
    lines = [head, *(Block(block=b, files=items) for b, items in found.blocks.items())]
    files.write_text(path, "".join(line.model_dump_json() + "\n" for line in lines))
    return found


def _there(out: Path, items: Iterable[Item]) -> bool:
    return all(
        (out / item.name).is_file() and (out / item.name).stat().st_size == item.size
        for item in items
    )
