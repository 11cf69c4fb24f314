"""`genstudio generate`: a Request from flags, one file per result."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from genstudio.cli import batch, flags, many, options, tables, writing
from genstudio.cli import colours as palette
from genstudio.cli.running import Stopping, run
from genstudio.cli.screen import Screen, duration
from genstudio.cli.session import JsonFlag, Session, session_of, spool
from genstudio.core import events
from genstudio.core.errors import UsageError
from genstudio.core.request import Request
from genstudio.core.stored import Json


def generate(
    context: typer.Context,
    model: Annotated[
        str, typer.Argument(metavar="[MODEL]", help="Id of a model; see `models list`.")
    ] = "",
    task: options.Task = "",
    seed: options.Seed = "",
    count: options.Count = None,
    set_: options.Set = None,
    input_: options.Input = None,
    colours: options.Colours = None,
    prompts: options.Prompts = None,
    style: options.Style = None,
    template: options.Template = "",
    field: options.FieldOf = None,
    out: options.OutOrNone = None,
    format_: options.Format = "",
    enlarge: options.Enlarge = 1,
    transparent: options.Transparent = False,
    edge: options.Edge = "",
    tolerance: options.Tolerance = None,
    job: options.Job = None,
    shard: options.ShardOf = "",
    json: JsonFlag = False,
) -> None:
    """Make images, texts, music: files MODEL-SEED-INDEX.EXT in --out (here), never overwriting.

    --out may also name one file, such as piece.mid. A text appears as it is written; it becomes a
    file only where --out or --format says so.
    Many, by several machines: write a job file once, run its shards anywhere, `merge` the folders.
    """
    session, screen, here = session_of(context), Screen(json), out or Path(".")
    styles = tuple(session.studio.styles.get(name) for name in style or [])
    finish = flags.to_finish(enlarge, transparent, edge, tolerance, format_)
    words = batch.Words(model, task, seed, count, set_ or [], input_ or [], format_, styles, finish)
    words = replace(words, template=template, fields=tuple(field or ()))
    if colours is not None:
        words = _coloured(session, screen, words, colours)
    if job is not None or shard:
        many.check_alone(prompts)
        batch.command(session, screen, words, job, shard, here)
    elif not model:
        raise UsageError("say which MODEL, or which --job FILE.json")
    elif tables.wanted(words, prompts, here):
        tables.command(session, screen, words, prompts, here)
    elif many.wanted(words, prompts):
        many.command(session, screen, words, prompts, here)
    else:
        _one(session, screen, tables.filled(session, words), out)


def _coloured(session: Session, screen: Screen, words: batch.Words, picture: Path) -> batch.Words:
    """The same with key and tempo of a picture's colours."""
    if not words.model:
        raise UsageError("--colours needs a MODEL; a job file says all of it already")
    found = palette.settings(session, screen, words.model, words.task, words.set_, picture)
    return replace(words, set_=found)


def _one(session: Session, screen: Screen, words: batch.Words, out: Path | None) -> None:
    """One request, as the flags say it; a text that has no place to go to is only shown."""
    found = session.studio.library.get(words.model)
    asked = found.task(words.task)
    request = flags.to_request(
        found, asked, words.seed, words.count, words.set_, words.inputs, words.styles
    )
    ext = flags.check_format(asked, words.format)
    named = flags.file_suffix(asked, out, ext)
    with spool() as folder:
        stop = Stopping()
        made = generation(session, request, ext or named, folder, words.finish, stop)
        if asked.output == "text" and out is None and not ext:
            stream = writing.streamed(made, request, screen)
        else:
            stream = into_folder(made, request, out or Path("."), one_name=bool(named))
        done = run(stream, screen, stop, stopped="Stopped; the results so far are kept.")
    screen.show(done)
    screen.remark(f"Done in {duration(done.seconds)}; seed {request.seed}.", human=True)


def generation(
    session: Session,
    request: Request,
    ext: str,
    folder: Path,
    finish: dict[str, Json] | None = None,
    stop: Stopping | None = None,
) -> Generator[events.Event]:
    """The events of one generation whose results lie in `folder`; `stop` ends it early."""
    body = {
        "request": request.model_dump(mode="json"),
        "level": session.studio.settings.metadata,
        **({"ext": ext} if ext else {}),
        **({"finish": finish} if finish else {}),
    }
    return session.work("generate", "generate", body, folder, stop)


def into_folder(
    stream: Generator[events.Event], request: Request, out: Path, one_name: bool = False
) -> Iterator[events.Event]:
    """Carry each result from the spool to `out` under a free name; other events pass by.

    `out` is a folder; with `one_name` it is a file, and further results lie beside it.
    """
    from genstudio.studio.exporting import place_result

    with contextlib.closing(stream):
        for event in stream:
            if isinstance(event, events.Result):
                made = Path(event.path)
                name = f"{request.model}-{event.seed}-{event.index}{made.suffix}"
                place = place_result(made, out if one_name else out / name)
                yield event.model_copy(update={"path": str(place)})
            elif not isinstance(event, (events.Preview, events.Words)):
                yield event
