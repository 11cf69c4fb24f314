"""`genstudio generate --job` and `genstudio merge`: many results, made by several machines."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from genstudio.cli import flags
from genstudio.cli.running import run
from genstudio.cli.screen import Screen, duration, program
from genstudio.cli.session import JsonFlag, Session
from genstudio.core import events, files
from genstudio.core.batch import BLOCK, MOST, BatchJob, Shard
from genstudio.core.controls import Int
from genstudio.core.errors import BadInput, UsageError
from genstudio.core.stored import Json

if TYPE_CHECKING:
    from genstudio.core.family import Task
    from genstudio.core.style import Style
    from genstudio.studio.library import Model


@dataclass(frozen=True)
class Words:
    """The flags of `generate` as they were typed."""

    model: str
    task: str
    seed: str
    count: int | None
    set_: list[str]
    inputs: list[str]
    format: str
    styles: tuple[Style, ...] = ()
    finish: dict[str, Json] = field(default_factory=dict)
    template: str = ""
    fields: tuple[str, ...] = ()

    @property
    def given(self) -> bool:
        """True where anything but --job, --shard and --out was said."""
        typed = (self.task, self.seed, self.count, self.set_, self.inputs, self.format, self.styles)
        return any(typed) or bool(self.finish or self.template or self.fields)


def command(
    session: Session, screen: Screen, words: Words, job: Path | None, shard: str, out: Path
) -> None:
    """With MODEL: write the job file; without it, or with --shard: make the results."""
    if words.finish:
        raise UsageError("--enlarge and --transparent do not go with --job: export them later")
    if job is None:
        raise UsageError("--shard needs --job FILE.json: all machines must read the same job")
    if words.model:
        wanted = describe(session, words, job)
        if not job.exists():
            files.write_bytes(job, wanted.to_bytes())
        elif not BatchJob.read(job).asks_the_same(wanted):
            raise UsageError(
                f"{job.name} is there already and asks for something else",
                file=job,
                next_step="Choose another name, or leave the other flags out to carry it out.",
            )
        if not shard:
            screen.line(str(job))
            text = f"Next: {program()} generate --job {job} --shard 0/2 --out DIR; then 1/2"
            screen.remark(text, human=True)
            return
    elif words.given:
        raise UsageError("a job file says all of it; leave out every flag but --shard and --out")
    made = BatchJob.read(job)
    piece = from_environment() if shard == "auto" else Shard.parse(shard or "0/1")
    check_model(session.studio.library.get(made.model), made)
    stream = work(session, made, job.absolute().parent, piece, out)
    stopped = "Stopped; the same command goes on where it was."
    done = run(stream, screen, stopped=stopped)
    screen.show(done)
    screen.remark(f"Shard {piece.number}/{piece.of} done.  {summary(done)}", human=True)


def describe(session: Session, words: Words, place: Path) -> BatchJob:
    """The job that the flags ask for; input files are named relative to `place`."""
    model = session.studio.library.get(words.model)
    task: Task = model.task(words.task)
    request = flags.to_request(
        model, task, words.seed, None, words.set_, words.inputs, words.styles
    )
    if words.count is not None:
        flags.check_counts(task)
    count = request.count if words.count is None else words.count
    if not 1 <= count <= MOST:
        raise UsageError(f"a job makes from 1 to {MOST:,} results, not {count:,}")
    home = place.absolute().parent
    inputs = {name: os.path.relpath(path, home) for name, path in request.inputs.items()}
    return BatchJob(
        model=model.id,
        model_sha256=model.manifest.sha256,
        task=task.name,
        values=request.values,
        seed=request.seed,
        count=count,
        inputs=inputs,
        ext=flags.check_format(task, words.format),
        level=session.studio.settings.metadata,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        block=_at_once(task),
    )


def _at_once(task: Task) -> int:
    """How many results of a task go into a block: as many as it makes at once, up to the usual."""
    highest = [c.high for c in task.controls if c.name == "count" and isinstance(c, Int)]
    return min([BLOCK, *highest])


def check_model(model: Model, job: BatchJob) -> None:
    """Refuse a model that only has the same name; raises BadInput."""
    if job.model_sha256 and model.manifest.sha256 != job.model_sha256:
        raise BadInput(
            f"The model {job.model} here is not the one that the job was written for",
            file=model.folder,
            next_step="Install the same package on every machine (`genstudio models export`).",
        )


def from_environment() -> Shard:
    """The piece of this process under torchrun or SLURM; raises UsageError elsewhere."""
    value = os.environ
    if "RANK" in value and "WORLD_SIZE" in value:
        return Shard(number=int(value["RANK"]), of=int(value["WORLD_SIZE"]))
    if "SLURM_ARRAY_TASK_ID" in value:
        first = int(value.get("SLURM_ARRAY_TASK_MIN", "0"))
        count = int(value.get("SLURM_ARRAY_TASK_COUNT", "1"))
        return Shard(number=int(value["SLURM_ARRAY_TASK_ID"]) - first, of=count)
    if "SLURM_PROCID" in value:
        return Shard(number=int(value["SLURM_PROCID"]), of=int(value.get("SLURM_NTASKS", "1")))
    raise UsageError("--shard auto works under torchrun and SLURM; here say --shard 0/2 or so")


def work(
    session: Session, job: BatchJob, base: Path, shard: Shard, out: Path
) -> Iterator[events.Event]:
    """The events of one shard; the model is opened once for all of its blocks."""
    from genstudio.studio import sharding
    from genstudio.workers import inline

    kept: dict[str, Any] = {}

    def generate(body: dict[str, Any], spool: Path) -> Iterator[events.Event]:
        return inline.run("generate", "generate", body, session.home, spool, kept)

    told: events.Event | None = None
    for event in sharding.carry_out(job, base, shard, out, generate):
        if isinstance(event, events.Started):
            if event == told:
                continue  # said for the block before
            told = event
        yield event


def summary(done: events.Done) -> str:
    """Number of results and their common hash."""
    return f"{done.data['results']:,} results, sha256 {done.data['sha256']}"


def merge(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIRS…", help="The folders of all shards of one job.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="Put all results there; left out, they are only checked.")
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Put the shards of a job together, each file compared with its hash."""
    from genstudio.studio import merging

    screen = Screen(json)
    missing = [folder for folder in folders if not folder.is_dir()]
    if missing:
        raise UsageError(f"there is no folder {missing[0]}")
    done = run(merging.merge(folders, out), screen)
    screen.line(summary(done))
    screen.show(done)
    screen.remark(f"Done in {duration(done.seconds)}.", human=True)
