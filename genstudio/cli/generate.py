"""`genstudio generate`: a Request from flags, one file per result."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Annotated

import typer

from genstudio.cli import batch, flags, many
from genstudio.cli.running import run
from genstudio.cli.screen import Screen, duration
from genstudio.cli.session import JsonFlag, Session, session_of, spool
from genstudio.core import events, files
from genstudio.core.errors import UsageError
from genstudio.core.request import Request
from genstudio.core.stored import Json


def generate(
    context: typer.Context,
    model: Annotated[
        str, typer.Argument(metavar="[MODEL]", help="Id of a model; see `models list`.")
    ] = "",
    task: Annotated[
        str, typer.Option(help="What to ask; the model's first task if left out.")
    ] = "",
    seed: Annotated[str, typer.Option(help="A whole number, or `random`.")] = "",
    count: Annotated[int | None, typer.Option(help="How many results.")] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A setting of the task; repeat at will."),
    ] = None,
    input_: Annotated[
        list[str] | None,
        typer.Option(
            "--input", metavar="[NAME=]FILE", help="A file the task starts from; or a folder."
        ),
    ] = None,
    prompts: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Prompts, one a line (.txt), or a table (.csv)."),
    ] = None,
    style: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A style around the prompt; see `styles list`; repeat."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the results.")] = Path("."),
    format_: Annotated[
        str, typer.Option("--format", metavar="EXT", help="png, jpg, webp; gif, mp4 for motion.")
    ] = "",
    enlarge: Annotated[
        int, typer.Option(help="Write each pixel as a block: 1, 2, 4, 8 or 16 a side.")
    ] = 1,
    transparent: Annotated[
        str,
        typer.Option(
            metavar="hard|soft", help="Take the background away (PNG, WebP), with such an edge."
        ),
    ] = "",
    tolerance: Annotated[
        int | None,
        typer.Option(help="0 to 100: how far colours may differ from the background's."),
    ] = None,
    job: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.json",
            help="A job file: written from the other flags with MODEL, carried out without.",
        ),
    ] = None,
    shard: Annotated[
        str,
        typer.Option(
            metavar="I/N",
            help="Only this piece of the job: 0/4 … 3/4, or `auto` under torchrun and SLURM.",
        ),
    ] = "",
    json: JsonFlag = False,
) -> None:
    """Make images: files MODEL-SEED-INDEX.EXT in the folder --out, never overwriting.

    Many, by several machines: write a job file once, run its shards anywhere, `merge` the folders.
    """
    session, screen = session_of(context), Screen(json)
    styles = tuple(session.studio.styles.get(name) for name in style or [])
    finish = flags.to_finish(enlarge, transparent, tolerance, format_)
    words = batch.Words(model, task, seed, count, set_ or [], input_ or [], format_, styles, finish)
    if job is not None or shard:
        many.check_alone(prompts)
        batch.command(session, screen, words, job, shard, out)
    elif not model:
        raise UsageError("say which MODEL, or which --job FILE.json")
    elif many.wanted(words, prompts):
        many.command(session, screen, words, prompts, out)
    else:
        _one(session, screen, words, out)


def _one(session: Session, screen: Screen, words: batch.Words, out: Path) -> None:
    """One request, as the flags say it."""
    found = session.studio.library.get(words.model)
    asked = found.task(words.task)
    request = flags.to_request(
        found, asked, words.seed, words.count, words.set_, words.inputs, words.styles
    )
    ext = flags.check_format(asked, words.format)
    with spool() as folder:
        made = generation(session, request, ext, folder, words.finish)
        stream = into_folder(made, request, out)
        done = run(stream, screen, stopped="Stopped; the results so far are kept.")
    screen.show(done)
    screen.remark(f"Done in {duration(done.seconds)}; seed {request.seed}.", human=True)


def generation(
    session: Session,
    request: Request,
    ext: str,
    folder: Path,
    finish: dict[str, Json] | None = None,
) -> Generator[events.Event]:
    """The events of one generation whose results lie in `folder`."""
    body = {
        "request": request.model_dump(mode="json"),
        "level": session.studio.settings.metadata,
        **({"ext": ext} if ext else {}),
        **({"finish": finish} if finish else {}),
    }
    return session.work("generate", "generate", body, folder)


def into_folder(
    stream: Generator[events.Event], request: Request, out: Path
) -> Iterator[events.Event]:
    """Carry each result from the spool to `out` under a free name; other events pass by."""
    with contextlib.closing(stream):
        for event in stream:
            if isinstance(event, events.Result):
                made = Path(event.path)
                name = f"{request.model}-{event.seed}-{event.index}{made.suffix}"
                place = files.write_new(out / name, made.read_bytes())
                yield event.model_copy(update={"path": str(place)})
            elif not isinstance(event, events.Preview):
                yield event
